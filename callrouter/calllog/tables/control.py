"""What steers the service: schedules, what is decided by hand, and which process runs which job."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table


class ScheduleVersionRow(Table):
    """A version of schedule.yaml that has been in force: a decision can be reproduced years later."""

    __tablename__ = "schedule_version"

    hash: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    first_seen: Mapped[datetime]
    by: Mapped[str]


class SchedulePublicationRow(Table):
    """The publishing of a schedule version, or its coming into a *file* of one machine. Append-only.

    Machines that share this database follow the highest id without a file. *is_meant*: it is about to be saved to its
    file, and nobody has seen it in force yet.
    """

    __tablename__ = "schedule_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    published_at: Mapped[datetime]
    by: Mapped[str]
    why: Mapped[str | None]
    file: Mapped[str | None]
    is_meant: Mapped[bool | None]


class ByHand:
    """The span of what was decided by hand, who decided it and why; and, ended before its time, who and why again."""

    start: Mapped[datetime]
    end: Mapped[datetime] = mapped_column(index=True)
    why: Mapped[str]
    who: Mapped[str]
    planned_end: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]


class OverrideRow(ByHand, Table):
    """A unit held in a state, or sent to a destination."""

    __tablename__ = "override"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    state: Mapped[str | None]
    destination: Mapped[str | None]


class BlockRow(ByHand, Table):
    """A caller kept out of a unit: the keyed hash of their number, and the id of the key that made it."""

    __tablename__ = "block"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    caller_key: Mapped[str]
    key_id: Mapped[str]


class JobRunRow(Table):
    """The claim of one job for one slot: whoever inserts it runs the job; a dead one's lease runs out."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    claimed_by: Mapped[str]
    claimed_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    result: Mapped[str | None]


class JobConcernRow(Table):
    """What a job found of one thing when it last looked at it, and somebody should look at; gone once it is well.

    *said* are sentences; *until*: then it is forgotten, where no run has looked again.
    """

    __tablename__ = "job_concern"

    job: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    said: Mapped[list[Any]] = mapped_column(JSON)
    since: Mapped[datetime]
    until: Mapped[datetime]


class ProcessRow(Table):
    """A process that answers, by which version of the *schedule*, and *since* when. *beat_at*: it lived then."""

    __tablename__ = "process"

    name: Mapped[str] = mapped_column(primary_key=True)
    schedule: Mapped[str | None]
    since: Mapped[datetime]
    beat_at: Mapped[datetime]
