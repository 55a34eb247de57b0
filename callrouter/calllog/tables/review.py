"""What people say of calls, and the records of who did what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table

_OPEN = "done_at IS NULL"


class OnCall:
    """What people write beside one call: who, and when."""

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    call_id: Mapped[str]
    at: Mapped[datetime]
    who: Mapped[str]


class NoteRow(OnCall, Table):
    """A note of a reviewer."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_day_call_id", "day", "call_id"),)

    text: Mapped[str]


class FollowUpRow(OnCall, Table):
    """What is still to be done about a call: by whom, until when; and when it was done, by whom, with what result."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_day_call_id", "day", "call_id"),
        Index("ix_follow_up_open", "due_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
    )

    what: Mapped[str]
    owner: Mapped[str]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    result: Mapped[str | None]


class CallBackRow(OnCall, Table):
    """Somebody who calls back: since when, and when it was over, with what result; without one they let it go.

    *again_at*: when to try again. What was said is a note beside the call.
    """

    __tablename__ = "call_back"
    __table_args__ = (Index("ix_call_back_day_call_id", "day", "call_id"),)

    ended_at: Mapped[datetime | None]
    result: Mapped[str | None]
    again_at: Mapped[datetime | None]


class HoldRow(OnCall, Table):
    """A legal hold: nothing of the call is deleted until it is lifted."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_day_call_id", "day", "call_id"),)

    why: Mapped[str]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]


class DisputeRow(OnCall, Table):
    """A company's call that its monthly statement should not count so, and how that was settled."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_day_call_id", "day", "call_id"),)

    company: Mapped[str]
    reason: Mapped[str]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    result: Mapped[str | None]


class AuditRow(Table):
    """Who did what, when: append-only, each entry bound by its hash to the one before it."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]]
    hash: Mapped[str]


class DestructionRow(Table):
    """The protocol of what was destroyed: how much of which class, older than when, by which decision.

    *held*: how much legal holds kept; *outstanding*: how much should be gone and is not yet, and *result* why.
    """

    __tablename__ = "destruction"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    unit: Mapped[str | None]
    before: Mapped[datetime]
    decision: Mapped[str]
    decided_on: Mapped[date | None]
    count: Mapped[int]
    held: Mapped[int]
    outstanding: Mapped[int]
    result: Mapped[str]
