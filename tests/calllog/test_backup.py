"""Back-ups: of one instant, whole or not there, and never in the place of another."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from callrouter.calllog.backup import UnfitError, back_up, problems_of, put_in_place
from callrouter.calllog.database import Database
from callrouter.calllog.writes import write_entries
from tests.calllog.damage import lose_pages
from tests.calllog.disks import no_file_longer_than
from tests.calllog.told import CITIZEN, DIGITS, PSEUDONYMIZER, arrival, event_count


def quiet(_done: int, _total: int) -> None: ...


def write(file: Path, *call_ids: str) -> None:
    database = Database(f"sqlite:///{file}")
    write_entries(database, PSEUDONYMIZER, [arrival(call_id, number=CITIZEN) for call_id in call_ids])
    database.close()


def events_in(file: Path) -> int:
    database = Database(f"sqlite:///{file}")
    try:
        return event_count(database)
    finally:
        database.close()


@pytest.fixture
def file(sqlite_url: str) -> Path:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    write(file, *(f"CA{number}" for number in range(500)))
    return file


def test_it_holds_what_the_database_held(file: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    back_up(file, tmp_path / "copy", lambda done, total: told.append((done, total)))
    assert events_in(tmp_path / "copy") == 1000
    assert told[-1][0] == told[-1][1] > 0


def test_it_is_one_file_for_its_owner_alone(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    back_up(file, place / "copy", quiet)
    assert [path.name for path in place.iterdir()] == ["copy"]
    assert oct((place / "copy").stat().st_mode & 0o777) == "0o600"
    assert DIGITS in (place / "copy").read_bytes()


def test_it_is_of_one_instant_while_others_write(file: Path, tmp_path: Path) -> None:
    """None of what is written while it is made, which begins it anew neither: it comes to an end."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO schedule_version VALUES ('v', ?, '2026-11-23', 'x')", ["long" * 3_000_000])
    told: list[int] = []

    def write_meanwhile(done: int, _total: int) -> None:
        told.append(done)
        if len(told) < 4:
            write(file, f"CB{len(told)}")

    back_up(file, tmp_path / "copy", write_meanwhile)
    assert told == sorted(set(told))
    assert len(told) > 2
    assert (events_in(tmp_path / "copy"), events_in(file)) == (1000, 1006)


def test_it_overwrites_nothing(file: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("the only good one")
    with pytest.raises(FileExistsError, match="never overwrites"):
        back_up(file, tmp_path / "copy", quiet)
    assert (tmp_path / "copy").read_text() == "the only good one"


def test_of_a_damaged_database_there_is_none(file: Path, tmp_path: Path) -> None:
    lose_pages(file, "leg")
    with pytest.raises(UnfitError):
        back_up(file, tmp_path / "copy", quiet)
    assert list(tmp_path.glob("copy*")) == []


def test_what_one_left_that_was_killed_or_had_no_room_goes(file: Path, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    for left in ("copy.part", "copy.part-journal", "copy.part-wal"):
        (place / left).write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" * 200)
    with no_file_longer_than(20_000), pytest.raises(sqlite3.OperationalError):
        back_up(file, place / "copy", quiet)
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no database" * 100], ids=["empty", "garbage"])
def test_of_what_is_no_database_there_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "calls.db").write_bytes(content)
    (tmp_path / "copy").mkdir()
    with pytest.raises((UnfitError, sqlite3.Error, FileExistsError)):
        back_up(tmp_path / "calls.db", tmp_path / "copy", quiet)


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        back_up(tmp_path / "calls.db", tmp_path / "copy", quiet)
    assert list(tmp_path.iterdir()) == []


def test_what_is_wrong_is_told(file: Path) -> None:
    assert problems_of(file) == []
    assert problems_of(file, quick=True) == []
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript("PRAGMA writable_schema=ON; DELETE FROM sqlite_master WHERE name LIKE 'ix_call%'")
    assert problems_of(file)


class TestPuttingInPlace:
    def test_the_old_one_stays_with_its_journal(self, file: Path, tmp_path: Path) -> None:
        new = tmp_path / "new"
        back_up(file, new, quiet)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("DELETE FROM caller")  # stands in the journal alone, as long as this is open
            put_in_place(new, file, tmp_path / "aside")
        assert sorted(path.name for path in tmp_path.glob("aside*")) == ["aside", "aside-shm", "aside-wal"]
        assert self.callers(file) == 500
        assert self.callers(tmp_path / "aside") == 0

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
    def test_the_new_one_belongs_to_whom_the_old_one_did(self, file: Path, tmp_path: Path) -> None:
        new = tmp_path / "new"
        back_up(file, new, quiet)
        os.chown(file, 12345, 12346)
        put_in_place(new, file, tmp_path / "aside")
        assert (file.stat().st_uid, file.stat().st_gid) == (12345, 12346)

    def test_whoever_has_the_old_one_open_takes_nothing_from_the_new_one(self, file: Path, tmp_path: Path) -> None:
        """Not even when it closes: SQLite takes the journal away with the last connection, by its name."""
        new = tmp_path / "new"
        back_up(file, new, quiet)
        write(new, "CA1")  # from here on it has a journal of its own
        old = sqlite3.connect(file, isolation_level=None)
        old.execute("DELETE FROM caller")
        put_in_place(new, file, tmp_path / "aside")
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("DELETE FROM caller WHERE call_id = 'CA1'")
            old.close()
            assert file.with_name(f"{file.name}-wal").exists()
        assert self.callers(file) == 499

    def test_a_journal_without_its_database_is_no_journal_of_the_new_one(self, file: Path, tmp_path: Path) -> None:
        new = tmp_path / "new"
        back_up(file, new, quiet)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("DELETE FROM caller")
            file.unlink()
            put_in_place(new, file, tmp_path / "aside")
        assert self.callers(file) == 500

    @staticmethod
    def callers(file: Path) -> int:
        with closing(sqlite3.connect(file)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM caller").fetchone()
        return int(count)
