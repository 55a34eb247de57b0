"""The claim row: of all that want to run a job for a slot one does, and a dead one is taken over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

from sqlalchemy import Row, select

from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import failure
from callrouter.calllog.tables import JobRunRow
from callrouter.jobs.claim import AGAIN_AFTER, Claim, claim, finish

AT = datetime(2026, 11, 23, 7, 7, tzinfo=UTC)
LEASE = timedelta(minutes=10)
SLOT = "2026-11-23T08+0100"
SECOND = timedelta(seconds=1)


def claimed(database: Database, by: str, at: datetime = AT, slot: str = SLOT, job: str = "fold-calls") -> Claim | None:
    return claim(database, job, slot, by, LEASE, at)


def finished(database: Database, mine: Claim | None, result: str, at: datetime) -> None:
    assert mine
    finish(database, mine, result, at)


def only_run(database: Database) -> Row[Any]:
    with database.reading() as connection:
        return connection.execute(select(JobRunRow.__table__)).one()


def test_the_first_one_has_it(database: Database) -> None:
    assert claimed(database, "a")
    assert not claimed(database, "b")
    assert not claimed(database, "a")
    run = only_run(database)
    assert (run.claimed_by, run.claimed_at, run.lease_until) == ("a", AT, AT + LEASE)
    assert (run.finished_at, run.result) == (None, None)


def test_another_slot_and_another_job_are_claims_of_their_own(database: Database) -> None:
    assert claimed(database, "a")
    assert claimed(database, "b", slot="2026-11-23T09+0100")
    assert claimed(database, "b", job="another")


def test_a_finished_run_is_never_taken_over(database: Database) -> None:
    finished(database, claimed(database, "a"), "3 calls", AT + SECOND)
    assert not claimed(database, "b", AT + timedelta(days=1))
    assert not claim(database, "fold-calls", SLOT, "b", LEASE, AT + timedelta(days=1), again=True)
    run = only_run(database)
    assert (run.finished_at, run.result) == (AT + SECOND, "3 calls")


class TestFailedRun:
    """What it met may be over: it is tried again, but not by all who look at the same time."""

    AGAIN = AT + SECOND + AGAIN_AFTER

    def fails(self, database: Database) -> None:
        finished(database, claimed(database, "a"), failure("the provider is out of reach"), AT + SECOND)

    def test_a_while_later_one_has_it_again(self, database: Database) -> None:
        self.fails(database)
        again = [claim(database, "fold-calls", SLOT, by, LEASE, self.AGAIN, again=True) for by in "bc"]
        assert again == [Claim("fold-calls", SLOT, "b", self.AGAIN), None]
        run = only_run(database)
        assert (run.claimed_by, run.claimed_at, run.finished_at, run.result) == ("b", self.AGAIN, None, None)

    def test_not_at_once(self, database: Database) -> None:
        self.fails(database)
        assert not claim(database, "fold-calls", SLOT, "b", LEASE, self.AGAIN - SECOND, again=True)

    def test_nor_where_its_work_does_not_come_again(self, database: Database) -> None:
        self.fails(database)
        assert not claimed(database, "b", self.AGAIN)


class TestDeadRun:
    """Half-open: the lease holds until its last instant, and not in it."""

    def test_while_its_lease_holds_it_may_live(self, database: Database) -> None:
        claimed(database, "a")
        assert not claimed(database, "b", AT + LEASE - timedelta(microseconds=1))

    def test_when_its_lease_is_out_another_one_takes_over(self, database: Database) -> None:
        claimed(database, "a")
        assert claimed(database, "b", AT + LEASE)
        run = only_run(database)
        assert (run.claimed_by, run.claimed_at, run.lease_until) == ("b", AT + LEASE, AT + 2 * LEASE)
        assert not claimed(database, "c", AT + LEASE + SECOND)

    def test_if_it_was_only_slow_its_word_comes_too_late(self, database: Database) -> None:
        self.speaks_too_late(database, "slow", "b")

    def test_also_where_both_have_one_name(self, database: Database) -> None:
        """Two containers: host and process id are the same."""
        self.speaks_too_late(database, "calls:7", "calls:7")

    @staticmethod
    def speaks_too_late(database: Database, slow: str, other: str) -> None:
        first, second = claimed(database, slow), claimed(database, other, AT + LEASE)
        finished(database, first, "too late", AT + LEASE + SECOND)
        assert only_run(database).finished_at is None
        finished(database, second, "done", AT + LEASE + 2 * SECOND)
        finished(database, first, "too late", AT + LEASE + 3 * SECOND)
        assert (only_run(database).claimed_by, only_run(database).result) == (other, "done")


def test_of_many_at_once_one_has_it(url: str) -> None:
    """Eight workers, each with a database of its own, at the same slots: new ones, and ones whose run died."""
    workers = 8
    together = Barrier(workers)

    def work(worker: int) -> list[tuple[str, int]]:
        database = Database(url)
        won = []
        for number in range(6):
            together.wait(10)
            new, dead = claimed(database, str(worker), slot=f"{number}"), number and f"{number - 1}"
            won += [("new", number)] if new else []
            together.wait(10)
            late = dead and claimed(database, str(worker), AT + LEASE, slot=str(dead))
            won += [("dead", number)] if late else []
        database.close()
        return won

    with ThreadPoolExecutor(workers) as threads:
        won = [each for done in [threads.submit(work, worker) for worker in range(workers)] for each in done.result(30)]
    assert sorted(won) == [("dead", number) for number in range(1, 6)] + [("new", number) for number in range(6)]
