"""A run of which nobody can be told its end, for the database cannot be written: it is told as soon as it can."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import JobRunRow
from callrouter.calllog.turns import TurnError
from callrouter.jobs.job import Job, Piece, Tools
from callrouter.jobs.running import run_claimed


class Restore:
    """Somebody who has everybody's turn to write, as a restore does."""

    def __init__(self, url: str) -> None:
        self._database, self._turn = Database(url), ExitStack()

    def begins(self) -> None:
        self._turn.enter_context(self._database.turn())

    def ends(self) -> None:
        self._turn.close()
        self._database.close()


class Waits(Event):
    """Whoever waits a moment finds the *restore* over; with *is_over* the process ends instead."""

    def __init__(self, restore: Restore, *, is_over: bool = False) -> None:
        super().__init__()
        self._restore, self._is_over = restore, is_over

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout
        if not self._is_over:
            self._restore.ends()
        return self._is_over


@pytest.fixture
def restore(sqlite_url: str) -> Iterator[Restore]:
    restore = Restore(sqlite_url)
    yield restore
    restore.ends()


@pytest.fixture
def impatient(sqlite_url: str) -> Iterator[Database]:
    with closing(Database(sqlite_url, busy_seconds=0.05)) as database:
        yield database


def result_of(database: Database) -> str | None:
    with database.reading() as connection:
        return connection.execute(select(JobRunRow.result)).scalar_one()


def run(tools: Tools, restore: Restore, error: Exception | None) -> str | None:
    def work(_tools: Tools) -> str:
        restore.begins()
        if error:
            raise error
        return "3 done"

    job = Job("retention", 30, timedelta(hours=2), work, hour=3)
    return run_claimed(tools, job, Piece("2026-11-23", work), "a")


def test_what_failed_is_told_as_failed(impatient: Database, restore: Restore) -> None:
    with pytest.raises(ZeroDivisionError):
        run(Tools(impatient, stopping=Waits(restore)), restore, ZeroDivisionError("it broke"))
    assert result_of(impatient) == "failed: ZeroDivisionError: it broke"


def test_what_was_done_is_told_as_done(impatient: Database, restore: Restore) -> None:
    assert run(Tools(impatient, stopping=Waits(restore)), restore, None) == "3 done"
    assert result_of(impatient) == "3 done"


def test_a_process_that_ends_does_not_wait_for_it(impatient: Database, restore: Restore) -> None:
    with pytest.raises(TurnError):
        run(Tools(impatient, stopping=Waits(restore, is_over=True)), restore, None)
    restore.ends()
    assert result_of(impatient) is None
