"""Erasure: a caller's number and key go from all their calls, whatever their age, as far as no hold forbids it.

The emptied row stays as a tombstone: what is replayed or reconciled later does not bring the number back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, and_, select, update

from callrouter.calllog.copies import Copies
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.holds import held_among, is_held
from callrouter.calllog.overdue import Old, Units
from callrouter.calllog.projection import Key, lock, near
from callrouter.calllog.subject import Traces
from callrouter.calllog.tables import CallerRow, CallRow, RecordingRow

ERASURE = "erasure"
"""What the protocol calls it."""

_AT_ONCE = 50
_NOTHING = {"number": None, "key": None, "key_id": None, "forwarded_from": None}


def erase(database: Database, found: Traces, protocol: Protocol, order: Order) -> int:
    """Empty what is *found* of a caller, but for held calls; returns how many calls that was."""
    own = _empty(database, found.own, _NOTHING | {"erased_at": protocol.at}, protocol, order)
    forwarded = _empty(database, found.forwarded, {"forwarded_from": None}, protocol, order)
    with database.writing() as connection:
        held = _units(connection, [key for key in (*found.own, *found.forwarded) if key[1] in found.held])
        protocol.finish(connection, order, held, Counter(), "done")
    return own + forwarded


def _empty(database: Database, keys: Sequence[Key], values: Mapping[str, Any], protocol: Protocol, order: Order) -> int:
    count, waiting = 0, iter(keys)
    while some := list(islice(waiting, _AT_ONCE)):
        with database.writing() as connection:
            lock(connection, some)
            held = held_among(connection, {call_id for _, call_id in some})
            if free := [key for key in some if key[1] not in held]:
                connection.execute(update(CallerRow).where(near(CallerRow, free)).values(values))
                protocol.add(connection, order, _units(connection, free))
        count += len(free)
    return count


def finish_erasures(database: Database, copies: Copies, at: datetime) -> int:
    """Delete at the provider what it still has of erased callers; returns how many calls are left for another time."""
    left = 0
    with database.reading() as connection:
        waiting = unfinished(connection)
    for old in waiting:
        if not copies.all_is_gone(old):
            left += 1
            continue
        with database.writing() as connection:
            call = [(old.day, old.call_id)]
            kept = and_(near(RecordingRow, call), RecordingRow.deleted_at.is_(None))
            connection.execute(update(RecordingRow).where(kept).values(deleted_at=at))
            connection.execute(update(CallerRow).where(near(CallerRow, call)).values(forgotten_at=at))
    return left


def unfinished(connection: Connection) -> list[Old]:
    """The calls of erased callers of whom the provider still has something, but for held ones."""
    call = and_(CallRow.day == CallerRow.day, CallRow.call_id == CallerRow.call_id)
    query = (
        select(CallerRow.day, CallerRow.call_id, CallRow.unit, CallRow.origin)
        .join(CallRow, call, isouter=True)
        .where(CallerRow.forgotten_at.is_(None), CallerRow.erased_at.is_not(None), ~is_held(CallerRow.call_id))
    )
    return [Old(row.day, row.call_id, None, row.unit, row.origin) for row in connection.execute(query)]


def _units(connection: Connection, keys: Sequence[Key]) -> Units:
    """How many of these calls each unit has; those of none that is known, or not folded, have none."""
    known = dict(_unit_of(connection, keys))
    return Counter(known.get(call_id) for _, call_id in keys)


def _unit_of(connection: Connection, keys: Sequence[Key]) -> Iterator[tuple[str, str | None]]:
    for row in connection.execute(select(CallRow.call_id, CallRow.unit).where(near(CallRow, keys))):
        yield row.call_id, row.unit
