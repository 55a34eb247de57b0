"""The check-up: what is damaged, what is behind, and that looking changes nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from callrouter.calllog.checkup import check
from callrouter.calllog.database import Database
from callrouter.calllog.projection import project
from callrouter.calllog.revisions import newest_revision
from callrouter.calllog.writes import write_entries
from tests.calllog.damage import lose_pages
from tests.calllog.told import PSEUDONYMIZER, arrival, midnight
from tests.schedules import CLOSED_HOUR


def quiet(_done: int, _total: int) -> None: ...


def test_all_is_well(database: Database) -> None:
    write_entries(database, PSEUDONYMIZER, [arrival("CA1"), arrival("CA2", midnight(24))])
    project(database, {(CLOSED_HOUR.date(), "CA1"), (midnight(24).date(), "CA2")})
    days: list[tuple[int, int]] = []
    found = check(database, lambda done, total: days.append((done, total)))
    assert (found.is_whole, found.is_up_to_date, found.problems) == (True, True, ())
    assert (found.calls, found.events, found.newest_event) == (2, 4, midnight(24))
    assert found.revision == found.expected_revision == newest_revision()
    assert (found.checksums is None) == database.is_sqlite
    assert days == [(1, 2), (2, 2)]


def test_a_call_that_does_not_hold_all_its_events_is_counted(database: Database) -> None:
    write_entries(database, PSEUDONYMIZER, [arrival("CA1"), arrival("CA2")])
    project(database, {(CLOSED_HOUR.date(), "CA1")})
    found = check(database, quiet)
    assert (found.unfolded_calls, found.is_whole, found.is_up_to_date) == (1, True, False)


@pytest.mark.parametrize("revision", [None, "0004", "9999"])
def test_tables_of_another_release_are_told_and_not_touched(database: Database, revision: str | None) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = coalesce(:new, '')"), {"new": revision})
    try:
        found = check(database, quiet)
        assert (found.revision, found.is_up_to_date, found.calls) == (revision or "", False, None)
    finally:
        with database.writing() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :old"), {"old": newest_revision()})


class TestDamaged:
    @pytest.fixture
    def file(self, sqlite_url: str) -> Path:
        file = Path(sqlite_url.removeprefix("sqlite:///"))
        database = Database(sqlite_url)
        write_entries(database, PSEUDONYMIZER, [arrival(f"CA{number}") for number in range(100)])
        database.close()
        return file

    @pytest.mark.parametrize("tables", [("leg",), ("call_event",), ("call_event", "call", "alembic_version")])
    def test_lost_pages_are_found(self, file: Path, tables: tuple[str, ...]) -> None:
        lose_pages(file, *tables, indexes=False)
        found = check(Database(f"sqlite:///{file}"), quiet)
        assert not found.is_whole

    @pytest.mark.parametrize("content", [b"", b"\xa5" * 9000], ids=["empty", "garbage"])
    def test_so_is_a_file_that_is_nothing_any_more(self, file: Path, content: bytes) -> None:
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        file.write_bytes(content)
        found = check(Database(f"sqlite:///{file}"), quiet)
        assert (found.is_whole, found.is_up_to_date) == (not content, False)

    def test_an_index_that_lacks_a_row_is_not_looked_for_quickly(self, file: Path) -> None:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript(
                "PRAGMA writable_schema=ON; CREATE TABLE other (x); CREATE INDEX ix_other ON other (x);"
                "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'ix_other')"
                " WHERE name = 'ix_caller_key'; DELETE FROM sqlite_master WHERE name = 'ix_other'"
            )
        found = {quick: check(Database(f"sqlite:///{file}"), quiet, quick=quick) for quick in (True, False)}
        assert len(found[False].problems) > len(found[True].problems)


def test_postgresql_that_is_not_there_is_told() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperationalError):
        check(database, quiet)
    database.close()
