"""A database that is damaged, or a service that is killed: brought back, no call is lost, and each is there once."""

import json
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.calllog.damage import FOLDED, lose_pages
from tests.schedules import CENTRE
from tests.service import RunningService, until
from tests.stories.conftest import CALLER, Phones


@pytest.fixture
def phones(own_service: RunningService) -> Phones:
    own_service.start()
    return Phones(own_service)


def play(phones: Phones, *minutes: int) -> None:
    """A call at each of these minutes past 18:00; everybody is answered."""
    for minute in minutes:
        phones.call(CENTRE, f"2026-11-23 18:{minute:02}", CALLER)


def database_of(service: RunningService) -> Path:
    return service.home / "var" / "callrouter.db"


def in_the_log(service: RunningService) -> list[str]:
    """The minute of each call that `callrouter log` lists, oldest first."""
    calls = [json.loads(line) for line in service.run("log", "--json").stdout.splitlines()]
    return sorted(call["received_at"][14:16] for call in calls)


def is_well(service: RunningService) -> bool:
    recorder = service.ready()["recorder"]
    return bool(recorder["ok"]) and recorder["unfolded_calls"] == 0


def test_damaged_while_calls_come_and_brought_back(phones: Phones) -> None:
    service = phones.service
    database, backup = database_of(service), service.home / "good.backup"
    play(phones, 1, 2)
    made = service.run("db", "backup", str(backup))
    assert made.returncode == 0, made.stderr
    play(phones, 3, 4)
    until(lambda: is_well(service), "all is folded")
    lose_pages(database, *FOLDED)
    damaged = database.stat().st_ino
    play(phones, 5, 6, 7)
    until(lambda: service.ready()["recorder"]["spool_entries"] > 0, "events wait in the spool")
    assert "malformed" in service.ready()["recorder"]["error"]
    assert service.run("db", "check").returncode == 3
    assert database.stat().st_ino == damaged, "nobody puts another file in its place unasked"
    restored = service.run("db", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    until(lambda: is_well(service), f"the spool is replayed: {service.ready()}")
    play(phones, 8)
    for played in phones.played:
        phones.logged(played)
    assert in_the_log(service) == [f"{minute:02}" for minute in range(1, 9)]
    assert service.run("db", "check").returncode == 0, service.run("db", "check").stdout
    (aside,) = (path for path in database.parent.glob("*.replaced-*Z"))
    assert aside.stat().st_ino == damaged


def test_killed_between_the_events_and_the_rows(phones: Phones) -> None:
    """A power cut in the worst moment: the next start folds what was only told."""
    service = phones.service
    play(phones, 1)
    until(lambda: is_well(service), "all is folded")
    with closing(sqlite3.connect(database_of(service), timeout=10)) as connection:
        connection.execute("ALTER TABLE call RENAME TO call_away")
        play(phones, 2, 3)
        assert service.ready()["recorder"]["unfolded_calls"] > 0
        service.stop(signal.SIGKILL)
        connection.execute("ALTER TABLE call_away RENAME TO call")
    assert len(in_the_log(service)) == 1
    service.start()
    for played in phones.played:
        phones.logged(played)
    assert in_the_log(service) == ["01", "02", "03"]
