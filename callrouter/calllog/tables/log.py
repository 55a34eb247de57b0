"""The log itself: `call_event` is append-only and holds nothing personal; a citizen's number stands in `caller` alone.

All else is folded from the events and can be folded again. The UTC day of a call's arrival leads the keys: inserts stay
on warm pages, and a partitioned table needs it there.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table

NO_DAY = "1970-01-01"
"""The day of a caller whom the release before kept: it knew none. `projection.adopt_callers` gives it its own."""

_OFFERED_BY = ("destination", "company", "person")

NOT_REAL = "origin <> 'real'"
"""In these very words: SQLite takes the index of the few such calls only for a search that repeats them."""


def _some(name: str, *columns: str, where: str) -> Index:
    """An index of the rows of which *where* holds: small, where those are few."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


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
    """The only place a citizen's number stands, with its keyed hash and the id of the key that made it.

    *forwarded_from*: the number that sent the call on to ours. An erased row stays, empty, as its own tombstone: what
    is replayed or reconciled later does not bring the number back. *forgotten_at*: since when neither we nor the
    provider's record of the call have the number.
    """

    __tablename__ = "caller"
    __table_args__ = (
        _some("ix_caller_number", "number", where="number IS NOT NULL"),
        _some("ix_caller_not_forgotten", "day", "call_id", where="forgotten_at IS NULL"),
        _some("ix_caller_being_erased", "erased_at", where="erased_at IS NOT NULL AND forgotten_at IS NULL"),
    )

    day: Mapped[date] = mapped_column(primary_key=True, server_default=NO_DAY)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str | None]
    key: Mapped[str | None] = mapped_column(index=True)
    key_id: Mapped[str | None]
    forwarded_from: Mapped[str | None]
    erased_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]


class CallRow(Table):
    """What a call's events fold to; `events` says how many they were, `tallied` by which rules it was counted.

    What people say of it stands here too, and is no business of the fold: *reviewed_at*, *reviewed_by*, *category*.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_received_at", "received_at"),
        Index("ix_call_unit_received_at", "unit", "received_at"),
        Index("ix_call_disposition_received_at", "disposition", "received_at"),
        Index("ix_call_unit_disposition_received_at", "unit", "disposition", "received_at"),
        Index("ix_call_decided_by_received_at", "decided_by", "received_at"),
        _some("ix_call_not_real", "origin", "received_at", where=NOT_REAL),
        _some("ix_call_unreviewed", "received_at", where="reviewed_at IS NULL"),
        _some("ix_call_reviewed", "received_at", where="reviewed_at IS NOT NULL"),
        _some("ix_call_category", "category", "received_at", where="category IS NOT NULL"),
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
    tallied: Mapped[int] = mapped_column(server_default="0")
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[str | None]
    category: Mapped[str | None]


class LegRow(Table):
    """One phone of a call that was rung, in the order of `call.legs`: to find calls by whom they were offered to.

    *received_at* is the call's, so that the calls of one company, destination or person can be read newest first.
    """

    __tablename__ = "leg"
    __table_args__ = tuple(Index(f"ix_leg_{by}_received_at", by, "received_at") for by in _OFFERED_BY)

    day: Mapped[date] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    destination: Mapped[str]
    company: Mapped[str | None]
    person: Mapped[str | None]
    outcome: Mapped[str | None]
    started_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    rang_seconds: Mapped[int | None]
    talked_seconds: Mapped[int | None]


class RecordingRow(Table):
    """A message in the provider's store, by its name there; *deleted_at*: since when it is gone from it."""

    __tablename__ = "recording"
    __table_args__ = (_some("ix_recording_kept", "left_at", where="deleted_at IS NULL"),)

    day: Mapped[date] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(primary_key=True)
    seconds: Mapped[int]
    left_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class TallyRow(Table):
    """The counts of one cell (domain/tally.py): sums over finished calls, which outlive them."""

    __tablename__ = "tally"

    origin: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    grain: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    counts: Mapped[dict[str, int]]


class ProjectionRow(Table):
    """How far the calls have been folded: those of all days before *day* are, and *at* says when that was seen."""

    __tablename__ = "projection"

    name: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime]
