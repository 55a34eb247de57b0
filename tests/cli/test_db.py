"""The commands of the database as a person or a script uses them: sentences, JSON, exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from callrouter.calllog.backup import back_up
from callrouter.calllog.database import Database
from callrouter.calllog.revisions import newest_revision
from callrouter.calllog.tables import CallRow
from callrouter.calllog.writes import write_entries
from callrouter.cli.problems import Problem, explained
from tests.calllog.aged import Store, held
from tests.calllog.aged import run as destroy
from tests.calllog.aged import told as a_call
from tests.calllog.damage import FOLDED, lose_pages
from tests.calllog.engines import prepared_sqlite
from tests.calllog.postgres import needed_server, programs
from tests.calllog.told import DIGITS, PSEUDONYMIZER, arrival


def run(
    home: Path, *arguments: str, url: str | None = None, data: Path | None = None
) -> "subprocess.CompletedProcess[str]":
    """`callrouter db …` in a directory of its own, where its data is unless *data* says otherwise."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CALLROUTER_", "DATABASE_"))}  # noqa: TID251
    environ = inherited | {"CALLROUTER_DATA_DIR": str(data or home)} | ({"CALLROUTER_DATABASE_URL": url} if url else {})
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
    assert f"Restored {backup} to {file}: 1 call, 2 events" in restored.stdout
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
    for reason, lines in (
        ("no such table: call", 2),
        ('relation "call" does not exist', 2),
        ('role "clerk" does not exist', 1),
        ("database or disk is full", 1),
    ):
        with pytest.raises(Problem) as told, explained("No back-up was made"):
            raise sqlite3.OperationalError(reason)
        assert told.value.message.splitlines()[0] == f"No back-up was made: {reason}"
        assert len(told.value.message.splitlines()) == lines


def test_a_postgresql_database_that_is_not_there_is_made_by_its_own_tool(tmp_path: Path) -> None:
    server = needed_server()
    for arguments in (("check",), ("upgrade",)):
        told = run(tmp_path, *arguments, url=server.url("nowhere"))
        assert told.returncode == 1
        assert told.stderr.splitlines()[-1] == (
            "PostgreSQL's `createdb` makes it, and then `callrouter db upgrade` its tables."
        )


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
    assert "After the back-up's audit log, bound to it anew: 1 entry of its own.\n" in told


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
    assert told.stdout.splitlines()[-1] == "Destroyed again, as it had been since the back-up: 1 call."
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
    assert f"Restored {backup} to {place}/callrouter.db: 1 call, 2 events" in restored.stdout
    modes = {path.name: path.stat().st_mode & 0o777 for path in (place.parent, place, place / "callrouter.db")}
    assert modes == {"new": 0o700, "var": 0o700, "callrouter.db": 0o600}


@pytest.mark.parametrize("name", [b"b\xff\xf0", b"a?b", b"a%20b", b"a b#c"], ids=repr)
def test_a_folder_and_a_file_may_be_called_anything(tmp_path: Path, name: bytes) -> None:
    """Also what is no letter of UTF-8, and what means something in an address."""
    home = tmp_path / os.fsdecode(name)
    backup = os.fsdecode(name) + ".copy"
    for arguments in (("upgrade",), ("check",), ("backup", backup), ("restore", backup)):
        told = run(tmp_path, *arguments, data=home)
        assert (told.returncode, told.stderr) == (0, ""), arguments
    assert (home / "callrouter.db").exists()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [home.name]
    assert run(tmp_path, "restore", os.fsdecode(name) + ".none", data=home).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("backup", "calls.dump"),
            "pg_dump --format=custom --file=calls.dump postgresql://clerk@db.example.se/calls",
        ),
        (
            ("backup", "my calls.dump"),
            "pg_dump --format=custom --file='my calls.dump' postgresql://clerk@db.example.se/calls",
        ),
        (("restore", "calls.dump"), "--file=calls.dump.sql postgresql://clerk@db.example.se/calls &&"),
    ],
)
def test_postgresql_has_tools_of_its_own(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    told = run(tmp_path, *arguments, url="postgresql://clerk:hunter2@db.example.se/calls")
    assert told.returncode == 1
    assert says in told.stderr
    assert "hunter2" not in told.stderr


def test_what_is_printed_for_postgresql_brings_the_dump_back_and_nothing_else(tmp_path: Path) -> None:
    """Also from the tables of a later release, which had some that the dump does not know."""
    url = needed_server().empty_database()
    database = Database(url)
    database.prepare()
    a_call(database, "CA1", 400.0)
    dumped = in_a_shell(tmp_path, run(tmp_path, "backup", "calls.dump", url=url))
    assert dumped.returncode == 0, dumped.stderr
    assert (tmp_path / "calls.dump").stat().st_mode & 0o777 == 0o600
    a_call(database, "CA2", 400.0)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE of_a_later_release (x int)")
    (tmp_path / "garbage").write_bytes(b"no dump")
    refused = in_a_shell(tmp_path, run(tmp_path, "restore", "garbage", url=url))
    assert "does not appear to be a valid archive" in refused.stderr
    assert refused.returncode != 0
    assert calls_in(database) == ["CA1", "CA2"], "what is no dump changes nothing"
    restored = in_a_shell(tmp_path, run(tmp_path, "restore", "calls.dump", url=url))
    assert (restored.returncode, restored.stdout) == (0, ""), restored.stderr
    assert calls_in(database) == ["CA1"]
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT to_regclass('of_a_later_release')").scalar() is None
    assert run(tmp_path, "check", url=url).returncode == 0
    assert not list(tmp_path.glob("*.sql"))
    database.close()


def calls_in(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.execute(select(CallRow.call_id).order_by(CallRow.call_id)).scalars())


def in_a_shell(home: Path, told: "subprocess.CompletedProcess[str]") -> "subprocess.CompletedProcess[str]":
    """Run what a command has printed to be run, with the tools that came with the server."""
    script = "\n".join(line for line in told.stderr.splitlines() if line.startswith("  "))
    environ = {"PATH": f"{programs()}:{os.environ['PATH']}"}  # noqa: TID251
    return subprocess.run(
        ["/bin/sh", "-c", script], cwd=home, env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_file_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path, file: Path) -> None:
    """As on a disk that is for reading alone: somebody would restore what is whole."""
    file.with_name("callrouter.db-wal").unlink(missing_ok=True)
    file.with_name("callrouter.db-wal").mkdir()
    for arguments in (("check",), ("check", "--json"), ("backup", "copy")):
        told = run(tmp_path, *arguments)
        assert (told.returncode, told.stdout) == (1, ""), arguments
        assert "unable to open database file" in told.stderr
        assert "SQLite writes beside the file" in told.stderr


@pytest.mark.parametrize(
    ("revision", "says"),
    [("0001", "`callrouter db upgrade` brings it there"), ("9999", "a later release has been here")],
)
def test_a_check_says_what_tables_of_another_release_mean(tmp_path: Path, file: Path, revision: str, says: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
    told = run(tmp_path, "check")
    assert told.returncode == 4
    assert f"revision {revision}, this program expects {newest_revision()}: {says}\n" in told.stdout
