"""The statements that destroy: each takes a small portion, in the transaction of its caller."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult, Delete, Update, and_, delete, or_, update
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

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
    mine = update(CallerRow).where(near(CallerRow, _keys(some)), has_number)
    return _of_each_unit(connection, mine.values(number=None, forwarded_from=None).returning(CallerRow.call_id), some)


def note_forgotten(connection: Connection, some: Sequence[Old], at: datetime) -> Units:
    """The provider's record of these calls is gone."""
    mine = update(CallerRow).where(near(CallerRow, _keys(some)), CallerRow.forgotten_at.is_(None))
    return _of_each_unit(connection, mine.values(forgotten_at=at).returning(CallerRow.call_id), some)


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
    told = delete(CallEventRow).where(near(CallEventRow, _keys(some)))
    return _of_each_unit(connection, told.returning(CallEventRow.call_id), some)


def delete_calls(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete calls with all that hangs on them: with its events left, a call would be folded and counted again."""
    keys = _keys(some)
    for table in _HANGS_ON_A_CALL:
        connection.execute(delete(table).where(near(table, keys)))
    connection.execute(delete(CallerRow).where(near(CallerRow, keys), _IS_NO_TOMBSTONE))
    calls = delete(CallRow).where(near(CallRow, keys))
    return _of_each_unit(connection, calls.returning(CallRow.call_id), some)


def delete_strays(connection: Connection, some: Sequence[Old], _at: datetime) -> Units:
    """Delete what is left of calls that have no row."""
    keys = _keys(some)
    all_of_it = [delete(table).where(_exactly(table, keys)) for table in _HANGS_ON_A_CALL]
    all_of_it.append(delete(CallerRow).where(_exactly(CallerRow, keys), _IS_NO_TOMBSTONE))
    gone: set[str] = set()
    for statement, table in zip(all_of_it, (*_HANGS_ON_A_CALL, CallerRow), strict=True):
        gone |= set(connection.execute(statement.returning(table.call_id)).scalars())
    return Counter({None: len(gone)})


def _delete_items(connection: Connection, table: type[NoteRow] | type[FollowUpRow], some: Sequence[Old]) -> Units:
    counts: Units = Counter()
    for each in some:
        counts[each.unit] += _rows(connection, delete(table).where(table.id == each.item))
    return counts


def _keys(some: Sequence[Old]) -> list[Key]:
    return [(each.day, each.call_id) for each in some]


def _of_each_unit(
    connection: Connection, statement: ReturningUpdate[Any] | ReturningDelete[Any], some: Sequence[Old]
) -> Units:
    """How many rows that was, by unit: in one statement, for each takes a way to the server. It returns their calls."""
    units = {each.call_id: each.unit for each in some}
    return Counter(units[call_id] for call_id in connection.execute(statement).scalars())


def _exactly(table: OfACall, keys: Sequence[Key]) -> ColumnElement[bool]:
    return or_(*(and_(table.day == day, table.call_id == call_id) for day, call_id in keys))


def _rows(connection: Connection, statement: Update | Delete) -> int:
    done: CursorResult[Any] = connection.execute(statement)
    return done.rowcount
