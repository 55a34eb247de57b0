"""The job that makes the partitions of the coming months."""

from dataclasses import replace
from datetime import UTC, datetime

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.writes import write_entries
from callrouter.jobs import partitions
from callrouter.jobs.claim import claim
from callrouter.jobs.job import Tools
from callrouter.jobs.running import run_claimed
from tests.calllog.postgres import PostgresServer
from tests.calllog.told import PSEUDONYMIZER, arrival, event_count
from tests.schedules import OPEN_HOUR, STOCKHOLM

FAR_AHEAD = datetime(2041, 5, 14, 12, tzinfo=UTC)


def test_it_says_what_it_did(postgres: PostgresServer) -> None:
    database = Database(postgres.empty_database())
    database.prepare()
    assert partitions.JOB.run(Tools(database)) == "partitions made: none; events moved: 0"
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", FAR_AHEAD)])
    assert partitions.JOB.run(Tools(database)) == "partitions made: 2041-05; events moved: 2"
    assert partitions.JOB.run(Tools(database)) == "partitions made: none; events moved: 0"
    database.close()


def test_what_a_killed_process_had_made_another_leaves_as_it_is(postgres: PostgresServer) -> None:
    """It was killed before it could tell so: when its lease is out, the other one finds nothing left to do."""
    database = Database(postgres.empty_database())
    database.prepare()
    write_entries(database, PSEUDONYMIZER, [arrival("CA1", FAR_AHEAD)])
    at, job = clock.now(), partitions.JOB
    (piece,) = job.pieces(Tools(database), OPEN_HOUR, STOCKHOLM)
    assert claim(database, job.name, piece.slot, "killed", job.lease, at)
    assert piece.run(Tools(database)) == "partitions made: 2041-05; events moved: 2"
    other = replace(Tools(database), now=lambda: at + job.lease)
    assert run_claimed(other, job, piece, "other") == "partitions made: none; events moved: 0"
    assert event_count(database, "CA1") == 2
    database.close()


def test_sqlite_needs_none(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert partitions.JOB.run(Tools(database)) == "SQLite has no partitions"
    database.close()
