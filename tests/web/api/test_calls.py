"""Calls through the API: found, paged while others arrive, told whole, and as far as a token may see."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.seen import seen_json, seen_steps
from callrouter.calllog.writes import write_entries
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.words import DecidedBy, Disposition, Origin, Scope, State
from tests.calllog.made_calls import BEGIN, made_call, plainly_found
from tests.calllog.made_calls import keep as keep_calls
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, whole_story
from tests.web.api.program import Desk, Program

NORD = Sight("Nord AB")


def ids(told: Any) -> list[str]:
    return [call["call_id"] for call in told["calls"]]


def expected(desk: Desk, wanted: CallFilter, sight: Sight = EVERYTHING) -> list[str]:
    return [call.record.call_id for call in plainly_found(desk.calls, wanted, sight)]


ASKED: list[tuple[dict[str, str], CallFilter]] = [
    ({}, CallFilter()),
    ({"from": "2026-11-23T12:00:00+01:00"}, CallFilter(since=datetime(2026, 11, 23, 11, tzinfo=UTC))),
    ({"until": "2026-11-23T12:00:00Z"}, CallFilter(until=datetime(2026, 11, 23, 12, tzinfo=UTC))),
    ({"from": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59-23:00"}, CallFilter()),
    ({"unit": "night"}, CallFilter(unit="night")),
    ({"unit": "nowhere"}, CallFilter(unit="nowhere")),
    ({"disposition": "answered"}, CallFilter(disposition=Disposition.ANSWERED)),
    ({"state": "open"}, CallFilter(state=State.OPEN)),
    ({"decided_by": "holiday"}, CallFilter(decided_by=DecidedBy.HOLIDAY)),
    ({"destination": "guard"}, CallFilter(destination="guard")),
    ({"company": "Nord AB"}, CallFilter(company="Nord AB")),
    ({"person": "eva", "answered": "true"}, CallFilter(person="eva", answered=True)),
    ({"origin": "real"}, CallFilter(origin=Origin.REAL)),
    ({"reviewed": "false"}, CallFilter(is_reviewed=False)),
    ({"category": "oro"}, CallFilter(category="oro")),
    ({"follow_up": "true"}, CallFilter(has_follow_up=True)),
]

NOT_ASKED = {"decided_by", "reviewed", "category", "follow_up"}
"""By a company."""


@pytest.mark.parametrize(("query", "wanted"), ASKED, ids=lambda each: str(each)[:40])
def test_what_is_asked_is_found(desk: Desk, query: dict[str, str], wanted: CallFilter) -> None:
    assert ids(desk.program(Scope.CALLS).told("/calls", limit=200, **query)) == expected(desk, wanted)


def test_every_call_is_met_once_while_calls_arrive(desk: Desk) -> None:
    """Some between those that were read, some newer than all: none of them moves a page."""
    program, known = desk.program(Scope.CALLS), expected(desk, CallFilter())
    met: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        told = program.told("/calls", limit=7, **cursor)
        met += ids(told)
        if told["older"] is None:
            break
        cursor = {"cursor": told["older"]}
        desk.keep(3)
    assert len(met) == len(set(met))
    assert [call_id for call_id in met if call_id in known] == known


def test_one_goes_back_the_way_one_came(desk: Desk) -> None:
    program = desk.program(Scope.CALLS)
    first = program.told("/calls", limit=10)
    second = program.told("/calls", limit=10, cursor=first["older"])
    assert ids(program.told("/calls", limit=10, cursor=second["newer"])) == ids(first)
    assert first["newer"] is None


class TestSight:
    @pytest.mark.parametrize("sight", [NORD, Sight(unit="night"), Sight("Nord AB", unit="centre")], ids=str)
    def test_a_limited_token_sees_no_other_call_whatever_it_asks(self, desk: Desk, sight: Sight) -> None:
        program = desk.program(Scope.CALLS, sight=sight)
        for query, wanted in ASKED:
            if sight.company and query.keys() & NOT_ASKED:
                continue
            seen = wanted if wanted.unit or not sight.unit else replace(wanted, unit=sight.unit)
            if sight.company and seen.offered_to:
                seen = replace(seen, company=sight.company)
            assert ids(program.told("/calls", limit=200, **query)) == expected(desk, seen, sight)

    @pytest.mark.parametrize("query", [each for each, _ in ASKED if each.keys() & NOT_ASKED], ids=str)
    def test_a_company_cannot_ask_what_it_is_not_told(self, desk: Desk, query: dict[str, str]) -> None:
        """Which calls are found would tell it what was thought of them."""
        (name,) = query
        errors = desk.program(Scope.CALLS, sight=NORD).problem("/calls", **query)["errors"]
        assert [(each["parameter"], each["expected"]) for each in errors] == [
            (name, "left out: this token is not told it")
        ]

    def test_nor_who_else_was_rung_or_took_a_call(self, desk: Desk) -> None:
        """By a name that it guesses: another company's, its guards', the desk's."""
        program = desk.program(Scope.CALLS, sight=NORD)
        others = {leg.person for call in desk.calls for leg in call.record.legs if leg.company != "Nord AB"}
        desks = {leg.destination for call in desk.calls for leg in call.record.legs if leg.company != "Nord AB"}
        for name, values in (("person", others), ("destination", desks)):
            for value in values - {None}:
                for call in program.told("/calls", limit=200, **{name: value})["calls"]:
                    assert value in [leg[name] for leg in call["legs"]]
                for call in program.told("/calls", limit=200, answered="true", **{name: value})["calls"]:
                    assert call["answered_by"][name] == value
        assert program.ask("/calls", company="Syd AB").status_code == 400

    @pytest.mark.parametrize("sight", [NORD, Sight(unit="night")], ids=str)
    def test_nor_one_whose_id_it_knows(self, desk: Desk, sight: Sight) -> None:
        program, seen = desk.program(Scope.CALLS, sight=sight), set(expected(desk, CallFilter(), sight))
        for call in desk.calls:
            asked = f"/calls/{call.record.day}/{call.record.call_id}"
            assert program.ask(asked).status_code == (200 if call.record.call_id in seen else 404)

    def test_a_company_is_told_of_its_own_phones_alone(self, desk: Desk) -> None:
        told = desk.program(Scope.CALLS, sight=NORD).told("/calls", limit=200)["calls"]
        assert told
        assert {leg["company"] for call in told for leg in call["legs"]} == {"Nord AB"}
        assert {call["answered_by"]["company"] for call in told if call["answered_by"]} == {"Nord AB"}
        house = ("decided_by", "reason", "line", "redial", "reviewed_at", "category")
        assert {call[name] for call in told for name in house} == {None}

    def test_of_the_steps_those_of_its_own_attempts_are_left(self) -> None:
        steps = [
            {"kind": kind, "facts": facts}
            for kind, facts in (
                ("arrived", {"reason": "override 1: closed by anna: sjuk"}),
                ("rang", {"attempt": "1", "company": "Nord AB"}),
                ("leg", {"attempt": "1", "to": "+467******11"}),
                ("rang", {"attempt": "2", "company": "Syd AB"}),
                ("leg", {"attempt": "2", "to": "+467******22"}),
                ("ended", {}),
            )
        ]
        assert [each["facts"] for each in seen_steps(steps, NORD)] == [steps[1]["facts"], steps[2]["facts"]]
        assert seen_steps(steps, Sight(unit="night")) == steps
        assert seen_steps(steps, Sight("Väst AB")) == []

    def test_whoever_sees_everything_sees_it(self) -> None:
        call = {"answered_by": None, "legs": [{"company": "Syd AB"}]}
        assert seen_json(call, EVERYTHING) == call


