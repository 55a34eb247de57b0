"""`callrouter report`: periods as they are typed, the page, tables, and what machines get."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import click
import pytest
from sqlalchemy import update

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.tables import CallerRow, ProjectionRow
from callrouter.cli.problems import Problem
from callrouter.cli.report.heat import heat_map
from callrouter.cli.report.wish import Wish
from callrouter.cli.report.words import bar, table, talk
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.wallclock import instant_of, midnight
from callrouter.domain.words import Disposition, Origin, Outcome
from tests.calllog.export.files import csv_rows
from tests.calllog.records import keep, leg, record, records
from tests.calllog.told import CITIZEN
from tests.cli.by_hand import Desk
from tests.schedules import STOCKHOLM

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "period", "compared"),
    [
        (Wish(), "2026-11-01 to 2026-11-30", "2026-10-01 to 2026-10-23"),
        (Wish(month="2026-10"), "2026-10-01 to 2026-10-31", "2026-09-01 to 2026-09-30"),
        (Wish(month="2026-11"), "2026-11-01 to 2026-11-30", "2026-10-01 to 2026-10-23"),
        (Wish(year=2025), "2025-01-01 to 2025-12-31", "2024-01-01 to 2024-12-31"),
        (Wish(year=2026), "2026-01-01 to 2026-12-31", "2025-01-01 to 2025-11-23"),
        (Wish(last="30d"), "2026-10-25 to 2026-11-23", "2026-09-25 to 2026-10-24"),
        (Wish(last="2w"), "2026-11-10 to 2026-11-23", "2026-10-27 to 2026-11-09"),
        (Wish(since="2026-11-20"), "2026-11-20 to 2026-11-23", "2026-11-16 to 2026-11-19"),
        (Wish(since="2026-11-20", to="2026-11-20"), "2026-11-20", "2026-11-19"),
        (Wish(since="2026-11-20", to="2026-12-20"), "2026-11-20 to 2026-12-20", "2026-11-16 to 2026-11-19"),
    ],
)
def test_a_period_and_what_it_is_compared_with(typed: Wish, period: str, compared: str) -> None:
    assert tuple(map(str, typed.periods(TODAY))) == (period, compared)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (Wish(month="2026-11", year=2026), "Say the period once"),
        (Wish(last="30d", since="2026-11-01"), "Say the period once"),
        (Wish(to="2026-11-01"), "--to needs --from"),
        (Wish(since="2026-11-02", to="2026-11-01"), "--from 2026-11-02 is after --to 2026-11-01."),
        (Wish(since="2026-12-01"), "--from 2026-12-01 is to come."),
        (Wish(since="1/11"), "--from: expected a date such as 2026-11-23, got '1/11'."),
        (Wish(since="0001-01-01"), "--from: expected a date"),
        (Wish(month="2026-13"), "--month: expected a month such as 2026-11, got '2026-13'."),
        (Wish(month="nov"), "--month: expected"),
        (Wish(last="30"), "--last: expected a number of days or weeks such as 30d or 4w, got '30'."),
        (Wish(last="0d"), "--last: expected"),
    ],
)
def test_what_is_no_period_is_told(typed: Wish, said: str) -> None:
    with pytest.raises(Problem) as problem:
        typed.periods(TODAY)
    assert said in problem.value.message


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def log(desk: Desk) -> Desk:
    """Calls of the last ten days, beside the administrator's schedule."""
    database = Database(f"sqlite:///{desk.database}")
    database.prepare()
    keep(database, records(5, 60, clock.now() - timedelta(days=10), 10))
    database.close()
    return desk


