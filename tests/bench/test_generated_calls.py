"""The generated log is what the product makes of the same events, so that what is measured on it is measured truly."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bench.fill import fill
from bench.generated_calls import PSEUDONYMIZER, Generator, Plan, days_of
from callrouter.calllog.catching_up import unprojected
from callrouter.calllog.database import Database
from callrouter.calllog.projection import project
from callrouter.calllog.tables import CallEventRow, CallRow, LegRow, RecordingRow, Table, TallyRow
from tests.calllog.engines import empty_url, prepared_sqlite

__all__ = ["empty_url"]

FOLDED: tuple[type[Table], ...] = (CallRow, LegRow, RecordingRow, TallyRow)
OVER_A_CHANGE_OF_CLOCKS = date(2026, 11, 1)


def rows(database: Database, table: type[Table]) -> list[dict[str, Any]]:
    key = list(table.__table__.primary_key)
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(select(table.__table__).order_by(*key)).mappings()]


@pytest.fixture
def again(tmp_path: Path) -> Iterator[Database]:
    """An empty database, for the same events."""
    database = Database(prepared_sqlite(tmp_path / "again.db"))
    yield database
    database.close()


@pytest.mark.parametrize("events", ["few", "all"])
def test_the_projection_makes_the_same_rows_and_counts_of_its_events(
    empty_url: str, again: Database, events: str
) -> None:
    fill(Plan(300, OVER_A_CHANGE_OF_CLOCKS, days=9, events=events, ways=3), [empty_url], processes=1)
    database = Database(empty_url)
    told = rows(database, CallEventRow)
    with again.writing() as connection:
        connection.execute(insert(CallEventRow), told)
    assert project(again, {(row["day"], row["call_id"]) for row in told}) == 300
    for table in FOLDED:
        assert rows(database, table) == rows(again, table), table.__tablename__
    assert not any(unprojected(database, day) for day in {row["day"] for row in told})
    database.close()


def test_the_same_seed_gives_the_same_calls_in_any_order() -> None:
    plan = Plan(300, date(2026, 3, 1), days=3, ways=3)
    days = list(days_of(plan))
    forwards = [Generator(plan).day(*day)[0] for day in days]
    generator = Generator(plan)
    backwards = [generator.day(*day)[0] for day in reversed(days)]
    assert forwards == backwards[::-1]
    assert sum(len(rows["call"]) for rows in forwards) == 300


def test_what_it_is_like(tmp_path: Path) -> None:
    """Sixty per cent closed, one message in a hundred, callers who come again, none whose number somebody has."""
    plan = Plan(4000, date(2026, 11, 1), days=7, events="none", ways=10)
    fill(plan, [f"sqlite:///{tmp_path / 'calls.db'}"], processes=1)
    connection = sqlite3.connect(tmp_path / "calls.db")

    def share(of: str) -> float:
        return float(connection.execute(f"SELECT avg({of}) FROM call").fetchone()[0])  # noqa: S608 - ours

    assert 0.55 < share("state = 'closed'") < 0.7
    assert 0.003 < share("disposition = 'message'") < 0.03
    assert 0.75 < share("disposition = 'answered'") < 0.95
    numbers = [number for (number,) in connection.execute("SELECT number FROM caller WHERE number IS NOT NULL")]
    assert len(set(numbers)) < 0.9 * len(numbers)
    assert {len(number) for number in numbers} == {16}
    hashed = "SELECT count(*) FROM caller JOIN call USING (day, call_id) WHERE unit LIKE '%9' AND number IS NOT NULL"
    assert connection.execute(hashed).fetchone() == (0,)
    (key, number) = connection.execute("SELECT key, number FROM caller WHERE number IS NOT NULL").fetchone()
    assert key == PSEUDONYMIZER.key(number)
    assert connection.execute("SELECT count(*) FROM call_event").fetchone() == (0,)
    connection.close()
