"""Erasure: a caller's number and key go from all their calls, whatever their age, as far as no hold forbids it.

The emptied row stays as a tombstone: what is replayed or reconciled later does not bring the number back.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from callrouter.calllog.copies import Copies
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import BROKEN_OFF, Order, Protocol
from callrouter.calllog.holds import held_among, is_held
from callrouter.calllog.overdue import Old, Units
from callrouter.calllog.projection import Key, lock, near
from callrouter.calllog.subject import Traces
from callrouter.calllog.tables import CallerRow, CallRow, DestructionRow, RecordingRow

ERASURE = "erasure"
"""What the protocol calls it."""

_AT_ONCE = 50
_NOTHING = {"number": None, "key": None, "key_id": None, "forwarded_from": None}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A call of a caller who was erased at an instant, of whom the provider still has something."""

    old: Old
    erased_at: datetime


def erase(database: Database, found: Traces, protocol: Protocol, order: Order) -> int:
    """Empty what is *found* of a caller, but for held calls; returns how many calls that was. `finish` comes next."""
    is_new = CallerRow.erased_at.is_(None)
    own = _empty(database, found.own, is_new, _NOTHING | {"erased_at": protocol.at}, protocol, order)
    is_new = CallerRow.forwarded_from.is_not(None)
    return own + _empty(database, found.forwarded, is_new, {"forwarded_from": None}, protocol, order)


def finish(database: Database, found: Traces, protocol: Protocol, order: Order, copies: Copies) -> int:
    """Delete at the provider what it has of erased callers, and tell what is left of this one; returns that of all."""
    left = finish_erasures(database, copies, protocol.at)
    keys = [(each.old.day, each.old.call_id) for each in left if each.erased_at == protocol.at]
    with database.writing() as connection:
        held = _units(connection, [key for key in (*found.own, *found.forwarded) if key[1] in found.held])
        protocol.finish(connection, order, held, _units(connection, keys), copies.trouble or BROKEN_OFF)
    return len(left)


def _empty(
    database: Database,
    keys: Sequence[Key],
    is_new: ColumnElement[bool],
    values: Mapping[str, Any],
    protocol: Protocol,
    order: Order,
) -> int:
    """Of two who erase the same caller at once, each tells of what was still there."""
    count, waiting = 0, iter(keys)
    while some := list(islice(waiting, _AT_ONCE)):
        with database.writing() as connection:
            lock(connection, some)
            held = held_among(connection, {call_id for _, call_id in some})
            free = [key for key in some if key[1] not in held]
            mine = update(CallerRow).where(near(CallerRow, free), is_new).values(values)
            rows = connection.execute(mine.returning(CallerRow.day, CallerRow.call_id))
            emptied = [(row.day, row.call_id) for row in rows]
            protocol.add(connection, order, _units(connection, emptied))
        count += len(emptied)
    return count


def finish_erasures(
    database: Database, copies: Copies, at: datetime, is_over: Callable[[], bool] = lambda: False
) -> list[Unfinished]:
    """Delete at the provider what it still has of erased callers, until *is_over*; returns what is left."""
    with database.reading_at_length() as connection:
        waiting = unfinished(connection)
    return [each for each in waiting if is_over() or not _is_finished(database, copies, each.old, at)]


def _is_finished(database: Database, copies: Copies, old: Old, at: datetime) -> bool:
    if not copies.all_is_gone(old):
        return False
    with database.writing() as connection:
        call = [(old.day, old.call_id)]
        kept = and_(near(RecordingRow, call), RecordingRow.deleted_at.is_(None))
        connection.execute(update(RecordingRow).where(kept).values(deleted_at=at))
        known = and_(near(CallerRow, call), CallerRow.forgotten_at.is_(None))
        connection.execute(update(CallerRow).where(known).values(forgotten_at=at))
    return True


def tell_unfinished(database: Database, left: Sequence[Unfinished], protocol: Protocol, why: str) -> None:
    """Tell in the protocol of a later run what the provider still has of erased callers: a line an erasure and unit."""
    for erased_at in sorted({each.erased_at for each in left}):
        keys = [(each.old.day, each.old.call_id) for each in left if each.erased_at == erased_at]
        told = select(DestructionRow.decision, DestructionRow.decided_on)
        told = told.where(DestructionRow.what == ERASURE, DestructionRow.at == erased_at).limit(1)
        with database.writing() as connection:
            row = connection.execute(told).one_or_none()
            order = Order(ERASURE, erased_at, row.decision if row else "", row.decided_on if row else None)
            protocol.finish(connection, order, Counter(), _units(connection, keys), why)


def unfinished(connection: Connection) -> list[Unfinished]:
    """The calls of erased callers of whom the provider still has something, but for held ones.

    A message may have been left after the call's records were deleted: it was going on.
    """
    call = and_(CallRow.day == CallerRow.day, CallRow.call_id == CallerRow.call_id)
    message = and_(RecordingRow.day == CallerRow.day, RecordingRow.call_id == CallerRow.call_id)
    is_erased = and_(CallerRow.erased_at.is_not(None), ~is_held(CallerRow.call_id))
    columns = (CallerRow.day, CallerRow.call_id, CallRow.unit, CallRow.origin, CallerRow.erased_at)
    recorded = select(*columns).where(CallerRow.forgotten_at.is_(None), is_erased)
    left = select(*columns).where(CallerRow.forgotten_at.is_not(None), is_erased)
    left = left.join(RecordingRow, message).where(RecordingRow.deleted_at.is_(None)).distinct()
    return [
        Unfinished(Old(row.day, row.call_id, None, row.unit, row.origin), row.erased_at)
        for query in (recorded, left)
        for row in connection.execute(query.join(CallRow, call, isouter=True))
    ]


def _units(connection: Connection, keys: Sequence[Key]) -> Units:
    """How many of these calls each unit has; those of none that is known, or not folded, have none."""
    known = dict(_unit_of(connection, keys))
    return Counter(known.get(call_id) for _, call_id in keys)


def _unit_of(connection: Connection, keys: Sequence[Key]) -> Iterator[tuple[str, str | None]]:
    for row in connection.execute(select(CallRow.call_id, CallRow.unit).where(near(CallRow, keys))):
        yield row.call_id, row.unit
