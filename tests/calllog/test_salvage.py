"""A damaged file gives what can still be read of it, nothing that makes no sense, and says what it lost."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from callrouter import clock
from callrouter.calllog.backup import UnfitError, back_up
from callrouter.calllog.control import add_override
from callrouter.calllog.database import Database
from callrouter.calllog.projection import project
from callrouter.calllog.restoring import Restored, restore, verify
from callrouter.calllog.salvage import salvage
from callrouter.calllog.tables import CallerRow, CallRow, OverrideRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.control import Override
from callrouter.domain.span import Span
from callrouter.domain.words import State
from tests.calllog.damage import FOLDED, lose_list_of_tables, lose_pages
from tests.calllog.engines import prepared_sqlite
from tests.calllog.told import PSEUDONYMIZER, arrival, call_rows, event_count, numbers

NOW = clock.now()


def quiet(_done: int, _total: int) -> None: ...


def write(file: Path, *call_ids: str) -> None:
    database = Database(f"sqlite:///{file}")
    write_entries(database, PSEUDONYMIZER, [arrival(call_id) for call_id in call_ids])
    database.close()


def ids(start: int, end: int) -> list[str]:
    return [f"CA{number:04}" for number in range(start, end)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    prepared_sqlite(tmp_path / "calls.db")
    return tmp_path / "calls.db"


@pytest.fixture
def backup(tmp_path: Path, file: Path) -> Path:
    """A back-up with 100 calls; the database has 400 more since then."""
    write(file, *ids(0, 100))
    back_up(file, tmp_path / "backup", quiet)
    write(file, *ids(100, 500))
    return tmp_path / "backup"


def restored(backup: Path, file: Path) -> tuple[Restored, list[str]]:
    """What restoring says, and the calls that are there now, each folded."""
    done = restore(backup, file, quiet)
    database = Database(f"sqlite:///{file}")
    rows = call_rows(database)
    assert event_count(database) == 2 * len(rows) == done.content.events
    assert sorted(numbers(database)) == [row.call_id for row in rows]
    database.close()
    return done, [row.call_id for row in rows]


def test_what_the_backup_lacks_comes_from_the_damaged_file(backup: Path, file: Path) -> None:
    lose_pages(file, *FOLDED)
    done, calls = restored(backup, file)
    assert calls == ids(0, 500)
    assert (done.salvaged.rows["call_event"], len(done.salvaged.calls), done.salvaged.lost) == (800, 400, 0)
    assert done.salvaged.unreadable == ["call"]
    assert done.aside


def test_pages_that_are_gone_cost_what_stood_on_them_and_no_more(backup: Path, file: Path) -> None:
    """A leaf of the events in the middle of what the back-up lacks."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(file.read_bytes())
    page = content.index(b"CA0300") // 4096 * 4096
    while content[page] != 0x0D or b"arrived" not in content[page : page + 4096]:  # a leaf of a table
        page = content.index(b"CA0300", page + 4096) // 4096 * 4096
    content[page : page + 4096] = b"\xa5" * 4096
    file.write_bytes(content)
    done, calls = restored_with_gaps(backup, file)
    assert done.salvaged.lost
    assert 400 < len(calls) < 500
    assert set(ids(0, 100)) <= set(calls)


def restored_with_gaps(backup: Path, file: Path) -> tuple[Restored, list[str]]:
    done = restore(backup, file, quiet)
    database = Database(f"sqlite:///{file}")
    calls = [row.call_id for row in call_rows(database)]
    database.close()
    return done, calls


@pytest.mark.parametrize("first_page", [True, False], ids=["its first page", "a page of the list"])
def test_a_file_that_does_not_tell_its_tables_any_more_gives_all_of_them(
    backup: Path, file: Path, *, first_page: bool
) -> None:
    """The back-up tells where they begin: it is the same file, earlier."""
    lose_list_of_tables(file, first_page=first_page)
    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT count(*) FROM call_event")
    before = file.read_bytes()
    done, calls = restored(backup, file)
    assert calls == ids(0, 500)
    assert (done.salvaged.unreadable, done.salvaged.lost, done.knows_destroyed) == ([], 0, True)
    assert done.aside
    assert done.aside.read_bytes() == before
    assert list(file.parent.glob("*grafted*")) == []


def test_so_does_what_was_written_ahead_while_a_service_has_the_file_open(backup: Path, file: Path) -> None:
    with closing(sqlite3.connect(file)) as service:
        service.execute("BEGIN")
        service.execute("SELECT count(*) FROM call_event").fetchone()  # whoever reads keeps it from the file itself
        write(file, "CA-ahead")
        lose_list_of_tables(file, first_page=False)
        _, calls = restored(backup, file)
    assert calls == ["CA-ahead", *ids(0, 500)]


