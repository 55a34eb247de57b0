"""The machine is lost, another one goes on from the back-up: by the commands of docs/operations.md, as they stand."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote

import psycopg
import pytest
from sqlalchemy import URL, make_url

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers
from tests.calllog.postgres import needed_server, programs
from tests.docs.told import ROOT, blocks
from tests.schedules import CENTRE
from tests.service import until
from tests.stories.conftest import CALLER
from tests.stories.machines import Machine, Switchboard, environment, machine, switchboard

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")
NUISANCE = "+46701740688"
BLOCK = ("block", NUISANCE, "--unit", "centre", "--until", "2099-12-31", "--why", "Hot")
ENGINES = ("SQLite", "PostgreSQL")


def told(title: str, engine: str) -> list[str]:
    """The commands under a heading of the page: those for every database, and those for *engine*."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = re.split(r"^#+ ", page.partition(f"### {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    files, *each, after = [*blocks(section), *([] if "reconcile" in section else blocks("```console\n:\n```"))]
    return [*files.commands, *each[ENGINES.index(engine)].commands, *after.commands]


def typed(here: Machine, backup: Path, commands: list[str], database: URL) -> None:
    """Type *commands* on that machine, where the back-up's disk and the database are called otherwise."""
    names = {
        "/opt/callrouter/.venv/bin/callrouter": f"{quote(sys.executable)} -m callrouter",
        "/var/lib/callrouter": str(here.home / "var"),
        "/backup": str(backup),
        " calls": f" {database.database}",
        "=calls": f"={database.database}",
    }
    environ = here.environ | {"PGHOST": str(database.query.get("host", "")), "PGUSER": "postgres"}
    environ["PATH"] = f"{programs()}:{environ['PATH']}"
    for command in commands:
        if "reconcile" in command:
            continue  # nobody is at the provider's here: tests/cli/test_reconcile.py
        for name, ours in names.items():
            command = command.replace(name, ours)  # noqa: PLW2901 - the same command, in our words
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=here.home, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


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


@dataclass
class Drill:
    """A back-up disk, and the two machines of the drill with their databases."""

    engine: str
    home: Path
    running: list[Machine]
    given: dict[str, str] = field(default_factory=environment)

    @property
    def backup(self) -> Path:
        return self.home / "backup"

    def machine(self, name: str) -> tuple[Machine, URL]:
        """One with the same settings and keys, and an empty database."""
        database = database_of(self.engine, self.home / name)
        made = machine(self.home / name, self.given | {"CALLROUTER_DATABASE_URL": database.render_as_string()})
        self.running.append(made)
        return made, database

    def lose(self, phones: Switchboard, lost: Machine, database: URL) -> None:
        """Make the back-up while a call waits in the spool, and lose the machine."""
        self.backup.mkdir()
        with held(database):
            phones.rings(SCREENED)
            until(lambda: lost.ready()["recorder"]["spool_entries"] > 0, "its events wait in the spool")
            typed(lost, self.backup, told("All of it, to another disk", self.engine), database)
            lost.stop(signal.SIGKILL)
        shutil.rmtree(lost.home)

    def replace(self) -> Machine:
        """Set up another one as the page says."""
        new, database = self.machine("second")
        (new.home / "var").mkdir(mode=0o700)
        commands = told("When the machine is lost", self.engine)
        after = commands.index("/opt/callrouter/.venv/bin/callrouter audit verify")
        typed(new, self.backup, [each for each in commands[:after] if "createdb" not in each], database)
        new.start()
        until(lambda: new.ready()["recorder"]["ok"] and new.ready()["control"]["blocks"] == 1, "all is well")
        typed(new, self.backup, commands[after:], database)
        return new


@pytest.mark.parametrize("engine", ENGINES)
def test_another_one_goes_on_with_all_that_was_backed_up(tmp_path: Path, engine: str, running: list[Machine]) -> None:
    drill = Drill(engine, tmp_path, running)
    first, database = drill.machine("first")
    first.start()
    phones = switchboard(first)
    phones.on(ANNA, does=answers(after=6, talks=60))
    assert first.run(*BLOCK).returncode == 0
    phones.logged(phones.rings(SCREENED))
    drill.lose(phones, first, database)
    second = drill.replace()
    phones.service, phones.machines = second, [second]
    assert phones.rings(CENTRE, NUISANCE).rung == (), "the block knows its caller"
    phones.rings(SCREENED)
    phones.are_all_logged()
    assert numbers_in_the_log(second) == [CALLER, NUISANCE, CALLER, CALLER]
    assert second.run("db", "check").returncode == 0
