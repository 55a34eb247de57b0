"""The statements that destroy: each takes a small portion, in the transaction of its caller."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Delete, Update, and_, delete, or_, update

from callrouter.calllog.overdue import Old, Units
from callrouter.calllog.projection import Key, OfACall, near
from callrouter.calllog.tables import (
    CallBackRow,
    CallerRow,
    CallEventRow,
    CallRow,
    DisputeRow,
    FollowUpRow,
    HoldRow,
    LegRow,
    NoteRow,
    RecordingRow,
)

_HANGS_ON_A_CALL: tuple[OfACall, ...] = (
    *(CallEventRow, LegRow, RecordingRow),
    *(NoteRow, FollowUpRow, CallBackRow, DisputeRow, HoldRow),
)
_IS_NO_TOMBSTONE = CallerRow.erased_at.is_(None)
"""What says that a number was erased outlives the call, and holds nothing but its id."""


def empty_numbers(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Leave the keyed hash alone: a caller who calls again can still be told from others."""
    has_number = or_(CallerRow.number.is_not(None), CallerRow.forwarded_from.is_not(None))
    counts: Units = Counter()
    for unit, keys in _by_unit(some):
        empty = update(CallerRow).where(_exactly(CallerRow, keys), has_number).values(number=None, forwarded_from=None)
        counts[unit] += _rows(connection, empty)
    return counts


def note_forgotten(connection: Connection, some: Sequence[Old], at: datetime) -> Units:
    """The provider's record of these calls is gone."""
    counts: Units = Counter()
    for unit, keys in _by_unit(some):
        mine = and_(_exactly(CallerRow, keys), CallerRow.forgotten_at.is_(None))
        counts[unit] += _rows(connection, update(CallerRow).where(mine).values(forgotten_at=at))
    return counts


def delete_notes(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete notes."""
    return _delete_items(connection, NoteRow, some)


def delete_follow_ups(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete follow-ups."""
    return _delete_items(connection, FollowUpRow, some)


def note_deleted_recordings(connection: Connection, some: Sequence[Old], at: datetime) -> Units:
    """These recordings are gone from the provider's store."""
    counts: Units = Counter()
    for each in some:
        mine = and_(_exactly(RecordingRow, [(each.day, each.call_id)]), RecordingRow.sid == each.item)
        gone = update(RecordingRow).where(mine, RecordingRow.deleted_at.is_(None)).values(deleted_at=at)
        counts[each.unit] += _rows(connection, gone)
    return counts


def delete_events(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete what was told of these calls; their rows stay, and are not folded anew."""
    counts: Units = Counter()
    for unit, keys in _by_unit(some):
        counts[unit] += _rows(connection, delete(CallEventRow).where(near(CallEventRow, keys)))
    return counts


def delete_calls(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete calls with all that hangs on them: with its events left, a call would be folded and counted again."""
    counts: Units = Counter()
    for unit, keys in _by_unit(some):
        for table in _HANGS_ON_A_CALL:
            connection.execute(delete(table).where(near(table, keys)))
        connection.execute(delete(CallerRow).where(near(CallerRow, keys), _IS_NO_TOMBSTONE))
        counts[unit] += _rows(connection, delete(CallRow).where(near(CallRow, keys)))
    return counts


def delete_strays(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete what is left of calls that have no row."""
    keys = [(each.day, each.call_id) for each in some]
    for table in _HANGS_ON_A_CALL:
        connection.execute(delete(table).where(_exactly(table, keys)))
    connection.execute(delete(CallerRow).where(_exactly(CallerRow, keys), _IS_NO_TOMBSTONE))
    return Counter({None: len(keys)})


def _delete_items(connection: Connection, table: type[NoteRow] | type[FollowUpRow], some: Sequence[Old]) -> Units:
    counts: Units = Counter()
    for each in some:
        counts[each.unit] += _rows(connection, delete(table).where(table.id == each.item))
    return counts


def _by_unit(some: Sequence[Old]) -> Iterator[tuple[str | None, list[Key]]]:
    keys: dict[str | None, list[Key]] = defaultdict(list)
    for each in some:
        keys[each.unit].append((each.day, each.call_id))
    yield from keys.items()


def _exactly(table: OfACall, keys: Sequence[Key]) -> ColumnElement[bool]:
    return or_(*(and_(table.day == day, table.call_id == call_id) for day, call_id in keys))


def _rows(connection: Connection, statement: Update | Delete) -> int:
    done: CursorResult[Any] = connection.execute(statement)
    return done.rowcount
