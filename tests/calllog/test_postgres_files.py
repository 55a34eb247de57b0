"""What the files of a PostgreSQL server keep of a number that was erased: docs/privacy.md says so."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallerRow
from tests.calllog.postgres import PostgresServer

DAY = datetime(2026, 11, 1, tzinfo=UTC).date()
DIGITS = "46701740696"


@pytest.fixture
def server(postgres: PostgresServer) -> Iterator[psycopg.Connection]:
    """A connection to the database of the test, outside of transactions."""
    url = postgres.prepared_database()
    database = Database(url)
    calls = [{"day": DAY, "call_id": f"CA{number}", "number": f"+{DIGITS}"} for number in range(50)]
    with database.writing() as connection:
        connection.execute(insert(CallerRow), calls)
    with database.writing() as connection:
        connection.execute(update(CallerRow).values(number=None))
    database.close()
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        yield connection


def kept_in(server: psycopg.Connection) -> set[str]:
    """The tables and indexes whose files have the digits."""
    server.execute("CHECKPOINT")
    (place,) = server.execute("SHOW data_directory").fetchone() or ("",)
    named = "SELECT relname, pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't')"
    files = {name: Path(place) / path for name, path in server.execute(named) if path}
    return {name for name, file in files.items() if file.exists() and DIGITS.encode() in file.read_bytes()}


def test_an_erased_number_stays_until_the_table_is_written_anew(server: psycopg.Connection) -> None:
    assert kept_in(server) == {"caller", "ix_caller_number"}
    server.execute("VACUUM caller")
    assert "ix_caller_number" in kept_in(server), "what a vacuum frees is not overwritten"
    server.execute("VACUUM FULL caller")
    assert kept_in(server) == set()
