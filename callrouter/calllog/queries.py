"""What is asked of single calls of the log; searching.py finds them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, Connection, Row, and_, func, select

from callrouter.calllog.conditions import is_wanted, same_call
from callrouter.calllog.database import Database
from callrouter.calllog.projection import Key, near
from callrouter.calllog.searching import page
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight, SoughtCaller
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import EventKind, Outcome

_CALLS_AT_ONCE = 50
_LAST_CHARACTER = "\U0010ffff"


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


def calls_named(connection: Connection, start_of_id: str, sight: Sight = EVERYTHING) -> Sequence[Row[Any]]:
    """The calls whose id starts with *start_of_id*, a whole one first; at most two, for that is one too many.

    Day by day, for the day leads the key. Not LIKE: SQLite's does not tell upper from lower case.
    """
    days = _days_with_calls()
    starts_so = CallRow.call_id.between(start_of_id, start_of_id + _LAST_CHARACTER)
    query = (
        select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
        .join_from(days, CallRow, and_(CallRow.day == days.c.day, starts_so))
        .join(CallerRow, same_call(CallerRow, CallRow), isouter=True)
        .where(is_wanted(CallFilter(), sight))
        .order_by(func.length(CallRow.call_id), CallRow.call_id)
        .limit(2)
    )
    return connection.execute(query).all()


def one_call(connection: Connection, day: date, call_id: str, sight: Sight = EVERYTHING) -> Row[Any] | None:
    """The call of that key, with the columns of `calls_named`; None: there is none that may be seen."""
    query = (
        select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
        .join(CallerRow, same_call(CallerRow, CallRow), isouter=True)
        .where(CallRow.day == day, CallRow.call_id == call_id, is_wanted(CallFilter(), sight))
    )
    return connection.execute(query).one_or_none()


def kept_caller(connection: Connection, call: Key) -> Row[str | None, str | None, str | None] | None:
    """What is kept of whoever made *call*, as `number`, `key` and `key_id`; None: nothing ever was."""
    query = select(CallerRow.number, CallerRow.key, CallerRow.key_id).where(near(CallerRow, [call]))
    return connection.execute(query.order_by(CallerRow.number.is_(None), CallerRow.key.is_(None))).first()


def earlier_calls(
    connection: Connection,
    call: Row[Any],
    limit: int,
    sight: Sight = EVERYTHING,
    discreet: Collection[str] | None = None,
) -> Sequence[Row[Any]]:
    """The latest calls that the caller of *call* made before it; none where nobody can tell who it was.

    *discreet*: the units that keep no numbers. Of a call to one of them nothing is told beside calls to other units,
    nor the other way round. None: it is not known which they are, so no other unit's calls are told of.
    """
    columns = (CallerRow.key, CallerRow.key_id, CallerRow.number)
    query = select(*columns).where(same_call(CallerRow, call), CallerRow.key.is_not(None))
    caller = connection.execute(query).one_or_none()
    if caller is None:
        return ()
    number = PhoneNumber.parse(caller.number) if caller.number else None
    unit = call.unit if discreet is None or call.unit in discreet else None
    before = CallFilter(caller=SoughtCaller(caller.key, caller.key_id, number), until=call.received_at, unit=unit)
    apart = frozenset(discreet or ()) - {call.unit}
    return page(connection, before, limit, sight=replace(sight, without_units=sight.without_units | apart)).calls


def events_of(connection: Connection, day: date, call_id: str) -> list[LoggedEvent]:
    """Everything that was told of the call that arrived on *day* (UTC), in the order it happened."""
    return events_of_all(connection, [(day, call_id)])[call_id]


def events_of_all(connection: Connection, keys: Sequence[Key]) -> Mapping[str, list[LoggedEvent]]:
    """The same of many calls (UTC day, call id), by their ids: some at once, each with at least an empty list."""
    told: dict[str, list[LoggedEvent]] = {call_id: [] for _, call_id in keys}
    columns = (CallEventRow.call_id, CallEventRow.at, CallEventRow.kind, CallEventRow.facts)
    for some in (keys[start : start + _CALLS_AT_ONCE] for start in range(0, len(keys), _CALLS_AT_ONCE)):
        for row in connection.execute(select(*columns).where(near(CallEventRow, some))):
            told[row.call_id].append(LoggedEvent(row.at, EventKind(row.kind), row.facts))
    return {call_id: sorted(events, key=_in_order) for call_id, events in told.items()}


def _in_order(event: LoggedEvent) -> tuple[datetime, int]:
    return event.at, list(EventKind).index(event.kind)


def logged_attempt(database: Database, day: date, call_id: str, attempt: str) -> LoggedAttempt:
    """What became of *attempt* so far: of what was told twice, the first counts."""
    kinds = CallEventRow.kind.in_([EventKind.ACCEPTED.value, EventKind.DIAL_ENDED.value])
    query = select(CallEventRow.kind, CallEventRow.at, CallEventRow.facts).where(
        near(CallEventRow, [(day, call_id)]), kinds
    )
    with database.reading() as connection:
        told = [row for row in connection.execute(query) if row.facts["attempt"] == attempt]
    first = {row.kind: row for row in sorted(told, key=lambda row: row.at, reverse=True)}
    key, end = first.get(EventKind.ACCEPTED), first.get(EventKind.DIAL_ENDED)
    return LoggedAttempt(key.at if key else None, Outcome(end.facts["outcome"]) if end else None)


def _days_with_calls() -> CTE:
    """Each day that has calls, one probe of the key a day."""
    days = select(func.max(CallRow.day).label("day")).cte("days", recursive=True)
    before = select(func.max(CallRow.day)).where(CallRow.day < days.c.day).scalar_subquery()
    return days.union_all(select(before).where(days.c.day.is_not(None)))
