"""What is asked of the call log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow
from callrouter.domain.words import EventKind, Outcome


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event, as `log show` tells it."""

    at: datetime
    kind: EventKind
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """What the log has of an attempt: when the key was pressed that takes the call, and how its end was judged."""

    key_at: datetime | None = None
    outcome: Outcome | None = None


def newest_calls(connection: Connection, limit: int, unit: str | None = None) -> Sequence[Row[Any]]:
    """The latest calls, newest first: the columns of `call`, and of the caller's row what is kept."""
    query = _calls().order_by(CallRow.received_at.desc(), CallRow.call_id.desc()).limit(limit)
    if unit is not None:
        query = query.where(CallRow.unit == unit)
    return connection.execute(query).all()


def calls_named(connection: Connection, start_of_id: str) -> Sequence[Row[Any]]:
    """The calls whose id starts with *start_of_id*, a whole one first; at most two, for that is one too many.

    Not LIKE: SQLite's does not tell upper from lower case.
    """
    starts_so = func.substr(CallRow.call_id, 1, len(start_of_id)) == start_of_id
    query = _calls().where(starts_so).order_by(func.length(CallRow.call_id), CallRow.call_id).limit(2)
    return connection.execute(query).all()


def events_of(connection: Connection, day: date, call_id: str) -> list[LoggedEvent]:
    """Everything that was told of the call that arrived on *day* (UTC), in the order it happened."""
    columns = (CallEventRow.at, CallEventRow.kind, CallEventRow.facts)
    rows = connection.execute(select(*columns).where(_near(day), CallEventRow.call_id == call_id))
    events = [LoggedEvent(row.at, EventKind(row.kind), row.facts) for row in rows]
    return sorted(events, key=lambda e: (e.at, list(EventKind).index(e.kind)))


def _calls() -> Select[Any]:
    caller = and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id)
    return select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from).join(CallerRow, caller, isouter=True)


def logged_attempt(database: Database, day: date, call_id: str, attempt: str) -> LoggedAttempt:
    """What became of *attempt* so far: of what was told twice, the first counts."""
    kinds = CallEventRow.kind.in_([EventKind.ACCEPTED.value, EventKind.DIAL_ENDED.value])
    query = select(CallEventRow.kind, CallEventRow.at, CallEventRow.facts).where(
        _near(day), CallEventRow.call_id == call_id, kinds
    )
    with database.reading() as connection:
        told = [row for row in connection.execute(query) if row.facts["attempt"] == attempt]
    first = {row.kind: row for row in sorted(told, key=lambda row: row.at, reverse=True)}
    key, end = first.get(EventKind.ACCEPTED), first.get(EventKind.DIAL_ENDED)
    return LoggedAttempt(key.at if key else None, Outcome(end.facts["outcome"]) if end else None)


def _near(day: date) -> ColumnElement[bool]:
    """Events of a call that arrived on *day*: a retry may have crossed midnight."""
    return CallEventRow.day.between(day - timedelta(days=1), day + timedelta(days=1))
