"""Processes that share a database and answer by different schedules tell of it, once it lasts."""

from datetime import UTC, datetime, timedelta

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.processes import LIVES, Process, tell
from callrouter.schedule import load
from callrouter.schedule.store import Loaded
from callrouter.web.versions import SETTLES, Versions
from tests.calllog.engines import database, url
from tests.stories.machines import SCHEDULE

__all__ = ["database", "url"]

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
BEAT = timedelta(seconds=10)
BEATS = int(SETTLES / BEAT) + 1
OURS = Loaded(load(SCHEDULE.read_bytes()), loaded_at=NOON)
assert OURS.schedule
VERSION = OURS.schedule.version


class Morning:
    """The hour, a process of ours, and another machine's."""

    def __init__(self, database: Database) -> None:
        self.at = NOON
        self.database = database
        self.ours = Versions(lambda: OURS, database, lambda: self.at)

    def goes_on(self, beats: int, other: str | None, since: datetime = NOON) -> None:
        """The other answers by that version."""
        for _ in range(beats):
            self.at += BEAT
            tell(self.database, Process("other:1", other, since), self.at)
            self.ours.measure()


@pytest.fixture
def morning(database: Database) -> Morning:
    return Morning(database)


def test_those_of_one_version_agree(morning: Morning) -> None:
    morning.goes_on(BEATS, VERSION)
    assert morning.ours.condition() == {"ok": True, "error": None, "others": 1}


@pytest.mark.parametrize(("other", "named"), [("b" * 64, "bbbbbbbb"), (None, "none")], ids=["another", "none"])
def test_one_that_differs_is_named_once_it_lasts(morning: Morning, other: str | None, named: str) -> None:
    morning.goes_on(BEATS - 1, other)
    assert morning.ours.condition()["ok"]
    morning.goes_on(1, other)
    told = morning.ours.condition()
    assert told == {"ok": False, "error": f"{VERSION[:8]} here, {named} in other:1", "others": 1}


def test_it_counts_from_the_last_change(morning: Morning) -> None:
    morning.goes_on(BEATS, VERSION)
    morning.goes_on(1, "b" * 64, since=morning.at)
    assert morning.ours.condition()["ok"]


def test_one_that_has_followed_agrees_again(morning: Morning) -> None:
    morning.goes_on(BEATS, "b" * 64)
    morning.goes_on(1, VERSION, since=morning.at)
    assert morning.ours.condition()["ok"]


def test_one_that_is_gone_is_forgotten(morning: Morning) -> None:
    morning.goes_on(BEATS, "b" * 64)
    morning.at += LIVES + BEAT
    morning.ours.measure()
    assert morning.ours.condition() == {"ok": True, "error": None, "others": 0}


def test_what_was_heard_long_ago_says_nothing(morning: Morning) -> None:
    """As while the database is away: that is told by others."""
    morning.goes_on(BEATS, "b" * 64)
    morning.at += LIVES
    assert morning.ours.condition()["ok"]
