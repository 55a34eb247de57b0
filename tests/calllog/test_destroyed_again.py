"""What was destroyed or erased since a back-up does not come back with it; what cannot be told of that is said."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.backup import back_up
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.erasure import ERASURE, erase
from callrouter.calllog.holds import holds, lift
from callrouter.calllog.restoring import Restored, restore
from callrouter.calllog.subject import Person, traces
from callrouter.calllog.tables import (
    AuditRow,
    CallerRow,
    CallEventRow,
    CallRow,
    DestructionRow,
    FollowUpRow,
    HoldRow,
    LegRow,
    NoteRow,
    RecordingRow,
    Table,
    TallyRow,
)
from callrouter.domain.words import Role
from callrouter.people import sessions
from tests.calllog.aged import NOW, Store, held, lines, run, there, told
from tests.calllog.damage import lose_pages
from tests.calllog.engines import prepared_sqlite
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, numbers
from tests.people.somebody import added

OF_CALLS: Final[tuple[type[Table], ...]] = (
    *(CallRow, CallEventRow, CallerRow, LegRow, RecordingRow, NoteRow, FollowUpRow, HoldRow),
)


def quiet(_done: int, _total: int) -> None: ...


class Log:
    """A log with a back-up of its own; *open* is closed and opened anew around a restore."""

    def __init__(self, file: Path) -> None:
        self.file, self.backup = file, file.with_name("backup")
        self.open = Database(f"sqlite:///{file}")

    def back_up(self) -> None:
        self.backup.unlink(missing_ok=True)
        back_up(self.file, self.backup, quiet)

    def restore(self) -> Restored:
        self.open.close()
        done = restore(self.backup, self.file, quiet)
        self.open = Database(f"sqlite:///{self.file}")
        return done

    def calls(self, *tables: type[Table]) -> set[str]:
        """The calls of which something is left in *tables*, or anywhere."""
        return set().union(*(there(self.open, table) for table in tables or OF_CALLS))

    def counted(self) -> list[tuple[object, ...]]:
        with self.open.reading() as connection:
            rows = connection.execute(select(TallyRow.__table__)).all()
        return sorted((tuple(row) for row in rows), key=str)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """Calls of two years, of a year and of yesterday; one has been erased, so the audit log has an entry."""
    prepared_sqlite(tmp_path / "calls.db")
    log = Log(tmp_path / "calls.db")
    for call_id, days_ago in (("CA1", 730.0), ("CA2", 400.0), ("CA3", 1.0)):
        told(log.open, call_id, days_ago)
    with log.open.writing() as connection:
        append(connection, Deed("anna", "review", "call CA1", {}, NOW))
    log.back_up()
    return log


def erase_caller(log: Log) -> None:
    key = PSEUDONYMIZER.key(CITIZEN.e164)
    with log.open.reading() as connection:
        found = traces(connection, Person(CITIZEN.e164, key, PSEUDONYMIZER.key_id))
    erase(log.open, found, Protocol("anna", NOW), Order(ERASURE, NOW, "Begäran 1", None))


def test_calls_that_were_destroyed_stay_so_and_their_counts_stay(log: Log) -> None:
    counted = log.counted()
    run(log.open, Store(), {"calls": "1 year"})
    done = log.restore()
    assert log.calls() == {"CA3"}
    assert log.counted() == counted
    assert (done.again.gone, done.knows_destroyed) == ({"calls": 2}, True)
    assert lines(log.open)[-1] == ("calls", "centre", 2, 0, 0, "done")
    with log.open.reading() as connection:
        assert connection.execute(select(DestructionRow.by)).scalars().all() == ["retention", "restore"]
        last = connection.execute(select(AuditRow.action, AuditRow.who).order_by(AuditRow.seq.desc())).first()
    assert last == ("destroy", "restore")


def test_the_line_of_a_run_in_whose_middle_the_back_up_was_made_tells_all_of_it(log: Log) -> None:
    order, protocol = Order("calls", NOW, "KS 1", None), Protocol("retention", NOW)
    with log.open.writing() as connection:
        protocol.add(connection, order, Counter({"centre": 5}))
    log.back_up()
    with log.open.writing() as connection:
        protocol.add(connection, order, Counter({"centre": 7}))
        protocol.finish(connection, order, Counter(), Counter(), "")
    log.restore()
    assert lines(log.open)[0] == ("calls", "centre", 12, 0, 0, "done")


@pytest.mark.parametrize(
    ("what", "tables"),
    [("events", [CallEventRow]), ("notes", [NoteRow, FollowUpRow])],
)
def test_so_does_what_went_before_its_call(log: Log, what: str, tables: list[type[Table]]) -> None:
    run(log.open, Store(), {what: "1 year"})
    done = log.restore()
    assert log.calls(*tables) == {"CA3"}
    assert log.calls(CallRow) == {"CA1", "CA2", "CA3"}
    assert done.again.gone[what]


def test_numbers_and_messages_that_went_do_not_come_back(log: Log) -> None:
    run(log.open, Store(), {"numbers": "1 year", "recordings": "1 year"})
    done = log.restore()
    assert {call_id for call_id, number in numbers(log.open).items() if number} == {"CA3"}
    with log.open.reading() as connection:
        kept = connection.execute(select(RecordingRow.call_id).where(RecordingRow.deleted_at.is_(None)))
        assert kept.scalars().all() == ["CA3"]
    assert (done.again.gone, done.knows_destroyed) == ({}, True), "the rows themselves tell it"


def test_an_erased_caller_does_not_come_back(log: Log) -> None:
    erase_caller(log)
    run(log.open, Store(), {"calls": "1 year"})
    assert log.restore().knows_destroyed
    assert set(numbers(log.open).values()) == {None}
    with log.open.reading() as connection:
        rows = connection.execute(select(CallerRow.call_id, CallerRow.key, CallerRow.erased_at)).all()
    assert {(row.call_id, row.key, row.erased_at) for row in rows} == {(f"CA{n}", None, NOW) for n in (1, 2, 3)}


def test_a_call_whose_hold_was_lifted_goes_again(log: Log) -> None:
    held(log.open, "CA1")
    log.backup.unlink()
    log.back_up()
    with log.open.writing() as connection:
        lift(connection, holds(connection)[0].id, "anna", NOW)
    run(log.open, Store(), {"calls": "1 year"})
    log.restore()
    assert log.calls() == {"CA3"}


def test_what_is_held_or_waits_for_the_provider_stays(log: Log) -> None:
    held(log.open, "CA1")
    told(log.open, "CA0", 731.0)
    run(log.open, Store(refuses={"CA2"}), {"calls": "1 year"})
    done = log.restore()
    assert log.calls(CallRow, CallEventRow, CallerRow) == {"CA1", "CA2", "CA3"}
    assert (done.again.gone, done.again.unsure) == ({}, 0)


def test_a_restored_log_is_destroyed_no_second_time(log: Log) -> None:
    run(log.open, Store(), {"calls": "1 year"})
    log.restore()
    log.backup.unlink()
    log.back_up()
    assert log.restore().again.gone == {}


class TestOfAFileThatIsDamaged:
    def test_the_rows_are_asked_where_the_indexes_are_gone(self, log: Log) -> None:
        run(log.open, Store(refuses={"CA2"}), {"calls": "1 year"})
        log.open.close()
        lose_pages(log.file)
        done = log.restore()
        assert log.calls(CallRow) == {"CA2", "CA3"}
        assert (done.again.gone, done.knows_destroyed) == ({"calls": 1}, True)

    def test_a_call_that_may_wait_for_the_provider_stays_and_that_is_said(self, log: Log) -> None:
        run(log.open, Store(refuses={"CA2"}), {"calls": "1 year"})
        log.open.close()
        lose_pages(log.file, "call")
        done = log.restore()
        assert log.calls(CallRow) == {"CA1", "CA2", "CA3"}
        assert (done.again.unsure, done.knows_destroyed) == (2, False)
        assert lines(log.open)[-1] == ("calls", "centre", 0, 0, 2, "the file that stood there cannot be read")
        run(log.open, Store(), {"calls": "1 year"})
        assert log.calls() == {"CA3"}

    @pytest.mark.parametrize("lost", ["destruction", "caller", "audit"])
    def test_what_tells_of_erasures_is_gone(self, log: Log, lost: str) -> None:
        erase_caller(log)
        log.open.close()
        lose_pages(log.file, lost, indexes=False)
        assert not log.restore().knows_destroyed


class TestOfAFileThatTellsNothing:
    def test_there_is_none(self, log: Log) -> None:
        log.open.close()
        log.file.unlink()
        assert not log.restore().knows_destroyed

    def test_it_was_begun_anew(self, log: Log) -> None:
        log.open.close()
        log.file.unlink()
        prepared_sqlite(log.file)
        assert not log.restore().knows_destroyed
        assert log.calls(CallRow) == {"CA1", "CA2", "CA3"}

    def test_it_is_another_log(self, log: Log) -> None:
        """Its entry has the same number, and says something else."""
        with log.open.writing() as connection:
            connection.execute(update(AuditRow).values(hash="0" * 64))
        assert not log.restore().knows_destroyed


def test_a_log_in_which_nobody_did_anything_yet_is_followed_by_any(log: Log) -> None:
    with closing(sqlite3.connect(log.backup)) as connection, connection:
        connection.execute("DELETE FROM audit")
    assert log.restore().knows_destroyed


def test_who_has_signed_out_since_is_not_signed_in_again(log: Log) -> None:
    """Who is signed in still is; without the file that tells so, nobody is, and no link of that time opens."""
    user = added(log.open, "anna", Role.REVIEWER)
    with log.open.writing() as connection:
        ended, lasting = (sessions.begin(connection, user.name, NOW) for _ in range(2))
    log.backup.unlink()
    log.back_up()
    with log.open.writing() as connection:
        sessions.end(connection, ended)
    log.restore()
    assert signed_in(log.open, ended, lasting) == [False, True]
    log.open.close()
    log.file.unlink()
    log.restore()
    assert signed_in(log.open, ended, lasting) == [False, False]


def signed_in(database: Database, *secrets: str) -> list[bool]:
    with database.reading() as connection:
        return [sessions.holder(connection, secret, NOW) is not None for secret in secrets]
