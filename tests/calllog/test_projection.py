"""The projection: a call's row is what its events fold to, whoever folds, however often, whatever crashed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Row, delete, insert, select, update

from callrouter.calllog.call_rows import leg_rows
from callrouter.calllog.catching_up import unprojected
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallEventRow, CallRow, LegRow, RecordingRow, TallyRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent, LegUpdate, call_ended, message_left
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.tally import RULES
from callrouter.domain.words import EventKind, LegStatus, Origin, Outcome
from tests.calllog.told import PSEUDONYMIZER, arrival, call_rows, midnight, ringing, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1

DAY = CLOSED_HOUR.date()


def write(database: Database, *events: CallEvent) -> None:
    write_entries(database, PSEUDONYMIZER, [Entry(events)])


def as_row(record: CallRecord) -> dict[str, Any]:
    """The columns that a record should become."""
    by = record.answered_by
    plain = asdict(record)
    plain.pop("answered_by")
    plain.pop("recordings")
    return plain | {
        "answered_destination": by.destination if by else None,
        "answered_company": by.company if by else None,
        "answered_person": by.person if by else None,
        "legs": [{name: as_text(value) for name, value in asdict(leg).items()} for leg in record.legs],
        "tallied": RULES,
        "reviewed_at": None,
        "reviewed_by": None,
        "category": None,
    }


def as_text(value: object) -> object:
    """An instant, as JSON has it."""
    return value.isoformat() if isinstance(value, datetime) else value


def as_dict(row: Row[Any]) -> dict[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def test_the_row_is_what_the_events_fold_to(database: Database) -> None:
    story = whole_story()
    write(database, *story)
    assert project(database, {(DAY, "CA1")}) == 1
    (row,) = call_rows(database)
    assert as_dict(row) == as_row(fold(story))
    assert row.disposition == "answered"


def test_each_event_more_folds_the_row_anew(database: Database) -> None:
    story = whole_story()
    for so_far in range(1, len(story) + 1):
        write(database, story[so_far - 1])
        project(database, {(DAY, "CA1")})
        (row,) = call_rows(database)
        assert as_dict(row) == as_row(fold(story[:so_far]))


def test_folding_again_changes_nothing(database: Database) -> None:
    write(database, *whole_story())
    project(database, {(DAY, "CA1")})
    before = call_rows(database)
    for _ in range(2):
        assert project(database, {(DAY, "CA1")}) == 1
    assert call_rows(database) == before


def test_nothing_to_fold(database: Database) -> None:
    assert project(database, set()) == 0
    assert project(database, {(DAY, "CA-unheard-of")}) == 0
    assert call_rows(database) == []


def test_many_calls_come_in_several_transactions(database: Database) -> None:
    write_entries(database, PSEUDONYMIZER, [arrival(f"CA{number:03}") for number in range(120)])
    assert project(database, {(DAY, f"CA{number:03}") for number in range(120)}) == 120
    assert [row.call_id for row in call_rows(database)] == [f"CA{number:03}" for number in range(120)]


class TestTwoDays:
    """A retry that crosses midnight: the call has events under two days, and is one call."""

    before = ringing(at=midnight(24) - timedelta(seconds=1))
    after = ringing(at=midnight(24) + timedelta(seconds=1))

    @pytest.mark.parametrize("order", [(23, 24), (24, 23)])
    def test_it_is_one_row_whichever_is_folded_first(self, database: Database, order: tuple[int, int]) -> None:
        told = {23: self.before, 24: self.after}
        for day in order:
            write(database, *told[day].told())
            project(database, {(date(2026, 11, day), "CA1")})
        (row,) = call_rows(database)
        assert (row.day, row.received_at) == (date(2026, 11, 23), self.before.decision.at)
        assert as_dict(row) == as_row(fold([*self.before.told(), *self.after.told()]))

    def test_it_is_folded_once_when_both_days_are_named(self, database: Database) -> None:
        write(database, *self.before.told(), *self.after.told())
        assert project(database, {(date(2026, 11, 23), "CA1"), (date(2026, 11, 24), "CA1")}) == 1


def test_what_people_wrote_on_the_row_stays(database: Database) -> None:
    first, *others = whole_story()
    write(database, first)
    project(database, {(DAY, "CA1")})
    said = {"reviewed_at": CLOSED_HOUR, "reviewed_by": "anna", "category": "oro"}
    with database.writing() as connection:
        connection.execute(update(CallRow).values(said))
    write(database, *others)
    project(database, {(DAY, "CA1")})
    (row,) = call_rows(database)
    assert as_dict(row) == as_row(fold([first, *others])) | said


def test_a_call_whose_events_have_been_deleted_keeps_its_row(database: Database) -> None:
    """A callback that comes years later knows less than the row."""
    *story, last = whole_story()
    write(database, *story)
    project(database, {(DAY, "CA1")})
    before = call_rows(database)
    with database.writing() as connection:
        connection.execute(delete(CallEventRow))
    write(database, last)
    project(database, {(DAY, "CA1")})
    assert call_rows(database) == before


class TestRowsToFindCallsBy:
    """Legs and recordings stand in tables of their own."""

    def test_each_leg_in_its_place(self, database: Database) -> None:
        story = whole_story()
        write(database, *story)
        project(database, {(DAY, "CA1")})
        record = fold(story)
        with database.reading() as connection:
            legs = [as_dict(row) for row in connection.execute(select(LegRow.__table__).order_by(LegRow.place))]
        assert legs == leg_rows(record)
        assert [leg["person"] for leg in legs] == [leg.person for leg in record.legs]

    def test_a_recording_that_was_deleted_stays_deleted(self, database: Database) -> None:
        """Its arrival may be told again after that."""
        write(database, *ringing().told(), message_left("CA1", "RE1", 9, CLOSED_HOUR))
        project(database, {(DAY, "CA1")})
        with database.writing() as connection:
            connection.execute(update(RecordingRow).values(deleted_at=CLOSED_HOUR))
        write(database, message_left("CA1", "RE1", 10, CLOSED_HOUR, kind=EventKind.RECORDED))
        project(database, {(DAY, "CA1")})
        with database.reading() as connection:
            (row,) = connection.execute(select(RecordingRow.__table__)).all()
        assert (row.sid, row.seconds, row.deleted_at) == ("RE1", 10, CLOSED_HOUR)


class TestUnfoldable:
    """A call that this release cannot fold takes no other with it."""

    @pytest.mark.parametrize(
        "odd",
        [
            {"kind": "sung"},
            {"facts": {}},
            {"facts": None},
            {"kind": "ended", "facts": {"seconds": "soon"}},
            {"kind": "ended", "facts": {"seconds": 10**30}},
        ],
        ids=str,
    )
    def test_it_is_told_and_left_out(
        self, database: Database, odd: dict[str, Any], caplog: pytest.LogCaptureFixture
    ) -> None:
        row = {"day": DAY, "call_id": "CA-odd", "id": "1", "kind": "arrived", "at": CLOSED_HOUR, "facts": {}}
        with database.writing() as connection:
            connection.execute(insert(CallEventRow), [row | odd])
        write(database, *ringing("CA-a").told())
        write(database, *ringing("CA-z").told())
        keys = {(DAY, call_id) for call_id in ("CA-a", "CA-odd", "CA-z")}
        assert project(database, keys) == 2
        assert [row.call_id for row in call_rows(database)] == ["CA-a", "CA-z"]
        (line,) = caplog.messages
        assert line.startswith("call CA-odd cannot be folded: ")

    def test_a_number_too_great_for_its_column(self, database: Database) -> None:
        """PostgreSQL refuses it when the row is written; SQLite has wider columns."""
        call = ringing("CA-odd")
        update = LegUpdate(LegStatus.ENDED, "CA9", Outcome.ANSWERED, 2**33)
        write(database, *call.told(), call.leg(GUARD_1.e164, update, CLOSED_HOUR))
        write(database, *ringing("CA-good").told())
        expected = 2 if database.is_sqlite else 1
        assert project(database, {(DAY, "CA-odd"), (DAY, "CA-good")}) == expected

    def test_a_database_that_is_away_is_no_fault_of_the_call(self, empty_url: str) -> None:
        database = Database(empty_url)
        with pytest.raises(Exception, match="call_event"):
            project(database, {(DAY, "CA1")})
        database.close()


def test_projectors_at_once_lose_nothing(url: str) -> None:
    """Workers that each tell something of the same calls, and fold them at once: the last row holds all."""
    workers, rounds, calls = 4, 4, ("CA1", "CA2", "CA3")

    def work(worker: int) -> None:
        database = Database(url)
        for number in range(rounds):
            for call_id in calls:
                update = LegUpdate(LegStatus.RINGING, f"leg-{worker}-{number}")
                at = CLOSED_HOUR + timedelta(seconds=worker * 10 + number)
                write(database, ringing(call_id).leg(GUARD_1.e164, update, at))
            project(database, {(DAY, call_id) for call_id in calls})
        database.close()

    with ThreadPoolExecutor(workers) as threads:
        for done in [threads.submit(work, worker) for worker in range(workers)]:
            done.result(30)
    database = Database(url)
    assert [(row.call_id, row.events) for row in call_rows(database)] == [(c, workers * rounds) for c in calls]
    assert unprojected(database, DAY) == set()
    database.close()


class SlowDatabase(Database):
    """A database whose transactions stop before they commit, until they may."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.has_written = Event()
        self.may_commit = Event()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            self.has_written.set()
            assert self.may_commit.wait(10)


