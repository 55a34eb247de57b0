"""The tables. `call_event` is append-only and holds nothing personal; a citizen's number stands in `caller` alone.

The UTC day of a call's arrival leads both keys: inserts stay on warm pages, and a partitioned table needs it there.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant with microseconds; SQLite has no zone, so there it is stored as UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody can know which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time cannot be stored: {value.isoformat()}")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Aware UTC, whatever the engine."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Text(TypeDecorator[str]):
    """Text of any origin. NUL and half surrogate pairs, which PostgreSQL refuses, become replacement characters."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The same on every engine, so that what one keeps the other finds."""
        return None if value is None else value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


class Table(DeclarativeBase):
    """All tables; the names of constraints are fixed, so that migrations can refer to them."""

    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "ix": "ix_%(table_name)s_%(column_0_N_name)s"})
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy
        str: Text,
        datetime: Instant,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
    }


class CallEventRow(Table):
    """One thing that happened in a call."""

    __tablename__ = "call_event"

    day: Mapped[date] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class CallerRow(Table):
    """The only place a citizen's number stands, with its keyed hash and the id of the key that made it."""

    __tablename__ = "caller"

    call_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    key: Mapped[str | None] = mapped_column(index=True)
    key_id: Mapped[str | None]


class CallRow(Table):
    """What a call's events fold to; `events` says how many they were."""

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_received_at", "received_at"),
        Index("ix_call_unit_received_at", "unit", "received_at"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str | None]
    called: Mapped[str]
    received_at: Mapped[datetime]
    local_time: Mapped[str | None]
    state: Mapped[str | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
    line: Mapped[int | None]
    schedule_version: Mapped[str | None]
    is_redial: Mapped[bool | None]
    disposition: Mapped[str]
    answered_destination: Mapped[str | None]
    answered_company: Mapped[str | None]
    answered_person: Mapped[str | None]
    seconds_to_answer: Mapped[int | None]
    talked_seconds: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    origin: Mapped[str]
    legs: Mapped[list[dict[str, Any]]]
    events: Mapped[int]


class ScheduleVersionRow(Table):
    """A version of schedule.yaml that has been in force: a decision can be reproduced years later."""

    __tablename__ = "schedule_version"

    hash: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    first_seen: Mapped[datetime]
    by: Mapped[str]


class SchedulePublicationRow(Table):
    """The publishing of a schedule version, append-only: machines that share this database follow the highest id."""

    __tablename__ = "schedule_publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    published_at: Mapped[datetime]
    by: Mapped[str]
    why: Mapped[str | None]


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
