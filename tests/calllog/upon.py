"""Two transactions of which the second begins before the first has ended."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from callrouter.calllog.database import Database

T = TypeVar("T")


def one_upon_another(
    database: Database, first: Callable[[Connection], T], second: Callable[[Connection], T]
) -> list[T]:
    """What two deeds return of which the second begins while the first is done, and not yet for all to see."""
    is_done, may_commit = Event(), Event()

    def slowly() -> T:
        with database.writing() as connection:
            told = first(connection)
            is_done.set()
            assert may_commit.wait(20)
            return told

    def then() -> T:
        with database.writing() as connection:
            return second(connection)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(slowly)
        assert is_done.wait(20)
        other = threads.submit(then)
        with pytest.raises(TimeoutError):
            other.result(0.3)  # it waits
        may_commit.set()
        return [slow.result(20), other.result(20)]
