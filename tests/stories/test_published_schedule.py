"""Several machines share one schedule: what is published on one is in force on all."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from callrouter.schedule import version_of
from tests.schedules import CENTRE
from tests.service import RunningService, until
from tests.stories.conftest import Phones

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
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two machines with one database; not started yet."""
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    both = []
    for name in ("first", "second"):
        home = tmp_path / name
        home.mkdir()
        both.append(Machine(home, home / "schedule.yaml", database_url=url))
    yield both[0], both[1]
    for machine in both:
        machine.stop()


def test_what_is_published_is_in_force_on_every_machine(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    told = first.publish(SCHEDULE, "--why", "vi börjar")
    assert f"version {version_of(SCHEDULE)[:8]}" in told
    for machine in machines:
        machine.start()
        machine.follows(SCHEDULE)
    assert Phones(second).call(CENTRE, "2026-11-23 11:00").answered_by is None  # the desk lets it ring: it is open
    assert state_of(second, "2026-11-23 11:01") == "open"

    told = second.publish(LATER, "--why", "sovmorgon")
    assert f"It replaces version {version_of(SCHEDULE)[:8]}" in told
    assert "(vi börjar)" in told
    for machine in machines:
        machine.follows(LATER)
        assert state_of(machine, "2026-11-23 11:02") == "closed"


def test_a_broken_file_is_refused_and_nothing_changes(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    first.publish(SCHEDULE)
    second.start()
    second.follows(SCHEDULE)
    broken = first.home / "broken.yaml"
    broken.write_text(BROKEN, encoding="utf-8")
    refused = first.run("schedule", "publish", str(broken))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{broken}:" in refused.stderr
    assert "did you mean 'reception'?" in refused.stderr
    assert "1 error: nothing was published." in refused.stderr
    second.follows(SCHEDULE)


def test_the_same_version_is_published_once(machines: tuple[Machine, Machine]) -> None:
    first, second = machines
    first.publish(SCHEDULE)
    assert "Nothing to publish" in second.publish(SCHEDULE)
    with closing(sqlite3.connect(first.home.parent / "shared.db")) as shared:
        assert shared.execute("SELECT count(*) FROM schedule_publication").fetchone() == (1,)


def test_a_machine_starts_without_the_database_on_its_copy(machines: tuple[Machine, Machine]) -> None:
    first, _ = machines
    first.publish(SCHEDULE)
    first.start()
    first.follows(SCHEDULE)
    file, away = first.home.parent / "shared.db", first.home.parent / "away.db"
    first.stop()
    file.rename(away)
    file.mkdir()

    first.start()
    state = first.schedule_state()
    assert (state["source"], state["version"], state["ok"]) == ("last-good", version_of(SCHEDULE), False)
    assert "cannot be read" in state["errors"][0]
    played = Phones(first).call(CENTRE, "2026-11-23 11:00")
    assert played.legs  # somebody was rung

    file.rmdir()
    away.rename(file)
    first.follows(SCHEDULE)


def test_a_database_that_goes_away_changes_nothing_but_shows(machines: tuple[Machine, Machine]) -> None:
    first, _ = machines
    first.publish(SCHEDULE)
    first.start()
    first.follows(SCHEDULE)
    with closing(sqlite3.connect(first.home.parent / "shared.db")) as shared:
        shared.execute("ALTER TABLE schedule_publication RENAME TO taken_away")
        shared.commit()
        until(lambda: first.schedule_state()["errors"], "it shows", 8)
        assert first.schedule_state()["version"] == version_of(SCHEDULE)
        assert first.get("/readyz")[0] == 503
        shared.execute("ALTER TABLE taken_away RENAME TO schedule_publication")
        shared.commit()
    first.follows(SCHEDULE)


def test_every_command_reads_the_published_schedule(machines: tuple[Machine, Machine]) -> None:
    first, _ = machines
    assert "Nothing was published yet" in _prepared(first).run("schedule", "check").stderr
    first.publish(SCHEDULE)
    shutil.rmtree(first.home / "var", ignore_errors=True)
    assert first.run("schedule", "check", "--strict").returncode == 0
    exported = json.loads(first.run("schedule", "export", "--json", "--days", "1").stdout)
    assert exported["schedule_version"] == version_of(SCHEDULE)


def _prepared(machine: Machine) -> Machine:
    assert machine.run("db", "upgrade").returncode == 0
    return machine


def state_of(machine: Machine, at: str) -> str:
    """Open or closed, as `callrouter call` tells it: it reads the schedule as the service does."""
    told = machine.run("call", CENTRE.e164, "--at", at, "--url", machine.url)
    assert told.returncode == 0, told.stdout + told.stderr
    return "open" if " is OPEN" in told.stdout else "closed"
