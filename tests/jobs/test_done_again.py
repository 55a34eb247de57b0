"""What a process did, and was killed before it could tell so, another one does again: that changes nothing.

A run can be promised at least once, not once: between doing and telling there is an instant in which a process may die.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.database import Database
from callrouter.calllog.spool import Spool
from callrouter.calllog.tables import JobRunRow
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import RunningCall
from callrouter.domain.words import Outcome
from callrouter.jobs.claim import claim, finish
from callrouter.jobs.job import Books, Job, Tools
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from callrouter.schedule import load, read
from callrouter.telephony.provider import Direction, FinishedCall
from tests.calllog.aged import Store, everything
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SEALER, arrival, missed
from tests.calls.test_reconciliation import Ledger
from tests.notices.house import Post
from tests.schedule.files import EXAMPLE
from tests.schedules import CENTRE, STOCKHOLM

AT = datetime(2026, 11, 23, 9, 6, tzinfo=UTC)  # a Monday, six minutes after the unit has opened
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SCHEDULE = Path(__file__).with_name("week.yaml").read_bytes().replace(b"mon 09:30", b"mon 10:05")
LISTED = FinishedCall(
    "CA-listed",
    None,
    Direction.INBOUND,
    CITIZEN.e164,
    CENTRE.e164,
    AT - DAY,
    AT - DAY + MINUTE,
    Outcome.NO_ANSWER,
    None,
)
NEVER_AGAIN = {"test-calls": "nobody is rung twice", "outbox": "the next run does what is left of it"}
ELSEWHERE = {"partitions": "what one makes stays there for other tests: see test_partitions.py"}


class NoPause(Event):
    """Never set, and never waited for."""

    def wait(self, timeout: float | None = None) -> bool:
        return timeout is None


@dataclass
class World:
    """One in which each job has something to do, and what came of it outside of the database."""

    database: Database
    home: Path
    at: datetime = AT
    post: Post = field(default_factory=Post)
    rung: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.spool = Spool(self.home / "spool", SEALER)
        self.tell({"CA-night": AT - 180 * MINUTE, "CA-now": AT - 4 * MINUTE, "CA-old": AT - 400 * DAY})
        catch_up(self.database)
        self.tell({"CA-unfolded": AT - 3 * MINUTE})
        self.spool.append([arrival("CA-spooled", AT)])
        self.spool.close()
        for ago in (200, 100):
            mine = claim(self.database, "a job", str(ago), "me", DAY, AT - ago * DAY)
            assert mine
            finish(self.database, mine, "done", AT - ago * DAY)

    def tell(self, calls: dict[str, datetime]) -> None:
        write_entries(self.database, PSEUDONYMIZER, [missed(call_id, at) for call_id, at in calls.items()])

    @property
    def tools(self) -> Tools:
        schedule = load(SCHEDULE, at=AT)
        return Tools(
            self.database,
            lambda: schedule,
            account=Store,
            stopping=NoPause(),
            reading=lambda: read(EXAMPLE.encode(), AT + 20 * 365 * DAY),  # by when it leaves much open
            replay=lambda: self.spool.replay(lambda entries: write_entries(self.database, PSEUDONYMIZER, entries)),
            ring=self.ring,
            now=lambda: self.at,
            books=lambda: Books(Ledger([LISTED]), PSEUDONYMIZER),
            post=self.post,
            public_url="http://127.0.0.1",
        )

    def ring(self, call: RunningCall) -> None:
        self.rung.append(call.call_id)

    def seen(self, job: Job) -> dict[str, Any]:
        """All that there is, but the runs of *job*, and when it was looked at."""
        found: dict[str, Any] = everything(self.database)
        found["projection"] = [(row.name, row.day) for row in found["projection"]]
        found["job_run"] = [row for row in found["job_run"] if row.job != job.name]
        found["job_concern"] = [(row.job, row.about, row.said, row.since) for row in found["job_concern"]]
        return found | {"rung": tuple(self.rung), "letters": len(self.post.mails), "spool": self.spool.depth()}

    def unfinished(self, job: Job) -> list[str]:
        query = select(JobRunRow.slot).where(JobRunRow.job == job.name, JobRunRow.finished_at.is_(None))
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())


@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_what_is_done_again_changes_nothing(database: Database, tmp_path: Path, job: Job) -> None:
    world = World(database, tmp_path)
    before = world.seen(job)
    for piece in list(job.pieces(world.tools, AT, STOCKHOLM)):
        assert claim(database, job.name, piece.slot, "killed", job.lease, AT)
        piece.run(world.tools)
    done = world.seen(job)
    assert done != before or job.name in ELSEWHERE, "it had something to do"
    assert world.unfinished(job)
    world.at += job.lease
    other = JobScheduler(world.tools, (), lambda: STOCKHOLM, "other")
    other.run_due(job)
    assert other.errors == {}
    assert bool(world.unfinished(job)) is (job.name in NEVER_AGAIN)
    assert world.seen(job) == done
