"""The schedule, the status and the figures through the API."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.writes import write_entries
from callrouter.domain.call_filter import Sight
from callrouter.domain.control import Control, Override
from callrouter.domain.report import GroupBy
from callrouter.domain.span import Span
from callrouter.domain.words import Scope, State
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, ringing, whole_story
from tests.people.somebody import NOON
from tests.web.api.program import Desk

UNITS = ["trygghetscenter", "fältgruppen", "brottsofferstöd", "larm"]
LARM = Sight(unit="larm")


def named(told: Any) -> list[str]:
    return [unit["unit"] for unit in told["units"]]


class TestSchedule:
    def test_the_hours_of_a_week(self, desk: Desk) -> None:
        told = desk.program(Scope.SCHEDULE).told("/schedule")
        assert (told["from"], told["to"], told["timezone"]) == ("2026-11-23", "2026-11-29", "Europe/Stockholm")
        schedule = desk.house.loaded.schedule
        assert schedule
        assert (told["schedule_version"], told["errors"]) == (schedule.version, 0)
        assert set(named(told)) == set(UNITS)
        (centre,) = [unit for unit in told["units"] if unit["unit"] == "trygghetscenter"]
        assert centre["windows"][0]["start"] == "2026-11-23T08:00:00+01:00"
        assert centre["explained"] is None

    def test_a_decision_is_explained(self, desk: Desk) -> None:
        told = desk.program(Scope.SCHEDULE).told("/schedule", unit="trygghetscenter", at="2026-12-24T09:00:00+01:00")
        (unit,) = told["units"]
        assert (unit["explained"]["state"], unit["explained"]["decided_by"]) == ("closed", "holiday")
        rings = [place for stop in unit["explained"]["route"] for place in stop["rings"]]
        assert rings
        assert all(place["number"] is None or "****" in place["number"] for place in rings)

    def test_what_is_decided_by_hand_is_explained_too(self, desk: Desk) -> None:
        span = Span(NOON, NOON.replace(hour=20))
        desk.house.control = Control((Override(1, "trygghetscenter", span, State.OPEN, None, "Möte", "anna"),))
        told = desk.program(Scope.SCHEDULE).told("/schedule", unit="trygghetscenter", at="2026-11-23T12:00:00Z")
        assert told["units"][0]["explained"]["decided_by"] == "override"

    def test_a_token_of_a_unit_sees_that_unit(self, desk: Desk) -> None:
        program = desk.program(Scope.SCHEDULE, sight=LARM)
        assert named(program.told("/schedule")) == ["larm"]
        problem = program.problem("/schedule", unit="trygghetscenter")
        assert (problem["status"], "The units that this token may see are: larm." in problem["detail"]) == (404, True)

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ({"from": "2004-12-31"}, "from"),
            ({"to": "2041-01-01"}, "to"),
            ({"from": "2026-11-23", "to": "2026-11-22"}, "to"),
            ({"from": "2026-01-01", "to": "2027-01-02"}, "to"),
            ({"at": "0001-01-01T00:00:00+12:00"}, "at"),
            ({"at": "9999-12-31T23:59:59-12:00"}, "at"),
            ({"at": "2026-11-23T12:00:00"}, "at"),
        ],
    )
    def test_what_nobody_can_answer(self, desk: Desk, query: dict[str, str], parameter: str) -> None:
        told = desk.program(Scope.SCHEDULE).problem("/schedule", **query)
        assert (told["status"], [error["parameter"] for error in told["errors"]]) == (400, [parameter])

    @pytest.mark.parametrize("path", ["/schedule", "/status"])
    def test_without_a_schedule(self, desk: Desk, path: str) -> None:
        desk.house.loaded = replace(desk.house.loaded, schedule=None)
        assert desk.program().problem(path)["detail"].startswith("No schedule is in force")


class TestStatus:
    def test_open_or_closed_why_and_until_when(self, desk: Desk) -> None:
        span = Span(NOON, NOON.replace(hour=20))
        desk.house.control = Control((Override(1, "trygghetscenter", span, State.OPEN, None, "Möte", "anna"),))
        desk.house.conditions = {"recorder": lambda: {"ok": True}, "jobs": lambda: {"ok": False}}
        desk.house.rebuild()
        told = desk.program(Scope.STATUS).told("/status")
        units = {unit["unit"]: unit for unit in told["units"]}
        assert (units["trygghetscenter"]["state"], units["trygghetscenter"]["decided_by"]) == ("open", "override")
        assert [each["why"] for each in units["trygghetscenter"]["overrides"]] == ["Möte"]
        assert (units["larm"]["state"], units["larm"]["until"], units["larm"]["overrides"]) == ("open", None, [])
        assert told["well"] == {"recorder": True, "jobs": False}

    def test_calls_in_progress(self, desk: Desk) -> None:
        call = ringing("CAnow", NOON)
        write_entries(desk.house.database, PSEUDONYMIZER, [Entry(tuple(call.told()), CITIZEN)])
        catch_up(desk.house.database)
        told = desk.program(Scope.STATUS).told("/status")
        assert ("CAnow", CITIZEN.masked) in [(each["call_id"], each["from"]) for each in told["calls_in_progress"]]

    def test_a_token_of_a_unit_sees_that_unit(self, desk: Desk) -> None:
        write_entries(desk.house.database, PSEUDONYMIZER, [Entry(tuple(ringing("CAnow", NOON).told()), CITIZEN)])
        catch_up(desk.house.database)
        told = desk.program(Scope.STATUS, sight=LARM).told("/status")
        assert (named(told), told["calls_in_progress"]) == (["larm"], [])


class TestReports:
    def counted(self, desk: Desk) -> None:
        for number in range(3):
            at = datetime(2026, 11, 20, 18, number, tzinfo=UTC)
            events = whole_story(f"CAcounted{number}", at)
            write_entries(desk.house.database, PSEUDONYMIZER, [Entry((event,), CITIZEN) for event in events])
        catch_up(desk.house.database)

    def test_the_figures_of_this_month(self, desk: Desk) -> None:
        self.counted(desk)
        told = desk.program(Scope.REPORTS).told("/reports")
        assert (told["from"], told["to"], told["unit"], told["origin"]) == ("2026-11-01", "2026-11-23", None, "real")
        assert (told["figures"]["offered"], told["figures"]["answer_rate"]) == (3, 1.0)
        assert (told["groups"], told["offers"]) == (None, None)

    @pytest.mark.parametrize("by", GroupBy)
    def test_told_apart(self, desk: Desk, by: GroupBy) -> None:
        self.counted(desk)
        told = desk.program(Scope.REPORTS).told("/reports", by=by)
        apart, other = ("offers", "groups") if by.is_offer else ("groups", "offers")
        assert told[other] is None
        rang_nobodys_company = by in (GroupBy.COMPANY, GroupBy.PERSON)
        assert sum(each["offered"] for each in told[apart].values()) == (0 if rang_nobodys_company else 3)

    def test_a_token_of_a_unit_sees_the_figures_of_that_unit(self, desk: Desk) -> None:
        self.counted(desk)
        program = desk.program(Scope.REPORTS, sight=LARM)
        assert (program.told("/reports")["unit"], program.told("/reports")["figures"]["offered"]) == ("larm", 0)
        assert set(program.told("/reports", by="unit")["groups"]) <= {"larm"}
        assert program.problem("/reports", unit="centre")["status"] == 404

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ({"from": "2026-11-23", "to": "2026-11-22"}, "to"),
            ({"from": "1969-12-31"}, "from"),
            ({"to": "2200-01-01"}, "to"),
        ],
    )
    def test_what_nobody_can_answer(self, desk: Desk, query: dict[str, str], parameter: str) -> None:
        told = desk.program(Scope.REPORTS).problem("/reports", **query)
        assert parameter in [error["parameter"] for error in told["errors"]]

    def test_a_month_that_is_to_come_is_empty(self, desk: Desk) -> None:
        told = desk.program(Scope.REPORTS).told("/reports", **{"from": date(2027, 1, 1)})
        assert (told["figures"]["offered"], told["to"]) == (0, "2027-01-01")
