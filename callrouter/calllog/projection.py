"""The projection: call rows, folded from events. Idempotent; a call is folded again whenever more is told of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, text

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallEventRow, CallRow
from callrouter.domain.call import CallEvent
from callrouter.domain.record import CallRecord, LegRecord, fold
from callrouter.domain.words import EventKind

Key = tuple[date, str]

_CALLS_AT_ONCE = 50
_CATCH_UP_DAYS = 7
_DAY = timedelta(days=1)


def project(database: Database, keys: Iterable[Key]) -> int:
    """Fold the calls named by *keys* (day, call id) to their rows; returns how many calls that was.

    Each transaction locks its calls before it reads their events, so that no process overwrites what another one saw.
    """
    waiting = iter(sorted(keys))
    count = 0
    while some := list(islice(waiting, _CALLS_AT_ONCE)):
        with database.writing() as connection:
            _lock(connection, some)
            for events in _stories(connection, some):
                _replace(connection, fold(events))
                count += 1
    return count


def unprojected(database: Database) -> set[Key]:
    """The calls of the last days whose row does not hold all their events: what a crash left behind."""
    since = clock.now().date() - _CATCH_UP_DAYS * _DAY
    row = and_(CallRow.call_id == CallEventRow.call_id, CallRow.day == CallEventRow.day)
    query = (
        select(CallEventRow.day, CallEventRow.call_id)
        .join(CallRow, row, isouter=True)
        .where(CallEventRow.day >= since)
        .group_by(CallEventRow.day, CallEventRow.call_id)
        .having(func.count() != func.coalesce(func.max(CallRow.events), 0))
    )
    with database.reading() as connection:
        return {(day, call_id) for day, call_id in connection.execute(query)}


def _lock(connection: Connection, keys: Iterable[Key]) -> None:
    """PostgreSQL locks call by call, always in the same order; SQLite's BEGIN IMMEDIATE has locked all already."""
    if connection.dialect.name == "postgresql":
        for call_id in sorted({call_id for _, call_id in keys}):
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:id, 0))"), {"id": call_id})


def _stories(connection: Connection, keys: Iterable[Key]) -> Iterator[list[CallEvent]]:
    """All events of each call; one whose retry crossed midnight has them under two days."""
    wanted = or_(*(_near(CallEventRow, day, call_id) for day, call_id in keys))
    stories: dict[str, list[CallEvent]] = defaultdict(list)
    for row in connection.execute(select(CallEventRow.__table__).where(wanted)):
        stories[row.call_id].append(CallEvent(row.day, row.call_id, row.id, EventKind(row.kind), row.at, row.facts))
    yield from stories.values()


def _near(table: type[CallEventRow] | type[CallRow], day: date, call_id: str) -> Any:
    return and_(table.call_id == call_id, table.day.between(day - _DAY, day + _DAY))


def _replace(connection: Connection, record: CallRecord) -> None:
    connection.execute(delete(CallRow).where(_near(CallRow, record.day, record.call_id)))
    connection.execute(insert(CallRow), [_row(record)])


def _row(record: CallRecord) -> dict[str, Any]:
    by = record.answered_by
    return {
        "day": record.day,
        "call_id": record.call_id,
        "unit": record.unit,
        "called": record.called,
        "received_at": record.received_at,
        "local_time": record.local_time,
        "state": record.state,
        "decided_by": record.decided_by,
        "reason": record.reason,
        "line": record.line,
        "schedule_version": record.schedule_version,
        "disposition": record.disposition.value,
        "answered_destination": by.destination if by else None,
        "answered_company": by.company if by else None,
        "answered_person": by.person if by else None,
        "seconds_to_answer": record.seconds_to_answer,
        "talked_seconds": record.talked_seconds,
        "ended_at": record.ended_at,
        "origin": record.origin,
        "legs": [_leg(leg) for leg in record.legs],
        "events": record.events,
    }


def _leg(leg: LegRecord) -> dict[str, Any]:
    return asdict(leg) | {"started_at": leg.started_at.isoformat()}
