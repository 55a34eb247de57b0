"""The projection: call rows, folded from events. Idempotent; a call is folded again whenever more is told of it."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, literal, or_, select

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.refusal import REFUSED, in_a_line, is_refusal
from callrouter.calllog.tables import CallEventRow, CallRow, Text
from callrouter.domain.call import CallEvent
from callrouter.domain.leg import LegRecord
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.words import EventKind

log = logging.getLogger(__name__)

Key = tuple[date, str]

_CALLS_AT_ONCE = 50
_CATCH_UP_DAYS = 7
_DAY = timedelta(days=1)


def project(database: Database, keys: Iterable[Key]) -> int:
    """Fold the calls named by *keys* (day, call id) to their rows; returns how many calls that was.

    Each transaction locks its calls before it reads their events, so that no process overwrites what another one saw.
    A call that cannot be folded is told in the log and left out: it takes no other with it.
    """
    waiting = iter(sorted(keys))
    count = 0
    while some := list(islice(waiting, _CALLS_AT_ONCE)):
        count += _fold_together(database, some)
    return count


def unprojected(database: Database) -> set[Key]:
    """The calls of the last days whose row does not hold all their events: what a crash left behind."""
    since = clock.now().date() - _CATCH_UP_DAYS * _DAY
    told = (
        select(
            func.min(CallEventRow.day).label("day"),
            CallEventRow.call_id,
            func.count(CallEventRow.id.distinct()).label("events"),  # across midnight the same event has two rows
        )
        .where(CallEventRow.day >= since)
        .group_by(CallEventRow.call_id)
        .subquery()
    )
    row = and_(CallRow.day == told.c.day, CallRow.call_id == told.c.call_id)
    query = (
        select(told.c.day, told.c.call_id)
        .join(CallRow, row, isouter=True)
        .where(func.coalesce(CallRow.events, 0) != told.c.events)
    )
    with database.reading() as connection:
        return {(day, call_id) for day, call_id in connection.execute(query)}


def _fold_together(database: Database, keys: Sequence[Key]) -> int:
    """Fold some calls in one transaction or, where one of them cannot be folded, each in its own."""
    try:
        with database.writing() as connection:
            _lock(connection, keys)
            records = [fold(events) for events in _stories(connection, keys)]
            for record in records:
                _replace(connection, record)
    except REFUSED as error:
        if not is_refusal(error):
            raise
        if len(keys) > 1:
            return sum(_fold_together(database, [key]) for key in keys)
        log.error("call %s cannot be folded: %s", keys[0][1], in_a_line(error))  # noqa: TRY400 - the line says all
        return 0
    return len(records)


def _lock(connection: Connection, keys: Iterable[Key]) -> None:
    """PostgreSQL locks call by call, always in the same order; SQLite's BEGIN IMMEDIATE has locked all already."""
    if connection.dialect.name == "postgresql":
        for call_id in sorted({call_id for _, call_id in keys}):
            connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(literal(call_id, Text), 0))))


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
        "is_redial": record.is_redial,
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
    answered = leg.answered_at.isoformat() if leg.answered_at else None
    return asdict(leg) | {"started_at": leg.started_at.isoformat(), "answered_at": answered}
