"""Missed calls: whose callers spoke with nobody, and whom nobody has called back since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, asc, bindparam, desc, exists, func, select, union_all

from callrouter.calllog.conditions import same_call
from callrouter.calllog.projection import Key, named, named_later
from callrouter.calllog.tables import CallBackRow, CallerRow, CallRow, RecordingRow
from callrouter.domain.call_back import MISSED, SETTLING, WAITS_FOR, CallBack
from callrouter.domain.review import Act
from callrouter.domain.words import CallBackResult, Disposition, Origin

LISTED = 100
"""So many missed calls are listed at most: whoever has more to call back begins somewhere."""

_SO_FEW = timedelta(hours=12)
"""In so short a span there are fewer answered calls than calls of a hundred callers in all the years."""

_TOLD: tuple[Any, ...] = (
    CallRow.day,
    CallRow.call_id,
    CallRow.unit,
    CallRow.received_at,
    CallRow.ended_at,
    CallRow.disposition,
)

_TRIES = select(CallBackRow.__table__).where(named_later(CallBackRow)).order_by(CallBackRow.id)
_SECONDS: Select[str, int] = (
    select(RecordingRow.call_id, func.sum(RecordingRow.seconds))
    .where(named_later(RecordingRow))
    .group_by(RecordingRow.call_id)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits to be called back: the missed *calls* of one caller to one unit, the newest first.

    *tries*: who took it upon themselves, the newest last. *answered*: a later call of theirs that was.
    """

    calls: Sequence[Row[Any]]
    tries: Sequence[CallBack] = ()
    answered: Row[Any] | None = None
    message_seconds: int | None = None

    @property
    def call(self) -> Row[Any]:
        """The newest of them."""
        return self.calls[0]

    def held(self, at: datetime) -> CallBack | None:
        """Who is calling back at *at* (aware)."""
        return next((each for each in self.tries if each.is_held(at)), None)

    @property
    def last_try(self) -> CallBack | None:
        """The last one that reached nobody."""
        return next((each for each in reversed(self.tries) if each.result), None)

    def later(self, at: datetime) -> datetime | None:
        """When to try again, if that lies beyond *at* (aware)."""
        again = self.last_try.again_at if self.last_try else None
        return again if again and again > at else None


@dataclass(frozen=True, slots=True)
class WaitingList:
    """Everybody who waits; not *is_whole*: there are more."""

    callers: Sequence[Waiting]
    is_whole: bool

    @property
    def open(self) -> Sequence[Waiting]:
        """Those who have not been answered since."""
        return [each for each in self.callers if not each.answered]

    @property
    def answered(self) -> Sequence[Waiting]:
        """Those who have called again and were answered: probably nobody need call them."""
        return [each for each in self.callers if each.answered]


def waiting(
    connection: Connection, origin: Origin, at: datetime, unit: str | None = None, *, oldest_first: bool = False
) -> WaitingList:
    """Who waits at *at* (aware), at one unit or at all."""
    found = who_waits(connection, origin, at, unit, oldest_first=oldest_first)
    keys = [_key(call) for one in found.callers for call in one.calls]
    tries, seconds = call_backs(connection, keys), message_seconds(connection, keys)
    people = [
        Waiting(
            one.calls,
            sorted((each for call in one.calls for each in tries.get(call.call_id, ())), key=lambda each: each.id),
            one.answered,
            sum(seconds.get(call.call_id, 0) for call in one.calls) or None,
        )
        for one in found.callers
    ]
    return WaitingList(people, found.is_whole)


def who_waits(
    connection: Connection, origin: Origin, at: datetime, unit: str | None = None, *, oldest_first: bool = False
) -> WaitingList:
    """The same without who has tried, and what messages there are: for counting them."""
    asked = {"since": at - WAITS_FOR, "origin": origin.value} | ({} if unit is None else {"unit": unit})
    found = connection.execute(_first(of_unit=unit is not None, oldest_first=oldest_first), asked).all()
    answered = _answered(connection, found, at)
    people = [
        Waiting(calls, answered=_since(calls[0], answered.get(_caller(calls[0]), ())))
        for calls in _by_caller(found[:LISTED])
    ]
    return WaitingList(people, len(found) <= LISTED)


def waiting_calls(connection: Connection, call: Key, at: datetime) -> Sequence[Row[Any]]:
    """All missed calls of the caller of *call* to its unit, *call* among them; none if it waits no longer."""
    day, call_id = call
    missed, since = _missed(), {"since": at - WAITS_FOR}
    mine = connection.execute(missed.where(CallRow.day == day, CallRow.call_id == call_id), since).one_or_none()
    if mine is None:
        return ()
    if mine.key is None:
        return (mine,)
    theirs = (CallerRow.key == mine.key, CallerRow.key_id == mine.key_id, CallRow.unit.is_not_distinct_from(mine.unit))
    return connection.execute(missed.where(*theirs).order_by(*_NEWEST), since).all()


