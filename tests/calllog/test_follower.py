"""The follower: of more calls than it remembers the log itself tells, and none stays unfolded."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.follower import MOST_UNFOLDED, Follower
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_entries
from tests.calllog.told import PSEUDONYMIZER, SEALER, arrival, call_rows
from tests.schedules import CLOSED_HOUR
from tests.service import until

LONG_SECONDS = 120


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    made = Database(sqlite_url)
    yield made
    made.close()


@pytest.fixture
def follower(tmp_path: Path, database: Database) -> Iterator[Follower]:
    made = Follower(database, Spool(tmp_path / "spool", SEALER), lambda _entries: None, lambda: None, 0.05)
    made.start()
    yield made
    made.stop()


def test_what_it_does_not_remember_is_found_in_the_log(follower: Follower, database: Database) -> None:
    """Calls of which there are no events take all places; the one that there is comes after them."""
    until(lambda: follower.is_caught_up, "it has caught up with what was there: nothing", LONG_SECONDS)
    entry = arrival()
    write_entries(database, PSEUDONYMIZER, [entry])
    follower.fold({(CLOSED_HOUR.date(), f"CA-nothing-{number}") for number in range(MOST_UNFOLDED + 1000)})
    follower.fold({(CLOSED_HOUR.date(), entry.call_id)})
    assert follower.unfolded <= MOST_UNFOLDED + 1000
    until(lambda: call_rows(database), "it is folded", LONG_SECONDS)