class TestOneCall:
    def story(self, desk: Desk) -> Any:
        write_entries(
            desk.house.database, PSEUDONYMIZER, [Entry((event,), CITIZEN) for event in whole_story("CAstory")]
        )
        catch_up(desk.house.database)
        return desk.program(Scope.CALLS).told("/calls/2026-11-23/CAstory")

    def test_with_its_legs_and_all_that_happened(self, desk: Desk) -> None:
        told = self.story(desk)
        assert (told["disposition"], told["seconds_to_answer"], told["talked_seconds"]) == ("answered", 20, 60)
        assert [leg["outcome"] for leg in told["legs"]] == ["answered"]
        steps = [(step["kind"], step["status"]) for step in told["timeline"]]
        assert steps == [
            ("arrived", None),
            ("rang", None),
            ("leg", "picked-up"),
            ("leg", "ended"),
            ("hung-up", None),
            ("ended", "completed"),
        ]
        assert [step["at"] for step in told["timeline"]] == sorted(step["at"] for step in told["timeline"])

    def test_no_number_is_told_in_full(self, desk: Desk) -> None:
        assert self.story(desk)["from"] == CITIZEN.masked
        program = Program(desk.house, desk.token(name="another"))
        everything = program.ask("/calls", limit=200).text + program.ask("/calls/2026-11-23/CAstory").text
        assert "+467" in everything
        assert "+46701740" not in everything
        assert "+46846500" not in everything


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"state": "ajar"}, ("state", "ajar", "one of closed, open")),
        ({"limit": "201"}, ("limit", "201", "a whole number from 1 to 200")),
        ({"limit": "0"}, ("limit", "0", "a whole number from 1 to 200")),
        ({"limit": "many"}, ("limit", "many", "a whole number from 1 to 200")),
        ({"reviewed": "1"}, ("reviewed", "1", "true or false")),
        ({"unit": ""}, ("unit", "", "text of at most 200 characters, without control characters")),
        ({"unit": "x\x00"}, ("unit", "x\x00", "text of at most 200 characters, without control characters")),
        ({"unit": "x\n"}, ("unit", "x\n", "text of at most 200 characters, without control characters")),
        ({"untill": "2026-11-23T12:00:00Z"}, ("untill", "2026-11-23T12:00:00Z", "did you mean 'until'?")),
        ({"caller": "anna"}, ("caller", "anna", None)),
        ({"answered": "true"}, ("answered", "true", "destination, company or person beside it: by whom?")),
        ({"cursor": "x"}, ("cursor", "x", "`older` or `newer` of an answer, as it stands there")),
        (
            {"from": "2026-11-23 12:00"},
            (
                "from",
                "2026-11-23 12:00",
                "an instant with its offset, such as 2026-11-23T16:30:00+01:00 (a + is written %2B)",
            ),
        ),
    ],
)
def test_what_is_wrong_is_told(desk: Desk, query: dict[str, str], wrong: tuple[str, str, str | None]) -> None:
    told = desk.program(Scope.CALLS).problem("/calls", **query)
    assert told["status"] == 400
    (error,) = told["errors"]
    assert (error["parameter"], error["found"]) == wrong[:2]
    assert wrong[2] in (None, error["expected"])


