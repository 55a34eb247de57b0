"""What is older than decided: found, counted, and handed out in small portions, the oldest first.

A call's age is that of its arrival, a note's and a recording's is its own.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select, tuple_

from callrouter.calllog.holds import is_held
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, FollowUpRow, NoteRow, RecordingRow
from callrouter.domain.words import Origin

Units = Counter[str | None]
"""How much of each unit; None: of no unit that is known."""


@dataclass(frozen=True, slots=True)
class Old:
    """Something that must go: the call it is of or is, and its own *item* (such as a recording's name), if any."""

    day: date
    call_id: str
    item: Any
    unit: str | None
    origin: str | None

    @property
    def has_copies(self) -> bool:
        """Whether the provider knows of the call: of one of the built-in phone network nobody else does."""
        return self.origin != Origin.PHONE_NETWORK

    @property
    def is_leg_alone(self) -> bool:
        """Whether the provider knows nothing but the leg: the id of a test call is ours."""
        return self.origin == Origin.TEST_CALL


_Table = type[CallerRow] | type[CallEventRow] | type[CallRow] | type[NoteRow] | type[FollowUpRow] | type[RecordingRow]


@dataclass(frozen=True, slots=True)
class Overdue:
    """The rows of *table* that are *too_old*. *item*: what they are told apart by within a call.

    *rows_of_a_call*: the rows of one call are handed out as one, and counted each.
    """

    table: _Table
    too_old: ColumnElement[bool]
    item: Any = None
    rows_of_a_call: bool = False

    def of(self, unit: str | None) -> "Overdue":
        """Those of one unit alone; None: of all."""
        return self if unit is None else replace(self, too_old=and_(self.too_old, CallRow.unit == unit))

    def count(self, connection: Connection, *, held: bool = False) -> Units:
        """How much must go or, *held*, would have to if it were not held; by unit. It may take minutes."""
        counted = select(CallRow.unit, func.count().label("count")).where(self._held(held=held)).group_by(CallRow.unit)
        return Counter({row["unit"]: row["count"] for row in connection.execute(self._with_calls(counted)).mappings()})

    def next(self, connection: Connection, after: Old | None, limit: int) -> list[Old]:
        """The next *limit* after that one; held calls are left out."""
        columns = [self.table.day, self.table.call_id, *([] if self.item is None else [self.item])]
        item = literal(None) if self.item is None else self.item
        of_call: list[Any] = [CallRow.unit, CallRow.origin]
        if self.rows_of_a_call:
            of_call = [func.max(column) for column in of_call]  # there is one; and the index gives the order
        query = select(self.table.day, self.table.call_id, item, *of_call)
        query = self._with_calls(query).where(self._held(held=False)).order_by(*columns).limit(limit)
        if after:
            reached = (after.day, after.call_id, after.item)[: len(columns)]
            values = (literal(value, column.type) for value, column in zip(reached, columns, strict=True))
            query = query.where(tuple_(*columns) > tuple_(*values))
        if self.rows_of_a_call:
            query = query.group_by(*columns)
        return [Old(*row) for row in connection.execute(query)]

    def _held(self, *, held: bool) -> ColumnElement[bool]:
        return is_held(self.table.call_id) if held else ~is_held(self.table.call_id)

    def _with_calls(self, query: Any) -> Select[Any]:
        if self.table is not CallRow:
            call = and_(CallRow.day == self.table.day, CallRow.call_id == self.table.call_id)
            query = query.select_from(self.table).join(CallRow, call, isouter=True)
        found: Select[Any] = query.where(self.too_old)
        return found


Find = Callable[[datetime], Overdue]
"""What is older than an instant (UTC)."""


def numbers(before: datetime) -> Overdue:
    """Callers whose number stands here."""
    is_kept = or_(CallerRow.number.is_not(None), CallerRow.forwarded_from.is_not(None))
    return Overdue(CallerRow, and_(_NOT_FORGOTTEN, is_kept, _of_old_calls(CallerRow, before)))


def provider_records(before: datetime) -> Overdue:
    """Callers whose number stands in the provider's record of the call, whether it stood here or not."""
    is_there = func.coalesce(CallRow.origin, "") != Origin.PHONE_NETWORK.value
    return Overdue(
        CallerRow, and_(_NOT_FORGOTTEN, CallerRow.erased_at.is_(None), is_there, _of_old_calls(CallerRow, before))
    )


def notes(before: datetime) -> Overdue:
    """Notes, by when they were written."""
    return Overdue(NoteRow, NoteRow.at < before, NoteRow.id)


def follow_ups(before: datetime) -> Overdue:
    """Follow-ups, by when they were made."""
    return Overdue(FollowUpRow, FollowUpRow.at < before, FollowUpRow.id)


def recordings(before: datetime) -> Overdue:
    """Recordings in the provider's store, by when they were left."""
    is_there = RecordingRow.deleted_at.is_(None)
    return Overdue(RecordingRow, and_(is_there, RecordingRow.left_at < before), RecordingRow.sid)


def events(before: datetime) -> Overdue:
    """The events of calls."""
    return Overdue(CallEventRow, _of_old_calls(CallEventRow, before), rows_of_a_call=True)


def calls(before: datetime) -> Overdue:
    """Calls with all that hangs on them."""
    return Overdue(CallRow, and_(CallRow.received_at < before, CallRow.day <= before.date()))


def stray_events(before: datetime) -> Overdue:
    """Events of which no call was ever folded."""
    return Overdue(CallEventRow, _without_call(CallEventRow, before), rows_of_a_call=True)


def stray_callers(before: datetime) -> Overdue:
    """Callers of whose call there is nothing else."""
    return Overdue(CallerRow, and_(CallerRow.erased_at.is_(None), _without_call(CallerRow, before)))


_NOT_FORGOTTEN = CallerRow.forgotten_at.is_(None)


def _of_old_calls(table: type[CallerRow] | type[CallEventRow], before: datetime) -> ColumnElement[bool]:
    is_old = or_(CallRow.received_at < before, _without_call(table, before))
    return and_(table.day <= before.date(), is_old)


def _without_call(table: type[CallerRow] | type[CallEventRow], before: datetime) -> ColumnElement[bool]:
    """Where there is no call to ask, a whole UTC day says how old it is."""
    return and_(CallRow.call_id.is_(None), table.day < before.date())
