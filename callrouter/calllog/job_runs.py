"""Runs of jobs as they are kept: who ran what for which slot, how long it took, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select

from callrouter.calllog.tables import JobRunRow
from callrouter.domain.sentence import Sentence

_FAILED = "failed: "
_WARNING = "warning: "

HAS_FAILED = JobRunRow.result.startswith(_FAILED)
"""Of a run that has ended."""


class RunState(StrEnum):
    """How a run stands; see docs/glossary.md."""

    DONE = "done"
    FAILED = "failed"
    RUNNING = "running"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class JobRun:
    """A run of *job* for *slot*; *result* is what it said it did, or what went wrong."""

    job: str
    slot: str
    by: str
    began_at: datetime
    lease_until: datetime
    ended_at: datetime | None
    result: str | None

    @property
    def took(self) -> timedelta | None:
        """How long it took; None: it has not ended."""
        return self.ended_at - self.began_at if self.ended_at else None

    def state(self, at: datetime) -> RunState:
        """How it stands *at* (aware). One that never told of its end is dead when its lease is out."""
        if self.ended_at is None:
            return RunState.RUNNING if at < self.lease_until else RunState.DEAD
        return RunState.FAILED if (self.result or "").startswith(_FAILED) else RunState.DONE


A_MINUTE = 60
"""How often, in s, it is looked for what is due, unless a job says otherwise."""


@dataclass(frozen=True, slots=True)
class JobNow:
    """A job, when it is due, its last run, and when the next one is.

    *title* says what it does. *hour* (local) and *minute*: daily then; without an hour, past each hour; without both,
    looked at each so many *seconds*.
    *next_at* (aware) holds as long as a service or a clock runs that takes jobs.
    """

    name: str
    hour: int | None
    minute: int | None
    last: JobRun | None
    next_at: datetime
    seconds: int = A_MINUTE
    title: str = ""

    @property
    def said(self) -> Sentence:
        """What it does, for people."""
        return Sentence(self.title or self.name)

    @property
    def waits_for_work(self) -> bool:
        """Whether it is looked at again and again, and runs only where that finds something to do."""
        return self.minute is None

    @property
    def schedule(self) -> Sentence:
        """When it is due, in few words."""
        if self.waits_for_work:
            each = Sentence.of("each {n} s", n=self.seconds)
            return Sentence("each minute") if self.seconds == A_MINUTE else each
        if self.hour is None:
            return Sentence.of("hourly at :{minute}", minute=f"{self.minute:02}")
        return Sentence.of("daily at {time}", time=f"{self.hour:02}:{self.minute:02}")


def failure(what: str) -> str:
    """The result of a run that failed."""
    return _FAILED + what


def warning(what: str) -> str:
    """The result of a run that went well, and found something to look at."""
    return _WARNING + what


def last_run(connection: Connection, job: str) -> JobRun | None:
    """The run of *job* that began last."""
    return _last(connection, JobRunRow.job == job)


def last_ended_run(connection: Connection, job: str) -> JobRun | None:
    """The run of *job* that began last of those that have ended."""
    return _last(connection, and_(JobRunRow.job == job, JobRunRow.finished_at.is_not(None)))


def _last(connection: Connection, which: ColumnElement[bool]) -> JobRun | None:
    query = select(JobRunRow.__table__).where(which).order_by(JobRunRow.claimed_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _run(row) if row else None


def _run(row: Row[Any]) -> JobRun:
    return JobRun(row.job, row.slot, row.claimed_by, row.claimed_at, row.lease_until, row.finished_at, row.result)


def is_had(connection: Connection, job: str, slot: str) -> bool:
    """Whether *job* has run, or runs, for *slot*; a run that failed is tried again."""
    failed = and_(JobRunRow.result.is_not(None), HAS_FAILED)
    query = select(JobRunRow.slot).where(JobRunRow.job == job, JobRunRow.slot == slot, ~failed)
    return connection.execute(query).one_or_none() is not None