@pytest.mark.parametrize("content", [b"", b"\xa5" * 9000], ids=["empty", "garbage"])
def test_of_a_file_that_is_nothing_any_more_the_backup_is_left(backup: Path, file: Path, content: bytes) -> None:
    for path in file.parent.glob("calls.db*"):
        path.unlink()
    file.write_bytes(content)
    done, calls = restored(backup, file)
    assert calls == ids(0, 100)
    assert {"call_event", "caller", "override"} <= set(done.salvaged.unreadable)
    assert done.aside
    assert done.aside.read_bytes() == content


def test_of_a_file_that_is_gone_the_backup_is_left(backup: Path, file: Path) -> None:
    file.unlink()
    done, calls = restored(backup, file)
    assert (calls, done.aside) == (ids(0, 100), None)


def test_what_makes_no_sense_is_not_taken_over(file: Path, tmp_path: Path) -> None:
    prepared_sqlite(tmp_path / "sound.db")
    write(file, "CA1")
    good = ["2026-11-23", "CA2", "0", "arrived", "2026-11-23 15:30:00.000000", "{}"]
    odd = [(0, "the day before"), (1, b"\xa5\xa5"), (2, b"\xa5"), (4, "soon"), (5, "{")]
    with closing(sqlite3.connect(file)) as connection, connection:
        for number, (place, value) in enumerate(odd):
            row = [*good[:2], str(number), *good[3:]]
            row[place] = value  # type: ignore[call-overload]
            connection.execute("INSERT INTO call_event VALUES (?, ?, ?, ?, ?, ?)", row)
    salvaged = salvage(file, tmp_path / "sound.db", quiet)
    assert (salvaged.rows["call_event"], salvaged.lost) == (2, len(odd))


def test_what_was_erased_or_ended_since_the_backup_stays_so(backup: Path, file: Path) -> None:
    """The damaged file is the newer one."""
    database = Database(f"sqlite:///{file}")
    with database.writing() as connection:
        connection.execute(update(CallerRow).where(CallerRow.call_id == "CA0001").values(number=None, erased_at=NOW))
        made = Override(0, "centre", Span(NOW, NOW + timedelta(hours=1)), State.OPEN, None, "why", "who")
        number = add_override(connection, made)
    database.close()
    database = Database(f"sqlite:///{file}")
    project(database, {(arrival().events[0].day, "CA0002")})
    with database.writing() as connection:
        connection.execute(update(CallRow).values(reviewed_at=NOW, reviewed_by="anna", category="larm"))
    database.close()
    restore(backup, file, quiet)
    database = Database(f"sqlite:///{file}")
    assert numbers(database)["CA0001"] is None
    with database.reading() as connection:
        assert connection.execute(OverrideRow.__table__.select()).one().id == number
        reviewed = connection.execute(select(CallRow.call_id, CallRow.category).where(CallRow.reviewed_at == NOW))
        assert reviewed.all() == [("CA0002", "larm")]
    database.close()


def test_of_two_who_restore_at_once_the_second_is_told_and_takes_nothing_from_the_first(
    backup: Path, file: Path
) -> None:
    refused: list[str] = []

    def tell(_done: int, _total: int) -> None:
        for attempt in (verify, restore):
            with pytest.raises(OSError, match="somebody else restores or verifies") as told:
                attempt(backup, file, quiet)
            refused.append(str(told.value))

    restore(backup, file, tell)
    assert set(refused) == {f"somebody else restores or verifies a back-up in {file.parent} just now"}
    database = Database(f"sqlite:///{file}")
    assert [row.call_id for row in call_rows(database)] == ids(0, 500)
    database.close()


def test_of_two_restored_in_one_second_each_puts_a_file_of_its_own_aside(backup: Path, file: Path) -> None:
    asides = {restore(backup, file, quiet).aside for _ in range(5)}
    assert len(asides) == 5
    assert {
        path for path in file.parent.glob("calls.db.replaced-*") if not path.name.endswith(("-wal", "-shm"))
    } == asides


class TestVerify:
    def test_it_says_what_the_backup_holds_and_changes_nothing(self, backup: Path, file: Path) -> None:
        before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
        content = verify(backup, file, quiet)
        assert (content.events, content.newest_event) == (200, arrival().events[0].at)
        assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == before

    def test_a_damaged_backup_is_refused_and_nothing_changes(self, backup: Path, file: Path) -> None:
        lose_pages(backup, *FOLDED)
        before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
        for attempt in (verify, restore):
            with pytest.raises(UnfitError):
                attempt(backup, file, quiet)
        assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == before

    @pytest.mark.parametrize(
        ("revision", "says"), [(None, "no tables of callrouter"), ("9999", "another release")], ids=str
    )
    def test_a_file_of_another_program_or_of_a_later_release_is_refused(
        self, backup: Path, file: Path, revision: str | None, says: str
    ) -> None:
        with closing(sqlite3.connect(backup)) as connection, connection:
            connection.execute("DELETE FROM alembic_version")
            if revision:
                connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        with pytest.raises(UnfitError, match=says):
            restore(backup, file, quiet)
