"""The commands of the database as a person or a script uses them: sentences, JSON, exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from callrouter.calllog.backup import back_up
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow
from callrouter.calllog.writes import write_entries
from callrouter.cli.problems import Problem, explained
from tests.calllog.aged import Store, held, there
from tests.calllog.aged import run as destroy
from tests.calllog.aged import told as a_call
from tests.calllog.damage import FOLDED, lose_pages
from tests.calllog.engines import postgres, prepared_sqlite
from tests.calllog.postgres import PostgresServer, programs
from tests.calllog.told import DIGITS, PSEUDONYMIZER, arrival

__all__ = ["postgres"]


def run(home: Path, *arguments: str, url: str | None = None) -> "subprocess.CompletedProcess[str]":
    """`callrouter db …` in a directory of its own."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CALLROUTER_", "DATABASE_"))}  # noqa: TID251
    environ = inherited | {"CALLROUTER_DATA_DIR": str(home)} | ({"CALLROUTER_DATABASE_URL": url} if url else {})
    command = [sys.executable, "-m", "callrouter", "db", *arguments]
    return subprocess.run(command, cwd=home, env=environ, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one call, which is not folded yet."""
    file = tmp_path / "callrouter.db"
    database = Database(prepared_sqlite(file))
    write_entries(database, PSEUDONYMIZER, [arrival()])
    database.close()
    return file


def test_the_whole_way(tmp_path: Path, file: Path) -> None:
    made = run(tmp_path, "backup")
    assert made.returncode == 0, made.stderr
    (backup,) = tmp_path.glob("callrouter-*Z.backup")
    assert str(backup) in made.stdout
    verified = run(tmp_path, "restore", str(backup), "--verify")
    assert verified.returncode == 0, verified.stderr
    assert f"{backup} can be restored. It holds 0 calls, 2 events, the newest of 2026-11-23 " in verified.stdout
    restored = run(tmp_path, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert f"Restored {backup} to {file}: 1 calls, 2 events" in restored.stdout
    (aside,) = tmp_path.glob("callrouter.db.replaced-*Z")
    assert f"What stood there is kept: {aside}" in restored.stdout
    check = run(tmp_path, "check")
    assert check.returncode == 0, check.stdout
    assert "Call records     hold all their events" in check.stdout
    assert "\x1b[" not in check.stdout
    assert DIGITS.decode() not in made.stdout + verified.stdout + restored.stdout + check.stdout


def test_a_script_is_told_by_json_and_exit_code(tmp_path: Path, file: Path) -> None:
    behind = run(tmp_path, "check", "--json")
    assert behind.returncode == 4
    found = json.loads(behind.stdout)
    assert (found["ok"], found["damaged"], found["unfolded_calls"], found["events"]) == (False, False, 1, 2)
    lose_pages(file, *FOLDED)
    damaged = run(tmp_path, "check", "--json", "--quick")
    assert damaged.returncode == 3
    assert json.loads(damaged.stdout)["damaged"]


def test_a_damaged_database_is_not_backed_up(tmp_path: Path, file: Path) -> None:
    lose_pages(file, *FOLDED)
    made = run(tmp_path, "backup", "copy")
    assert made.returncode == 1
    assert "No back-up was made: the database is damaged" in made.stderr
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize(
    "arguments", [("check",), ("backup",), ("restore", "nothing"), ("restore", "nothing", "--verify")]
)
def test_what_is_not_there_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    told = run(tmp_path, *arguments)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert len(told.stderr.splitlines()) <= 2
    assert list(tmp_path.iterdir()) == []


def test_only_where_nothing_is_yet_it_is_told_how_to_make_it() -> None:
    for reason, lines in (("no such table: call", 2), ("database or disk is full", 1)):
        with pytest.raises(Problem) as told, explained("No back-up was made"):
            raise sqlite3.OperationalError(reason)
        assert told.value.message.splitlines()[0] == f"No back-up was made: {reason}"
        assert len(told.value.message.splitlines()) == lines


def test_what_is_no_back_up_is_told(tmp_path: Path, file: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "foreign")) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    (tmp_path / "garbage").write_bytes(b"\xa5" * 9000)
    for name, says in (("foreign", "there are no tables of callrouter in it"), ("garbage", "file is not a database")):
        told = run(tmp_path, "restore", name)
        assert (told.returncode, told.stderr.strip()) == (1, f"{name} cannot be restored: {says}.")
    assert list(tmp_path.glob("*.replaced-*")) == []
    assert file.exists()


def test_a_restore_says_what_has_another_number_now(tmp_path: Path, file: Path) -> None:
    """The back-up is of another log than the one that stands there: both have a note 1, and an audit log."""
    with closing(Database(f"sqlite:///{file}")) as database:
        noted(database, "CA-old")
    back_up(file, tmp_path / "good.backup", lambda _done, _total: None)
    file.unlink()
    with closing(Database(prepared_sqlite(file))) as database:
        noted(database, "CA-new")
    told = run(tmp_path, "restore", str(tmp_path / "good.backup")).stdout
    assert "Under new numbers, for the back-up has theirs: 1 of follow_up, 1 of hold, 1 of note.\n" in told
    assert "After the back-up's audit log, bound to it anew: 1 entries of its own.\n" in told


def noted(database: Database, call_id: str) -> None:
    """A held call with a note and a follow-up."""
    a_call(database, call_id, 1)
    held(database, call_id)


def test_a_restore_says_what_it_destroyed_again_and_what_nobody_can_tell(tmp_path: Path, file: Path) -> None:
    backup = tmp_path / "backup"
    database = Database(f"sqlite:///{file}")
    a_call(database, "CA9", 400.0)
    back_up(file, backup, lambda _done, _total: None)
    destroy(database, Store(), {"calls": "1 year"})
    database.close()
    told = run(tmp_path, "restore", str(backup))
    assert told.stdout.splitlines()[-1] == "Destroyed again, as it had been since the back-up: 1 calls."
    file.unlink()
    told = run(tmp_path, "restore", str(backup))
    assert told.stdout.splitlines()[1:] == [
        "What was destroyed or erased after the back-up was made cannot be told for sure, and may be back. Now run:",
        "  callrouter retention run",
        "  callrouter subject NUMBER --erase --why REASON   (for each caller who was erased since)",
    ]


def test_a_new_machine_has_no_data_directory_yet(tmp_path: Path, file: Path) -> None:
    backup, place = tmp_path / "backup", tmp_path / "new" / "var"
    back_up(file, backup, lambda _done, _total: None)
    url = f"sqlite:///{place}/callrouter.db"
    there = set(tmp_path.iterdir())
    verified = run(tmp_path, "restore", str(backup), "--verify", url=url)
    assert (verified.returncode, verified.stderr) == (0, "")
    assert "can be restored. It holds 0 calls, 2 events" in verified.stdout
    (tmp_path / "garbage").write_bytes(b"\xa5" * 9000)
    assert run(tmp_path, "restore", "garbage", url=url).returncode == 1
    assert set(tmp_path.iterdir()) - there == {tmp_path / "garbage"}, "nothing is left of what was not restored"
    restored = run(tmp_path, "restore", str(backup), url=url)
    assert restored.returncode == 0, restored.stderr
    assert f"Restored {backup} to {place}/callrouter.db: 1 calls, 2 events" in restored.stdout
    modes = {path.name: path.stat().st_mode & 0o777 for path in (place.parent, place, place / "callrouter.db")}
    assert modes == {"new": 0o700, "var": 0o700, "callrouter.db": 0o600}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("backup", "calls.dump"),
            "pg_dump --format=custom --file=calls.dump 'postgresql://clerk@db.example.se/calls'",
        ),
        (("restore", "calls.dump"), "--set=ON_ERROR_STOP=1 'postgresql://clerk@db.example.se/calls' "),
    ],
)
def test_postgresql_has_tools_of_its_own(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    told = run(tmp_path, *arguments, url="postgresql://clerk:hunter2@db.example.se/calls")
    assert told.returncode == 1
    assert says in told.stderr
    assert "hunter2" not in told.stderr


def test_what_is_printed_for_postgresql_restores_beside_what_stands_there(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Its partitions are in the way of `pg_restore --clean`."""
    found = programs()
    assert found
    url = postgres.empty_database()
    with closing(Database(url)) as database:
        database.prepare()
        a_call(database, "CA-old", 1)
        dump = [str(found / "pg_dump"), "--format=custom", f"--file={tmp_path / 'b.dump'}", database.libpq_url]
        subprocess.run(dump, check=True)
        a_call(database, "CA-new", 1)
        printed = run(tmp_path, "restore", str(tmp_path / "b.dump"), url=url).stderr
        command = printed.partition("Run:\n")[2].partition("It asks")[0]
        path = f"{found}:{os.environ['PATH']}"  # noqa: TID251
        subprocess.run(["/bin/sh", "-c", command], check=True, env={"PATH": path}, stdout=subprocess.DEVNULL)
        assert there(database, CallRow) == {"CA-old"}
    assert [file.name for file in tmp_path.iterdir()] == ["b.dump"]