class TestPage:
    def test_in_a_pipe_it_is_plain_text(self, log: Desk) -> None:
        page = log.does("report", "--last", "11d")
        assert "\x1b" not in page
        for said in ("offered", "answered by the desk", "target 98.5 % within 60 s", "p95", "busiest", "called again"):
            assert said in page
        assert "compared with" in page

    def test_callers_of_calls_that_were_destroyed_are_not_passed_over_in_silence(self, log: Desk) -> None:
        assert "not whole" not in log.does("report", "--last", "11d")
        gone = (clock.now() - timedelta(days=5)).astimezone(STOCKHOLM).date()
        order = Order("calls", instant_of(midnight(gone), STOCKHOLM), "KS 1", date(2026, 3, 1))
        database = Database(f"sqlite:///{log.database}")
        with database.writing() as connection:
            Protocol("retention", order.before).add(connection, order, Counter({"centre": 1}))
        database.close()
        said = f"not whole: calls from before {gone} were destroyed, callers and all"
        assert said in log.does("report", "--last", "11d")
        assert said not in log.does("report", "--last", "4d")
        callers = json.loads(log.does("report", "--last", "11d", "--json"))["callers"]
        assert callers["calls_destroyed_before"] == str(gone)

    def test_it_tells_what_json_tells(self, log: Desk) -> None:
        data = json.loads(log.does("report", "--last", "11d", "--json"))
        page = log.does("report", "--last", "11d")
        figures = data["figures"]
        assert f"{figures['offered']} offered" in page
        assert f"(n = {figures['seconds_to_answer']['n']})" in page
        assert f"{data['callers']['known']} known; {data['callers']['repeated']}" in page
        ends = ("answered", "messages", "abandoned", "unanswered", "unknown")
        assert sum(figures[end] for end in ends) == figures["offered"]
        assert sum(figures["answered_by_" + who] for who in ("desk", "company", "nobody")) == figures["offered"]

    def test_few_calls_are_marked(self, log: Desk) -> None:
        assert "~ says little" in log.does("report", "--last", "11d", "--by", "day")
        assert "~ says little" not in log.does("report", "--last", "11d", "--by", "heat")


@pytest.mark.parametrize("by", ["unit", "state", "weekday", "hour", "destination", "company", "person", "day", "month"])
def test_each_grouping_as_text_csv_and_json(log: Desk, by: str) -> None:
    typed = ("report", "--last", "11d", "--by", by)
    rows = csv_rows(log.does(*typed, "--csv"))
    groups = json.loads(log.does(*typed, "--json"))["groups"]
    assert [(row[by], int(row["offered"])) for row in rows] == [(group[by], group["offered"]) for group in groups]
    text = log.does(*typed)
    assert all(str(group["offered"]) in text for group in groups)


def test_gaps_are_shown_too(log: Desk) -> None:
    hours = json.loads(log.does("report", "--last", "11d", "--by", "hour", "--json"))["groups"]
    days = json.loads(log.does("report", "--last", "30d", "--by", "day", "--json"))["groups"]
    assert [hour["hour"] for hour in hours] == [f"{hour:02}" for hour in range(24)]
    assert len(days) == 30


class TestNothing:
    def test_it_says_where_calls_are(self, log: Desk) -> None:
        text = log.does("report", "--month", "2020-01")
        assert "no call of origin real" in text
        assert "Calls are counted from" in text
        assert "`--origin phone-network` shows them" in text

    def test_an_unknown_unit_has_neighbours(self, log: Desk) -> None:
        result = log.run("report", "--unit", "center")
        assert result.exit_code == 1
        assert "did you mean 'centre'?" in result.stderr

    def test_a_database_that_is_not_there(self, desk: Desk) -> None:
        result = desk.run("report")
        assert result.exit_code == 1
        assert "The report cannot be made" in result.stderr


def test_calls_that_are_not_folded_yet_are_told_of(log: Desk) -> None:
    database = Database(f"sqlite:///{log.database}")
    behind = clock.now().date() - timedelta(days=8)
    with database.writing() as connection:
        connection.execute(update(ProjectionRow).values(day=behind, at=clock.now() - timedelta(hours=3)))
    database.close()
    result = log.run("report", "--last", "11d")
    assert f"Calls since {behind} may be missing" in result.stderr
    assert log.run("report", "--month", "2020-01").stderr == ""


