"""The job that makes the partitions of the coming months."""

from datetime import UTC, datetime

from callrouter.calllog.database import Database
from callrouter.calllog.writes import write_entries
from callrouter.jobs import partitions
from callrouter.jobs.job import Tools
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import PSEUDONYMIZER, arrival


def test_it_says_what_it_did(postgres: PostgresServer) -> None:
    database = Database(postgres.empty_database())
    database.prepare()
    assert partitions.JOB.run(Tools(database)) == "partitions made: none; events moved: 0"
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", datetime(2041, 5, 14, 12, tzinfo=UTC))])
    assert partitions.JOB.run(Tools(database)) == "partitions made: 2041-05; events moved: 2"
    assert partitions.JOB.run(Tools(database)) == "partitions made: none; events moved: 0"
    database.close()


def test_sqlite_needs_none(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert partitions.JOB.run(Tools(database)) == "SQLite has no partitions"
    database.close()
