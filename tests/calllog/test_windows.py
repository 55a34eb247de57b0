"""A long read in short transactions: every call once, in windows that fit."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callrouter.calllog.database import Database
from callrouter.calllog.windows import FEW, MANY, Progress, Windows, in_windows, logged_period
from callrouter.domain.span import Span
from tests.calllog.export.rows import START, keep, numbered

YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@given(st.lists(st.integers(0, 3 * MANY), min_size=1, max_size=50), st.integers(1, 10**7))
def test_windows_follow_each_other_to_the_end(rows: list[int], seconds: int) -> None:
    end = YEAR[0] + timedelta(seconds=seconds)
    windows = Windows(YEAR[0], end)
    seen: list[Span] = []
    for number, window in enumerate(windows):
        seen.append(window)
        windows.rows = rows[number % len(rows)] if number < 200 else 0
    assert seen[0].start == YEAR[0]
    assert [window.end for window in seen] == [*(window.start for window in seen[1:]), end]


def lengths(rows_a_day: float) -> list[timedelta]:
    windows = Windows(*YEAR)
    found: list[timedelta] = []
    for window in windows:
        assert window.end
        found.append(window.end - window.start)
        windows.rows = round(found[-1] / timedelta(days=1) * rows_a_day)
    return found


def test_they_grow_where_little_happened_and_shrink_where_much_did() -> None:
    assert max(lengths(0)) == timedelta(days=31)
    usual = lengths(2 * FEW)
    assert set(usual) == {timedelta(days=1)}
    busy = lengths(8 * MANY)
    assert busy[3:-1] == [timedelta(hours=3)] * (len(busy) - 4)


def test_no_period_has_no_window() -> None:
    assert list(Windows(YEAR[1], YEAR[0])) == []


def test_each_window_has_a_transaction_of_its_own(database: Database) -> None:
    keep(database, numbered(3))
    connections, told = [], list[Progress]()

    def read(connection: object, _window: Span) -> int:
        connections.append(connection)
        return 1

    count = in_windows(database, (START, START + timedelta(days=5)), read, told.append)
    assert count == len(connections) == len(told) == 3
    assert [progress.share((START, START + timedelta(days=4))) for progress in told] == [0.25, 0.75, 1.0]


def test_the_period_of_the_log(database: Database) -> None:
    with database.reading() as connection:
        assert logged_period(connection) is None
    period = keep(database, numbered(3))
    with database.reading() as connection:
        assert logged_period(connection) == period