def test_all_that_is_wrong_is_told_at_once(desk: Desk) -> None:
    program = desk.program(Scope.CALLS)
    told = program.problem("/calls", limit="x", state="y", z="1")
    assert {error["parameter"] for error in told["errors"]} == {"limit", "state", "z"}
    twice = program.house.app.test_client().get(
        "/api/v1/calls?state=open&state=closed",
        headers={"Authorization": f"Bearer {program.token}"},
        base_url=program.house.public_url,
    )
    assert twice.get_json(force=True)["errors"] == [
        {"parameter": "state", "found": "open, closed", "expected": "one value"}
    ]


def test_a_day_that_is_none(desk: Desk) -> None:
    told = desk.program(Scope.CALLS).problem("/calls/monday/CA1")
    assert told["errors"] == [{"parameter": "day", "found": "monday", "expected": "a date such as 2026-11-23"}]


def test_an_instant_with_many_calls_is_paged_too(desk: Desk) -> None:
    more = [made_call(1000 + n, BEGIN + timedelta(days=9), desk.dice) for n in range(20)]
    with desk.house.database.writing() as connection:
        keep_calls(connection, more)
    desk.calls += more
    program = desk.program(Scope.CALLS)
    first = program.told("/calls", limit=8)
    second = program.told("/calls", limit=8, cursor=first["older"])
    assert ids(first) + ids(second) == expected(desk, CallFilter())[:16]
