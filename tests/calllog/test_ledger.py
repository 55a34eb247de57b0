"""A company's statement: what one computes from the raw events alone; and what is disputed of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from callrouter.calllog.audit import entries, verify
from callrouter.calllog.database import Database
from callrouter.calllog.disputes import (
    DisputedAlreadyError,
    NotOfferedError,
    dispute,
    dispute_numbered,
    disputes_of,
    open_disputes,
    settle,
    was_offered,
    withdraw,
)
from callrouter.calllog.entry import Entry
from callrouter.calllog.holds import hold
from callrouter.calllog.ledger import companies, line_named, statement
from callrouter.calllog.projection import project
from callrouter.calllog.reports import Asked, groups
from callrouter.calllog.statement import NOT_TOLD, statement_data
from callrouter.calllog.tables import CallEventRow, DestructionRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.destination import Contract, Destination, ServiceTarget
from callrouter.domain.ledger import Dispute, Statement
from callrouter.domain.period import Period
from callrouter.domain.report import GroupBy
from callrouter.domain.span import Span
from callrouter.domain.words import Origin
from tests.calllog.aged import Store, run
from tests.calllog.played import played
from tests.calllog.told import CITIZEN, PSEUDONYMIZER
from tests.schedules import DUTY_OFFICER, GUARD_1, GUARD_2, NO_ANSWER, schedule

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
NEW_YEAR = datetime(2025, 12, 31, 23, tzinfo=UTC)  # midnight in Stockholm
NOVEMBER = Period.month(2025, 11)
MONTHS = (NOVEMBER, Period.month(2025, 12), Period.month(2026, 1))
FAST, SLOW = ServiceTarget(0.8, 30), ServiceTarget(0.9, 60)
COMPANIES = ("Nordvakt", "Trygg", "Jour")
CONTRACTS = (
    Contract("Nordvakt", Span(SINCE, NEW_YEAR), (GUARD_1, GUARD_2), FAST),
    Contract("Trygg", Span(NEW_YEAR), (GUARD_2,), SLOW),
)
SCHEDULE = schedule(
    Destination("security", contracts=CONTRACTS, accept_key=True, then="officer"),
    Destination("officer", contracts=(Contract("Jour", Span(SINCE), (DUTY_OFFICER,)),), accept_key=True, then="sorry"),
    Destination("sorry", message=NO_ANSWER),
    open_="officer",
    closed="security",
)


@pytest.fixture
def log(database: Database) -> Database:
    """A hundred calls from the end of October to the beginning of February, many of them about midnight."""
    chance = Random(11)
    stories = []
    for number in range(100):
        at = datetime(2025, 10, 31, 12, tzinfo=UTC) + timedelta(days=chance.randrange(94))
        at += timedelta(hours=chance.choice((0, 10.9, 11.1, 5)), seconds=chance.uniform(0, 900))
        stories.append(played(SCHEDULE, f"CA{number:04}", at, chance))
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(story), CITIZEN) for story in stories])
    project(database, {(event.day, event.call_id) for story in stories for event in story})
    return database


def stated(log: Database, company: str, period: Period = NOVEMBER) -> Statement:
    with log.reading() as connection:
        return statement(connection, company, period, SCHEDULE)


def by_hand(log: Database, company: str, month: str) -> list[dict[str, Any]]:
    """The lines of a statement, from the rows of `call_event` alone, by somebody who has never seen our code."""
    with log.reading() as connection:
        rows = connection.execute(select(CallEventRow.__table__).order_by(CallEventRow.at)).all()
    calls: dict[str, list[Row[Any]]] = {}
    for row in rows:
        calls.setdefault(row.call_id, []).append(row)
    return sorted(
        (line for events in calls.values() for line in line_by_hand(events, company, month)),
        key=lambda line: (line["local_time"], line["call_id"]),
    )


RANKED = ("answered", "dropped", "declined", "screened-out", "no-answer", "busy", "failed", "cancelled")


def line_by_hand(events: list[Row[Any]], company: str, month: str) -> Iterator[dict[str, Any]]:
    (arrived,) = (e for e in events if e.kind == "arrived")
    attempts = {e.facts["attempt"] for e in events if e.kind == "rang" and e.facts["company"] == company}
    if not attempts or not arrived.facts["local_time"].startswith(month):
        return
    own = [e for e in events if e.facts.get("attempt") in attempts]
    ends = [e for e in own if e.kind == "dial-ended"]
    outcome = min((e.facts["outcome"] for e in ends), key=RANKED.index)
    line = {"local_time": arrived.facts["local_time"], "call_id": arrived.call_id, "outcome": outcome}
    seconds, talked = None, 0
    if outcome == "answered":
        rings = min(e.at for e in own if e.kind == "leg" and e.facts["status"] == "ringing")
        (key,) = (e.at for e in own if e.kind == "accepted")
        (over,) = (e.at for e in ends if e.facts["outcome"] == "answered")
        seconds, talked = round((key - rings).total_seconds()), round((over - key).total_seconds())
    yield line | {"seconds_from_first_ring": seconds, "talked_seconds": talked}


class TestBothSidesComputeTheSame:
    def test_line_by_line(self, log: Database) -> None:
        for company in COMPANIES:
            lengths = []
            for period in MONTHS:
                told = statement_data(stated(log, company, period))["calls"]
                expected = by_hand(log, company, f"{period.first:%Y-%m}")
                assert [{key: line[key] for key in expected[0]} for line in told] == expected if expected else not told
                lengths.append(len(told))
            assert sum(lengths) > 10
            assert (company == "Jour") == all(lengths)  # the others have no contract in one of the months

    def test_and_in_sum(self, log: Database) -> None:
        data = statement_data(stated(log, "Nordvakt"))
        lines = by_hand(log, "Nordvakt", "2025-11")
        outcomes = Counter(line["outcome"] for line in lines)
        assert len(outcomes) > 4
        assert data["outcomes"] == {word: outcomes[word] for word in (*RANKED, NOT_TOLD)}
        assert data["offered"] == len(lines)
        assert data["talked_seconds"] == sum(line["talked_seconds"] for line in lines)
        assert data["started_minutes"] == sum(-(-line["talked_seconds"] // 60) for line in lines)
        within = [
            line
            for line in lines
            if line["seconds_from_first_ring"] is not None and line["seconds_from_first_ring"] <= 30
        ]
        (level,) = data["service_levels"]
        assert (level["answered_within"], level["offered"], level["target"]) == (len(within), len(lines), 0.8)
        assert level["met"] == (len(within) / len(lines) >= 0.8)

    def test_and_in_the_counts_that_reports_are_made_of(self, log: Database) -> None:
        for period in MONTHS:
            with log.reading() as connection:
                counted = groups(connection, Asked(period, Origin.REAL), GroupBy.COMPANY)
            stated_of = {company: stated(log, company, period) for company in COMPANIES}
            assert set(counted) == {company for company, made in stated_of.items() if made.offered}
            for company, figures in counted.items():
                made = stated_of[company]
                assert (figures.offered, figures.answered) == (made.offered, made.answer_rate.part)
                assert (figures.talked_seconds, figures.taken.counts) == (made.talked_seconds, made.taken.counts)


def test_a_line_of_the_statement_is_what_the_call_alone_tells(log: Database) -> None:
    """A statement reads the rows of phones, a line by itself the record of its call."""
    for company in COMPANIES:
        lines = [line for period in MONTHS for line in stated(log, company, period).lines]
        with log.reading() as connection:
            assert [line_named(connection, line.call_id, company, SCHEDULE) for line in lines] == lines


def test_what_was_destroyed_since_is_not_passed_over_in_silence(log: Database) -> None:
    offered = [stated(log, "Jour", month).offered for month in MONTHS]
    assert all(offered)
    run(log, Store(), {"calls": "3 months"}, datetime(2026, 3, 20, 2, 30, tzinfo=UTC))
    november, december, january = (stated(log, "Jour", month) for month in MONTHS)
    assert (november.offered, november.gone_before) == (0, date(2025, 12, 20))
    assert december.offered < offered[1]
    assert december.gone_before == date(2025, 12, 20)
    assert (january.offered, january.gone_before) == (offered[2], None)


def test_of_calls_whose_events_alone_were_destroyed_nobody_can_compute_the_lines_again(log: Database) -> None:
    before = [stated(log, "Jour", month) for month in MONTHS]
    assert not any(made.without_events for made in before)
    kept = next(line for line in before[1].lines if line.day < date(2025, 12, 20))
    with log.writing() as connection:
        hold(connection, kept.day, kept.call_id, "anna", "a dispute", NEW_YEAR)
    run(log, Store(), {"events": "3 months"}, datetime(2026, 3, 20, 2, 30, tzinfo=UTC))
    after = [stated(log, "Jour", month) for month in MONTHS]
    assert [made.lines for made in after] == [made.lines for made in before]
    november, december, january = after
    assert (len(november.without_events), january.without_events) == (november.offered, frozenset())
    old = [line for line in december.lines if line.arrived < "2025-12-20"]
    assert 1 < len(old) < december.offered
    assert [line for line in december.lines if not december.has_events(line)] == [line for line in old if line != kept]


@pytest.mark.parametrize(
    ("first", "gone_before"),
    [
        ("2025-12-19", "2025-12-21"),
        ("2025-12-20", "2025-12-21"),
        ("2025-12-21", None),
    ],
)
def test_a_first_day_of_which_some_hours_were_destroyed_is_not_whole(
    log: Database, first: str, gone_before: str | None
) -> None:
    """Without a schedule days are those of UTC: what went by the clocks of Stockholm ends in the middle of one."""
    run(log, Store(), {"calls": "3 months"}, datetime(2026, 3, 20, 2, 30, tzinfo=UTC))
    with log.writing() as connection:
        connection.execute(update(DestructionRow).values(before=datetime(2025, 12, 20, 12, tzinfo=UTC)))
    with log.reading() as connection:
        made = statement(connection, "Jour", Period(date.fromisoformat(first), date(2026, 1, 1)), None)
    assert made.gone_before == (date.fromisoformat(gone_before) if gone_before else None)


def test_no_number_of_a_caller_stands_in_it(log: Database) -> None:
    assert CITIZEN.e164[1:] not in str(statement_data(stated(log, "Nordvakt")))


def test_other_origins_and_calls_in_progress_are_left_out(log: Database) -> None:
    with log.reading() as connection:
        assert statement(connection, "Nordvakt", NOVEMBER, SCHEDULE, Origin.TEST_CALL).offered == 0
    before = stated(log, "Nordvakt").offered
    goes_on = played(SCHEDULE, "CA-now", datetime(2025, 11, 20, 18, tzinfo=UTC), Random(1))[:2]
    write_entries(log, PSEUDONYMIZER, [Entry(tuple(goes_on))])
    project(log, {(goes_on[0].day, "CA-now")})
    assert stated(log, "Nordvakt").offered == before


def test_whom_the_log_knows(log: Database, database: Database) -> None:
    with log.reading() as connection:
        assert companies(connection) == sorted(COMPANIES)
        day, call_id = (line := stated(log, "Nordvakt").lines[0]).day, line.call_id
        assert was_offered(connection, day, call_id, "Nordvakt")
        assert not was_offered(connection, day, call_id, "Trygg")


class TestDispute:
    AT = datetime(2025, 12, 3, 8, tzinfo=UTC)

    def disputed(self, log: Database) -> int:
        line = stated(log, "Nordvakt").lines[3]
        said = Dispute(0, "Nordvakt", "Rang aldrig", "anna", self.AT)
        with log.writing() as connection:
            return dispute(connection, (line.day, line.call_id), said)

    def test_it_marks_the_call_and_changes_no_sum(self, log: Database) -> None:
        before = stated(log, "Nordvakt")
        number = self.disputed(log)
        after = stated(log, "Nordvakt")
        (line,) = after.disputed
        assert line.disputes == (Dispute(number, "Nordvakt", "Rang aldrig", "anna", self.AT),)
        assert line.call_id == before.lines[3].call_id
        assert [(x.call_id, x.outcome, x.talked_seconds) for x in after.lines] == [
            (x.call_id, x.outcome, x.talked_seconds) for x in before.lines
        ]
        assert not stated(log, "Jour").disputed

    def test_it_is_settled_once(self, log: Database) -> None:
        number = self.disputed(log)
        with log.writing() as connection:
            assert settle(connection, number, "Räknas inte", "bo", self.AT + timedelta(days=1))
            assert not settle(connection, number, "Räknas ändå", "bo", self.AT + timedelta(days=2))
            assert not settle(connection, 99, "Räknas inte", "bo", self.AT)
        (line,) = stated(log, "Nordvakt").disputed
        with log.reading() as connection:
            (kept,) = disputes_of(connection, (line.day, line.call_id), "Nordvakt")
        assert (kept.settled_at, kept.settled_by, kept.result) == (self.AT + timedelta(days=1), "bo", "Räknas inte")

    def test_both_are_audited_without_the_words(self, log: Database) -> None:
        number = self.disputed(log)
        with log.writing() as connection:
            settle(connection, number, "Räknas inte", "bo", self.AT)
        with log.reading() as connection:
            deeds = [audited.deed for audited in entries(connection)]
            assert verify(connection).broken_at is None
        call = f"call {stated(log, 'Nordvakt').disputed[0].call_id}"
        assert [(d.who, d.action, d.subject, d.facts) for d in deeds] == [
            ("anna", "dispute", call, {"dispute": number, "company": "Nordvakt"}),
            ("bo", "settle", call, {"dispute": number}),
        ]

    def test_whoever_disputed_it_takes_it_back_once_and_nobody_else_does(self, log: Database) -> None:
        number = self.disputed(log)
        with log.writing() as connection:
            assert not withdraw(connection, number, "Jour", "bo", self.AT)
            assert withdraw(connection, number, "Nordvakt", "anna", self.AT)
            assert not withdraw(connection, number, "Nordvakt", "anna", self.AT)
            assert not settle(connection, number, "Räknas", "bo", self.AT)
            *_, last = entries(connection)
        (line,) = stated(log, "Nordvakt").disputed
        assert [each.state for each in line.disputes] == ["withdrawn"]
        assert (last.deed.action, last.deed.subject) == ("withdraw", f"call {line.call_id}")

    def test_a_call_is_disputed_once_at_a_time_and_by_its_own_company(self, log: Database) -> None:
        number = self.disputed(log)
        line = stated(log, "Nordvakt").lines[3]
        call = line.day, line.call_id
        with log.writing() as connection:
            with pytest.raises(DisputedAlreadyError) as told:
                dispute(connection, call, Dispute(0, "Nordvakt", "Igen", "bo", self.AT))
            with pytest.raises(NotOfferedError):
                dispute(connection, call, Dispute(0, "Trygg", "Inte vårt", "bo", self.AT))
            assert told.value.open.id == number
            assert [(key, each.id) for key, each in open_disputes(connection)] == [(call, number)]
            settle(connection, number, "Räknas", "bo", self.AT)
            assert open_disputes(connection) == []
            assert dispute(connection, call, Dispute(0, "Nordvakt", "Igen", "bo", self.AT)) != number
            assert dispute_numbered(connection, 99) is None
            found = dispute_numbered(connection, number)
        assert found
        assert (found[0], found[1].state) == (call, "settled")