class TestContract:
    @pytest.fixture
    def log(self, desk: Desk) -> Desk:
        database = Database(f"sqlite:///{desk.database}")
        database.prepare()
        keep(database, [night_call("CAabc1", 3, "Nordvakt"), night_call("CAabd2", 4, "Nordvakt"), desk_call("CAx3")])
        database.close()
        return desk

    def test_a_statement_in_every_form(self, log: Desk) -> None:
        typed = ("report", "contract", "--company", "Nordvakt", "--month", "2026-11")
        assert "offered             2" in log.does(*typed)
        assert len(log.does(*typed, "--csv").splitlines()) == 3
        assert json.loads(log.does(*typed, "--json"))["outcomes"]["answered"] == 2
        assert "Avtalsredovisning" in log.does(*typed, "--html")
        assert "Contract statement" in log.does(*typed, "--html", "--language", "en")

    def test_of_calls_whose_events_were_destroyed_nobody_can_compute_it_again(self, log: Desk) -> None:
        """The calls of this log have none; the protocol says that it was decided so."""
        typed = ("report", "contract", "--company", "Nordvakt", "--month", "2026-11")
        assert "recomputed" not in log.does(*typed)
        order = Order("events", datetime(2026, 11, 20, 23, tzinfo=UTC), "KS 1", date(2026, 3, 1))
        database = Database(f"sqlite:///{log.database}")
        with database.writing() as connection:
            Protocol("retention", order.before).add(connection, order, Counter({"centre": 9}))
        database.close()
        assert "not to be recomputed: the events of 2 of 2 calls were destroyed" in log.does(*typed)
        assert [row["events_destroyed"] for row in csv_rows(log.does(*typed, "--csv"))] == ["yes", "yes"]

    def test_a_company_that_nobody_knows(self, log: Desk) -> None:
        result = log.run("report", "contract", "--company", "Nordvagt", "--month", "2026-11")
        assert (result.exit_code, "did you mean 'Nordvakt'?" in result.stderr) == (1, True)
        assert log.run("report", "contract", "--company", "Nordvakt", "--month", "2026-10").exit_code == 0

    def test_a_dispute_from_beginning_to_end(self, log: Desk) -> None:
        said = log.does("report", "dispute", "CAabc", "--company", "Nordvakt", "--reason", " Rang\naldrig ")
        assert "Dispute 1: call CAabc1 is marked" in said
        statement = ("report", "contract", "--company", "Nordvakt", "--month", "2026-11")
        assert "dispute 1, open: call CAabc1, 2026-11-03 19:00:00: Rang aldrig" in log.does(*statement)
        assert log.does("report", "settle", "1", "--result", "Räknas inte") == "Dispute 1 is settled.\n"
        assert "dispute 1, settled: Räknas inte: call CAabc1" in log.does(*statement)

    def test_a_dispute_is_taken_back(self, log: Desk) -> None:
        log.does("report", "dispute", "CAabc", "--company", "Nordvakt", "--reason", "Rang aldrig")
        assert "no open dispute 1" in log.run("report", "withdraw", "1", "--company", "Trygg").stderr
        assert log.does("report", "withdraw", "1", "--company", "Nordvakt") == "Dispute 1 is withdrawn.\n"
        said = log.does("report", "contract", "--company", "Nordvakt", "--month", "2026-11")
        assert "dispute 1, withdrawn: call CAabc1" in said

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            (("dispute", "CAz", "--company", "Nordvakt", "--reason", "x"), "No call has an id that starts with 'CAz'"),
            (("dispute", "CAab", "--company", "Nordvakt", "--reason", "x"), "More than one call"),
            (("dispute", "CAx3", "--company", "Nordvakt", "--reason", "x"), "was not offered to a company called"),
            (("dispute", "CAabc1", "--company", "Nordvakt", "--reason", " "), "--reason: expected a text"),
            (("dispute", "CAabc1", "--company", "Nordvakt", "--reason", "x" * 999), "--reason: expected at most"),
            (("settle", "7", "--result", "x"), "No dispute 7 is open"),
        ],
    )
    def test_what_cannot_be_disputed(self, log: Desk, typed: tuple[str, ...], said: str) -> None:
        result = log.run("report", *typed)
        assert result.exit_code == 1
        assert said in result.stderr

    def test_the_number_is_in_no_dispute(self, log: Desk) -> None:
        """A company's statement prints it, and it outlives an erasure."""
        database = Database(f"sqlite:///{log.database}")
        with database.writing() as connection:
            connection.execute(update(CallerRow).values(number=CITIZEN.e164))
        database.close()
        typed = ("report", "dispute", "CAabc1", "--company", "Nordvakt", "--reason")
        refused = log.run(*typed, "070-1740650 ringde")
        assert (refused.exit_code, "--reason: leave the number out" in refused.stderr) == (1, True)
        log.does(*typed, "Rang aldrig")
        refused = log.run("report", "settle", "1", "--result", "nej 0701740650")
        assert (refused.exit_code, "--result: leave the number out" in refused.stderr) == (1, True)
        log.does("report", "settle", "1", "--result", "Räknas")

    def test_a_call_is_disputed_once_at_a_time(self, log: Desk) -> None:
        typed = ("report", "dispute", "CAabc1", "--company", "Nordvakt", "--reason", "Rang aldrig")
        log.does(*typed)
        assert "disputed already, by dispute 1: Rang aldrig" in log.run(*typed).stderr
        log.does("report", "settle", "1", "--result", "Räknas")
        assert "Dispute 2" in log.does(*typed)


