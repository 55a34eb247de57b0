"""Several machines share one schedule: what is published on one is in force on all."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callrouter.schedule import version_of
from tests.calllog.engines import empty_url
from tests.schedules import CENTRE
from tests.service import RunningService, until
from tests.stories.conftest import Phones

__all__ = ["empty_url"]  # a fixture

SCHEDULE = (Path(__file__).parent / "schedule.yaml").read_text(encoding="utf-8")
LATER = SCHEDULE.replace("mon-fri: 10:00-15:00", "mon-fri: 12:00-15:00")
BROKEN = SCHEDULE.replace("open: reception", "open: receptoin", 1)


@dataclass
class Machine(RunningService):
    """A service that shares its schedule, and its database, with others."""

    database_url: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return super().environ | {"CALLROUTER_SCHEDULE": "database", "CALLROUTER_DATABASE_URL": self.database_url}

    def schedule_state(self) -> dict[str, Any]:
        """What /readyz says of the schedule."""
        state: dict[str, Any] = self.ready()["schedule"]
        return state

    def publish(self, text: str, *options: str) -> str:
        """What `schedule publish` says; it must have worked."""
        file = self.home / "schedule.yaml"
        file.write_text(text, encoding="utf-8")
        done = self.run("schedule", "publish", str(file), *options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def follows(self, text: str) -> None:
        """Wait until the version of *text* is in force here, from the database, and nothing is wrong."""

        def is_so() -> bool:
            state = self.schedule_state()
            return bool(state["ok"]) and (state["source"], state["version"]) == ("database", version_of(text))

        until(is_so, f"{self.home.name} follows: {self.schedule_state()}", 8)


@pytest.fixture
def machines(tmp_path: Path, empty_url: str) -> Iterator[tuple[Machine, Machine]]:
    """Two machines with one database; not started yet."""
    first, second = _machine(tmp_path / "first", empty_url), _machine(tmp_path / "second", empty_url)
    yield first, second
    first.stop()
    second.stop()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """The file of an SQLite database."""
    return tmp_path / "shared.db"


@pytest.fixture
def machine(tmp_path: Path, shared: Path) -> Iterator[Machine]:
    """A machine with its schedule in an SQLite database; not started yet."""
    machine = _machine(tmp_path / "first", f"sqlite:///{shared}")
    yield machine
    machine.stop()


def _machine(home: Path, database_url: str) -> Machine:
    home.mkdir()
    return Machine(home, home / "schedule.yaml", database_url=database_url)


def test_what_is_published_is_in_force_on_every_machine(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    told = first.publish(SCHEDULE, "--why", "vi börjar")
    assert f"version {version_of(SCHEDULE)[:8]}" in told
    for machine in machines:
        machine.start()
        machine.follows(SCHEDULE)
    assert state_of(second, "2026-11-23 11:01") == "open"

    told = second.publish(LATER, "--why", "sovmorgon")
    assert f"It replaces version {version_of(SCHEDULE)[:8]}" in told
    assert "(vi börjar)" in told
    for machine in machines:
        machine.follows(LATER)
        assert state_of(machine, "2026-11-23 11:02") == "closed"

    (first.home / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    refused = first.run("schedule", "publish", "broken.yaml")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "did you mean 'reception'?" in refused.stderr
    for machine in machines:
        machine.follows(LATER)


def test_a_machine_starts_without_the_database_on_its_copy(machine: Machine, shared: Path) -> None:
    machine.publish(SCHEDULE)
    machine.start()
    machine.follows(SCHEDULE)
    machine.stop()
    away = shared.rename(shared.with_name("away.db"))
    shared.mkdir()

    machine.start()
    state = machine.schedule_state()
    assert (state["source"], state["version"], state["ok"]) == ("last-good", version_of(SCHEDULE), False)
    assert "cannot be read" in state["errors"][0]
    assert Phones(machine).call(CENTRE, "2026-11-23 11:00").legs  # somebody is rung

    shared.rmdir()
    away.rename(shared)
    machine.follows(SCHEDULE)


def test_a_database_that_goes_away_changes_nothing_but_shows(machine: Machine, shared: Path) -> None:
    machine.publish(SCHEDULE)
    machine.start()
    machine.follows(SCHEDULE)
    with closing(sqlite3.connect(shared)) as connection:
        connection.execute("ALTER TABLE schedule_publication RENAME TO taken_away")
        connection.commit()
        until(lambda: machine.schedule_state()["errors"], "it shows", 8)
        assert machine.schedule_state()["version"] == version_of(SCHEDULE)
        assert machine.get("/readyz")[0] == 503
        connection.execute("ALTER TABLE taken_away RENAME TO schedule_publication")
        connection.commit()
    machine.follows(SCHEDULE)


def state_of(machine: Machine, at: str) -> str:
    """Open or closed, as `callrouter call` tells it: it reads the schedule as the service does."""
    told = machine.run("call", CENTRE.e164, "--at", at, "--url", machine.url)
    assert told.returncode == 0, told.stdout + told.stderr
    return "open" if " is OPEN" in told.stdout else "closed"
