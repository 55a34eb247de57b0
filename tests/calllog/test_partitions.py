"""PostgreSQL's partitions are there before their month begins; what came too early is moved to its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, insert, select, text

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.partitions import MONTHS_AHEAD, Partitioned, months, partition_ahead
from callrouter.calllog.tables import CallEventRow
from callrouter.calllog.writes import write_entries
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import PSEUDONYMIZER, arrival, event_count, whole_story

FAR = datetime(2041, 5, 14, 12, tzinfo=UTC)
"""An instant for which no partition is there yet."""


@pytest.fixture
def database(postgres: PostgresServer) -> Iterator[Database]:
    """A database of its own: partitions stay."""
    database = Database(postgres.empty_database())
    database.prepare()
    yield database
    database.close()


def partition_of(database: Database, call_id: str) -> set[str]:
    """Where the events of a call are."""
    query = text("SELECT DISTINCT tableoid::regclass::text FROM call_event WHERE call_id = :id")
    with database.reading() as connection:
        return set(connection.execute(query, {"id": call_id}).scalars())


def in_two_years(database: Database) -> date:
    """The last month that the migration made a partition for."""
    query = text(
        "SELECT max(relname) FROM pg_inherits JOIN pg_class ON oid = inhrelid"
        " WHERE inhparent = 'call_event'::regclass AND relname <> 'call_event_other'"
    )
    with database.reading() as connection:
        name = connection.execute(query).scalar_one()
    return datetime.strptime(name, "call_event_%Y_%m").replace(tzinfo=UTC).date()


def write_one(connection: Connection, call_id: str, at: datetime) -> None:
    row = {"day": at.date(), "call_id": call_id, "id": "1", "kind": "arrived", "at": at, "facts": {}}
    connection.execute(insert(CallEventRow), [row])


def test_a_new_database_has_them_for_two_years(database: Database) -> None:
    today = clock.now().date()
    assert partition_ahead(database, today) == Partitioned()
    assert in_two_years(database) >= list(months(today, MONTHS_AHEAD + 1))[-1]


def test_each_month_makes_one_more(database: Database) -> None:
    first, second, third = months(in_two_years(database), 3)
    year, month = (second.year - 2, second.month)
    assert partition_ahead(database, date(year, month, 28)) == Partitioned((second,))
    assert partition_ahead(database, date(year, month, 28)) == Partitioned()
    assert partition_ahead(database, third.replace(year=third.year - 2)) == Partitioned((third,))
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", datetime(third.year, third.month, 1, tzinfo=UTC))])
    assert partition_of(database, "CA1") == {f"call_event_{third:%Y_%m}"}
    assert first < second


def test_what_came_too_early_is_moved(database: Database) -> None:
    story = whole_story("CA1", FAR)
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", FAR), arrival("CA2", FAR.replace(month=7))])
    assert partition_of(database, "CA1") == {"call_event_other"}
    made = partition_ahead(database, clock.now().date())
    assert made == Partitioned((date(2041, 5, 1), date(2041, 7, 1)), moved=4)
    assert partition_of(database, "CA1") == {"call_event_2041_05"}
    assert partition_of(database, "CA2") == {"call_event_2041_07"}
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", FAR)])
    assert event_count(database, "CA1") == len(story[:2])  # told again, they are the same rows


def test_who_writes_events_of_today_does_not_wait(database: Database) -> None:
    with database.writing() as connection:
        write_one(connection, "CA1", clock.now())
        assert partition_ahead(database, FAR.date()).months
        write_one(connection, "CA2", clock.now())
    with database.reading() as connection:
        assert set(connection.execute(select(CallEventRow.call_id)).scalars()) == {"CA1", "CA2"}


def test_several_processes_make_each_once(database: Database) -> None:
    with database.writing() as connection:
        write_one(connection, "CA1", FAR)
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: partition_ahead(database, FAR.date()), range(4)))
    assert sorted(month for one in made for month in one.months) == list(months(FAR.date(), MONTHS_AHEAD + 1))
    assert sum(one.moved for one in made) == 1
    assert event_count(database) == 1


def test_sqlite_has_none(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert partition_ahead(database, FAR.date()) == Partitioned()
    database.close()