def desk_call(call_id: str) -> CallRecord:
    at = datetime(2026, 11, 5, 9, tzinfo=UTC)
    told = replace(record(call_id, Random(1), at), origin=Origin.REAL, disposition=Disposition.UNANSWERED)
    return replace(told, legs=(), answered_by=None, seconds_to_answer=None)


def night_call(call_id: str, day: int, company: str) -> CallRecord:
    at = datetime(2026, 11, day, 18, tzinfo=UTC)
    rang = replace(leg(Random(1), at), company=company, destination="guard", outcome=Outcome.ANSWERED, person=None)
    rang = replace(rang, answered_at=at + timedelta(seconds=9), talked_seconds=30)
    return replace(
        desk_call(call_id),
        day=at.date(),
        received_at=at,
        local_time=at.astimezone(STOCKHOLM).isoformat(),
        legs=(rang,),
        disposition=Disposition.ANSWERED,
        answered_by=AnsweredBy("guard", company, None),
        seconds_to_answer=9,
        talked_seconds=30,
    )


class TestDrawn:
    @pytest.mark.parametrize(
        ("part", "whole", "drawn"), [(0, 9, ""), (1, 1000, "▏"), (9, 9, "████"), (5, 10, "██"), (0, 0, "")]
    )
    def test_a_bar_is_as_long_as_its_part(self, part: int, whole: int, drawn: str) -> None:
        assert bar(part, whole, 4) == drawn

    def test_hours_minutes_seconds(self) -> None:
        assert [talk(seconds) for seconds in (0, 59, 3661, 360_000)] == ["0:00:00", "0:00:59", "1:01:01", "100:00:00"]

    def test_a_table_has_straight_columns(self) -> None:
        lines = table(["unit", "n"], [["växel", "1"], ["日本", "100"]])
        assert [click.unstyle(line) for line in lines] == [
            "unit     n",
            "växel    1",
            "日本   100",
        ]

    @pytest.mark.parametrize(
        ("room", "first"), [(16, "a  bb  ccc  dddd"), (15, "a  ccc  dddd"), (12, "a  ccc  dddd"), (11, "a  dddd")]
    )
    def test_what_has_no_room_is_left_out_in_its_order(self, room: int, first: str) -> None:
        heads, row = ["a", "bb", "ccc", "dddd"], ["1", "2", "3", "4"]
        assert click.unstyle(table(heads, [row], spare=(1, 2), room=room)[0]) == first

    def test_the_shades_of_the_heat_map_are_told_in_numbers(self) -> None:
        heat = {"1-08": 1, "3-08": 8, "7-23": 31_000}
        rows = [click.unstyle(line) for line in heat_map(heat)]
        assert rows[9] == "08–09 ░░   1       ·  ░░   8       ·       ·       ·       ·"
        assert rows[24] == "23–00      ·       ·       ·       ·       ·       ·  ██ 31k"
        assert rows[25].split() == ["from", "░░", "1", "▒▒", "7750", "▓▓", "15500", "██", "23250"]

    def test_of_few_calls_few_shades(self) -> None:
        rows = [click.unstyle(line) for line in heat_map({"1-08": 1})]
        assert rows[25].split() == ["from", "██", "1"]