def test_who_folds_a_call_that_another_one_is_folding_waits_and_sees_all(url: str) -> None:
    first, *others = whole_story()
    database, slow = Database(url), SlowDatabase(url)
    write(database, first)

    def tell_the_rest() -> None:
        write(database, *others)
        project(database, {(DAY, "CA1")})

    with ThreadPoolExecutor(2) as threads:
        folding = threads.submit(project, slow, {(DAY, "CA1")})
        assert slow.has_written.wait(5)
        telling = threads.submit(tell_the_rest)
        with pytest.raises(TimeoutError):
            telling.result(0.2)
        slow.may_commit.set()
        folding.result(5)
        telling.result(5)
    (row,) = call_rows(database)
    assert row.events == 1 + len(others)
    database.close()
    slow.close()


class LateDatabase(Database):
    """A database that gives the right to write when others have had it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.wants_to_write = Event()
        self.may_write = Event()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self.wants_to_write.set()
        assert self.may_write.wait(10)
        with super().writing() as connection:
            yield connection


def counts(database: Database) -> list[Row[Any]]:
    with database.reading() as connection:
        return list(connection.execute(select(TallyRow.__table__).order_by(*TallyRow.__table__.primary_key)).all())


def test_who_knows_less_by_the_time_it_may_write_leaves_the_row(url: str) -> None:
    first, *others = whole_story()
    database, late = Database(url), LateDatabase(url)
    write(database, first)
    with ThreadPoolExecutor(1) as threads:
        folding = threads.submit(project, late, {(DAY, "CA1")})
        assert late.wants_to_write.wait(5)
        write(database, *others)
        project(database, {(DAY, "CA1")})
        told, counted = call_rows(database), counts(database)
        late.may_write.set()
        folding.result(5)
    assert (call_rows(database), counts(database)) == (told, counted)
    assert told[0].events == 1 + len(others)
    assert counted
    database.close()
    late.close()


def test_a_call_of_which_only_the_end_was_told(database: Database) -> None:
    ended = call_ended("CA1", CENTRE.e164, "completed", 12, Origin.REAL, CLOSED_HOUR)
    write(database, ended)
    project(database, {(DAY, "CA1")})
    (row,) = call_rows(database)
    assert (row.unit, row.called, row.disposition) == (None, CENTRE.e164, "unknown")