def answered_since(connection: Connection, call: Key, at: datetime) -> datetime | None:
    """When the caller of *call* called its unit again and was answered, as far as is known at *at* (aware)."""
    day, call_id = call
    caller = (CallerRow.number, CallerRow.key, CallerRow.key_id)
    query: Select[Any] = select(*_TOLD, *caller).join_from(CallRow, CallerRow, same_call(CallerRow, CallRow))
    mine = connection.execute(query.where(CallRow.day == day, CallRow.call_id == call_id)).one_or_none()
    if mine is None or not mine.key:
        return None
    since = _since(mine, _answered(connection, [mine], at).get(_caller(mine), ()))
    return since.received_at if since else None


def call_backs(connection: Connection, keys: Sequence[Key]) -> Mapping[str, list[CallBack]]:
    """Who called back about each of the calls, by its id, the oldest first."""
    found: dict[str, list[CallBack]] = {}
    if keys:
        for row in connection.execute(_TRIES, named(keys)):
            found.setdefault(row.call_id, []).append(call_back(row))
    return found


def message_seconds(connection: Connection, keys: Sequence[Key]) -> Mapping[str, int]:
    """How long the messages are that were left in the calls, by their ids."""
    if not keys:
        return {}
    return dict(connection.execute(_SECONDS, named(keys)).all())


def call_back(row: Row[Any]) -> CallBack:
    """A row of `call_back`."""
    result = CallBackResult(row.result) if row.result else None
    return CallBack(row.id, row.day, row.call_id, Act(row.who, row.at), row.ended_at, result, row.again_at)


@cache
def _missed() -> Select[Any]:
    """The missed calls that nobody has settled. An index of outcome or unit gives them; the span keeps them few.

    Made once: it takes about as long as the answer.
    """
    settled = exists().where(same_call(CallBackRow, CallRow), CallBackRow.result.in_(SETTLING))
    caller = (CallerRow.number, CallerRow.key, CallerRow.key_id)
    calls: Select[Any] = select(*_TOLD, *caller)
    calls = calls.join_from(CallRow, CallerRow, same_call(CallerRow, CallRow), isouter=True)
    return calls.where(CallRow.disposition.in_(MISSED), CallRow.received_at > bindparam("since"), ~settled)


@cache
def _first(*, of_unit: bool, oldest_first: bool) -> Select[Any]:
    """One more than are listed, at one unit or at all. An index has those of one outcome in order, none of them all."""
    query = _missed().where(CallRow.origin == bindparam("origin"))
    query = query.where(CallRow.unit == bindparam("unit")) if of_unit else query
    order = asc if oldest_first else desc
    query = query.order_by(order(CallRow.received_at), order(CallRow.call_id)).limit(LISTED + 1)
    firsts = [query.where(CallRow.disposition == how.value).subquery() for how in MISSED]
    every = union_all(*(select(first) for first in firsts)).subquery()
    return select(every).order_by(order(every.c.received_at), order(every.c.call_id)).limit(LISTED + 1)


_NEWEST = (CallRow.received_at.desc(), CallRow.call_id.desc())


def _by_caller(calls: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """One caller's calls to one unit together, the newest first; of whom nothing is known, each call by itself."""
    found: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for call in calls:
        who = (call.unit, *_caller(call)) if call.key else (call.call_id,)
        found.setdefault(who, []).append(call)
    return [sorted(each, key=lambda call: (call.received_at, call.call_id), reverse=True) for each in found.values()]


def _answered(
    connection: Connection, calls: Iterable[Row[Any]], at: datetime
) -> Mapping[tuple[Any, ...], list[Row[Any]]]:
    """The answered calls of these callers since the oldest of *calls*, by caller, the oldest first."""
    known = [call for call in calls if call.key]
    if not known:
        return {}
    keys, since = sorted({call.key for call in known}), min(call.received_at for call in known)
    query = _answered_of(by_caller=since < at - _SO_FEW)
    found: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for row in connection.execute(query, {"keys": keys, "day": since.date(), "since": since}).all():
        found.setdefault(row[:2], []).append(row)  # there are hundreds: by place, not by name
    return found


@cache
def _answered_of(*, by_caller: bool) -> Select[Any]:
    """Some callers have called for years, and of a long span answered calls are many: whichever is less leads."""
    outcome = CallRow.disposition.concat("") if by_caller else CallRow.disposition  # no index has it with "" behind
    key = CallerRow.key if by_caller else CallerRow.key.concat("")
    told: tuple[Any, ...] = (CallerRow.key_id, CallerRow.key, CallRow.received_at, CallRow.unit)
    return (
        select(*told)
        .join_from(CallerRow, CallRow, same_call(CallRow, CallerRow))
        .where(key.in_(bindparam("keys", expanding=True)), CallerRow.day >= bindparam("day"))
        .where(outcome == Disposition.ANSWERED.value, CallRow.received_at > bindparam("since"))
        .order_by(CallRow.received_at)
    )


def _since(call: Row[Any], answered: Iterable[Row[Any]]) -> Row[Any] | None:
    return next((each for each in answered if each.received_at > call.received_at), None)


def _caller(row: Row[Any]) -> tuple[Any, ...]:
    return row.key_id, row.key


def _key(call: Row[Any]) -> Key:
    return call.day, call.call_id
