"""Many rows at once through the driver: all or nothing, on PostgreSQL in one round trip, told in SQLAlchemy's words."""

from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError

from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallEventRow
from callrouter.calllog.writes import write_entries
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import CITIZEN, DIGITS, PSEUDONYMIZER, arrival, event_count

EVENT = "INSERT INTO call_event (day, call_id, id, kind, at, facts) VALUES {rows}"
GOOD = ("2026-11-23", "CA1", "1", "arrived", "2026-11-23 15:30:00.000000", "{}")


def test_all_or_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.write_at_once([(EVENT, [GOOD]), (EVENT, [GOOD])])
    assert event_count(database) == 0
    database.write_at_once([(EVENT, [GOOD]), (EVENT, [])])
    assert event_count(database) == 1


@pytest.mark.parametrize("count", [1, 2, 3, 127, 128, 129, 400])
def test_each_row_once_however_many(database: Database, count: int) -> None:
    rows = [("2026-11-23", "CA1", str(number), *GOOD[3:]) for number in range(count)]
    database.write_at_once([(EVENT, rows), ("UPDATE call_event SET kind = ? WHERE id = ?", [("leg", "0")])])
    with database.reading() as connection:
        told = connection.execute(select(CallEventRow.id, CallEventRow.kind)).all()
    assert sorted(told) == sorted((row[2], "arrived" if row[2] != "0" else "leg") for row in rows)


def test_an_error_never_shows_what_was_to_be_written(database: Database) -> None:
    wrong = "INSERT INTO no_table (number) VALUES {rows}"
    with pytest.raises(SQLAlchemyError, match="no_table") as raised:
        database.write_at_once([(wrong, [(CITIZEN.e164,)])])
    assert DIGITS.decode() not in str(raised.value)


def test_a_database_that_is_not_there_is_told_like_everywhere_else(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"):
        database = Database(url)
        with pytest.raises(OperationalError):
            database.write_at_once([(EVENT, [GOOD])])
        database.close()


def test_postgresql_is_told_all_in_one_go_and_says_all_in_one_go(postgres: PostgresServer, tmp_path: Path) -> None:
    """Seen through libpq's own trace: which messages went out (F) and came back (B), in their order."""
    database = Database(postgres.prepared_database())
    opened: list[psycopg.Connection] = []
    event.listen(database._engine, "connect", lambda connection, _: opened.append(connection))  # noqa: SLF001
    write_entries(database, PSEUDONYMIZER, [arrival("CA0")])
    with (tmp_path / "trace").open("w+") as trace:
        opened[0].pgconn.trace(trace.fileno())
        write_entries(database, PSEUDONYMIZER, [arrival(f"CA{number}") for number in range(1, 4)])
        opened[0].pgconn.untrace()
        trace.seek(0)
        directions = [line.split("\t")[1] for line in trace]
    assert len(opened) == 1
    assert directions.count("F") > 3
    assert sum(before != after for before, after in pairwise(directions)) == 1
    assert event_count(database) == 8
    database.close()


def test_a_connection_that_postgresql_has_closed_costs_nobody_an_error(postgres: PostgresServer) -> None:
    database = Database(postgres.prepared_database())
    write_entries(database, PSEUDONYMIZER, [arrival("CA1")])
    with psycopg.connect(host=str(database._url.query["host"]), user="postgres", autocommit=True) as other:  # noqa: SLF001
        other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    write_entries(database, PSEUDONYMIZER, [arrival("CA2")])
    assert event_count(database) == 4
    database.close()
