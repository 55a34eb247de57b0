"""The machine is lost, another one goes on from the back-up: by the commands of docs/operations.md, as they stand."""

import json
import os  # the age of files
import shutil
import signal
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, make_url

from callrouter import clock
from callrouter.calllog.backup import back_ups
from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.calllog.postgres import needed_server
from tests.schedules import CENTRE
from tests.service import until
from tests.stories.conftest import CALLER
from tests.stories.machines import SCHEDULE, Machine, Switchboard, environment, switchboard
from tests.stories.typist import ENGINES, Typist, installed, told

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")
NUISANCE = "+46701740688"
BLOCK = ("block", NUISANCE, "--unit", "centre", "--until", "2099-12-31", "--why", "Hot")


def database_of(engine: str, home: Path) -> URL:
    """Where a machine in *home* keeps its log."""
    if engine == "PostgreSQL":
        return make_url(needed_server().empty_database())
    return make_url(f"sqlite:///{home / 'var' / 'callrouter.db'}")


@contextmanager
def held(database: URL) -> Iterator[None]:
    """Nobody can write to it; whoever makes a back-up can read."""
    if database.database and database.drivername == "sqlite":
        connection = sqlite3.connect(database.database, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.close()
    else:
        with psycopg.connect(host=str(database.query["host"]), user="postgres", dbname=database.database) as other:
            other.execute("LOCK TABLE call_event IN EXCLUSIVE MODE")
            yield
            other.rollback()


def numbers_in_the_log(here: Machine) -> list[str]:
    return [json.loads(line)["from"] for line in here.run("log", "--json", "--show-numbers").stdout.splitlines()]


@pytest.fixture
def running() -> Iterator[list[Machine]]:
    """The machines of a story: whichever still runs at its end is stopped."""
    machines: list[Machine] = []
    yield machines
    for each in machines:
        each.stop()


def drop(database: URL) -> None:
    """PostgreSQL was on the machine that is lost."""
    if database.drivername != "sqlite":
        host = str(database.query["host"])
        with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as other:
            other.execute(f'DROP DATABASE "{database.database}" WITH (FORCE)')


@dataclass
class Drill:
    """A back-up disk, and the two machines of the drill, with the same settings."""

    engine: str
    home: Path
    running: list[Machine]

    @property
    def backup(self) -> Path:
        return self.home / "backup"

    def first(self) -> Typist:
        """The machine that will be lost."""
        given = environment()
        database = database_of(self.engine, self.home / "first")
        if self.engine == "PostgreSQL":
            given["CALLROUTER_DATABASE_URL"] = database.render_as_string()
        made = Machine(self.home / "first", SCHEDULE, given=given)
        self.running.append(made)
        installed(made.home)
        typist = Typist(made, self.backup, database)
        typist.settings.write_text("".join(f"{name}={value}\n" for name, value in given.items()), "utf-8")
        return typist

    def lose(self, phones: Switchboard, lost: Typist) -> None:
        """Make the back-up while a call waits in the spool, and lose the machine."""
        self.backup.mkdir()
        with held(lost.database):
            phones.rings(SCREENED)
            until(lambda: lost.here.ready()["recorder"]["spool_entries"] > 0, "its events wait in the spool")
            lost.type(told("All of it, each night", self.engine))
            lost.here.stop(signal.SIGKILL)
        shutil.rmtree(lost.here.home)
        drop(lost.database)

    def replace(self, lost: URL) -> Machine:
        """Set up another one as the page says: its settings and its schedule are those of the back-up."""
        home = self.home / "second"
        installed(home)
        database = lost if self.engine == "PostgreSQL" else database_of(self.engine, home)
        new = Machine(home, home / "schedule.yaml")
        self.running.append(new)
        typist = Typist(new, self.backup, database)
        commands = told("When the machine is lost", self.engine)
        started = commands.index("callrouter audit verify")
        typist.type(commands[:started])
        new.given = dict(line.split("=", 1) for line in typist.settings.read_text("utf-8").splitlines())
        new.start()
        until(lambda: new.ready()["recorder"]["ok"] and new.ready()["control"]["blocks"] == 1, "all is well")
        typist.type(commands[started:])
        return new


@pytest.mark.parametrize("engine", ENGINES)
def test_another_one_goes_on_with_all_that_was_backed_up(tmp_path: Path, engine: str, running: list[Machine]) -> None:
    drill = Drill(engine, tmp_path, running)
    lost = drill.first()
    first = lost.here
    first.start()
    phones = switchboard(first)
    phones.on(ANNA, does=answers(after=6, talks=60))
    assert first.run(*BLOCK).returncode == 0
    phones.logged(phones.rings(SCREENED))
    drill.lose(phones, lost)
    second = drill.replace(lost.database)
    phones.service, phones.machines = second, [second]
    assert phones.rings(CENTRE, NUISANCE).rung == (), "the block knows its caller"
    phones.rings(SCREENED)
    phones.are_all_logged()
    assert numbers_in_the_log(second) == [CALLER, NUISANCE, CALLER, CALLER]
    assert second.run("db", "check").returncode == 0


@pytest.fixture
def backed_up(tmp_path: Path, running: list[Machine]) -> Typist:
    """A machine on SQLite, with a back-up of a night."""
    lost = Drill("SQLite", tmp_path, running).first()
    lost.backup.mkdir()
    lost.here.start()
    lost.type(told("All of it, each night", "SQLite"))
    return lost


def modes(backup: Path) -> dict[str, int]:
    return {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in backup.iterdir()}


def test_a_night_makes_all_of_it_for_its_owner_alone(backed_up: Typist) -> None:
    assert modes(backed_up.backup) == {".settings": 0o600, ".tar": 0o600, ".backup": 0o600}
    (beside,) = back_ups(backed_up.here.home / "var" / "callrouter.db")
    assert beside.stat().st_mode & 0o777 == 0o600


def test_what_is_older_than_a_fortnight_goes_also_what_was_left_half_done(backed_up: Typist) -> None:
    old = clock.now() - timedelta(days=16)
    for name in ("callrouter-2026-01-01T000000Z.tar", ".callrouter-2026-01-02T000000Z.tar"):
        path = backed_up.backup / name
        path.touch()
        os.utime(path, (old.timestamp(), old.timestamp()))
    backed_up.type(told("All of it, each night", "SQLite"))
    assert [path.name for path in backed_up.backup.iterdir() if "2026-01-0" in path.name] == []


@pytest.mark.parametrize(
    "part", ["environment", "var/last-good-schedule.yaml", "var/last-good-control.json", "var/callrouter.db"]
)
def test_without_one_of_its_parts_there_is_no_back_up(backed_up: Typist, part: str) -> None:
    for path in backed_up.backup.iterdir():
        path.unlink()
    backed_up.here.stop()
    for path in backed_up.here.home.glob(f"{part}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(AssertionError):
        backed_up.type(told("All of it, each night", "SQLite"))
    assert list(backed_up.backup.iterdir()) == []


def lacking(archive: Path, part: str) -> None:
    """Make the *archive* one without that part, as `tar --delete` does."""
    subprocess.run(["/bin/tar", f"--file={archive}", "--delete", part], check=True)


@pytest.mark.parametrize(
    "part", ["settings", "backup", "tar", "spool", "last-good-schedule.yaml", "last-good-control.json"]
)
def test_nobody_goes_on_without_one_of_its_parts(backed_up: Typist, part: str, running: list[Machine]) -> None:
    (archive,) = backed_up.backup.glob("*.tar")
    if part in ("settings", "backup", "tar"):
        archive.with_suffix(f".{part}").unlink()
    else:
        lacking(archive, part)
    with pytest.raises(AssertionError, match=part):
        Drill("SQLite", backed_up.backup.parent, running).replace(backed_up.database)
