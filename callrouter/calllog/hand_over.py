"""The hand-over: what happened at a unit while it was closed, for whoever opens it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, or_, select

from callrouter.calllog.conditions import same_call
from callrouter.calllog.missed import call_backs, message_seconds
from callrouter.calllog.projection import Key, lock, named, named_later, near
from callrouter.calllog.review import mark_reviewed
from callrouter.calllog.tables import CallerRow, CallRow, FollowUpRow
from callrouter.domain.call_back import MISSED, SETTLING, WAITS_FOR, CallBack
from callrouter.domain.closing import Closing
from callrouter.domain.ending import END_UNKNOWN, LONGEST_CALL, ending, goes_on
from callrouter.domain.review import Act
from callrouter.domain.words import Disposition, Origin, State

LISTED = 300
"""So many calls of one closing are listed at most: the first ones that nobody has ticked off, then others."""

COUNTED = 100
"""Up to here calls that nobody has ticked off are counted."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_TOLD: tuple[Any, ...] = (
    *(CallRow.day, CallRow.call_id, CallRow.unit, CallRow.received_at, CallRow.disposition),
    *(CallRow.answered_destination, CallRow.answered_company, CallRow.answered_person),
    *(CallRow.seconds_to_answer, CallRow.talked_seconds, CallRow.reviewed_at, CallRow.reviewed_by),
    CallerRow.number,
)
"""Of each call."""

_DURING = and_(
    CallRow.origin == bindparam("origin"),
    CallRow.received_at >= bindparam("start"),
    or_(CallRow.received_at < bindparam("end"), CallRow.state == State.CLOSED.value),
    CallRow.received_at < bindparam("until"),
)
"""Whether a call came while the unit was closed: by its hours, or by hand until it closed the next time."""

_OF_UNITS = and_(CallRow.unit.in_(bindparam("units", expanding=True)), _DURING)
_IS_OPEN = CallRow.disposition == Disposition.IN_PROGRESS.value
_LOST_ITS_END = and_(_IS_OPEN, CallRow.received_at <= bindparam("longest_ago"))
_TO_TICK = and_(CallRow.reviewed_at.is_(None), or_(~_IS_OPEN, _LOST_ITS_END))
_ENDING = case((_LOST_ITS_END, END_UNKNOWN), else_=CallRow.disposition)
_CALLS = (
    select(*_TOLD)
    .join_from(CallRow, CallerRow, same_call(CallerRow, CallRow), isouter=True)
    .where(CallRow.unit == bindparam("unit"), _DURING)
    .order_by(CallRow.received_at, CallRow.call_id)
)
_FIRST, _LEFT = _CALLS.limit(LISTED + 1), _CALLS.where(_TO_TICK).limit(LISTED)
_COUNTED: tuple[Any, ...] = (func.count(), func.count() - func.count(CallRow.reviewed_at))
_COUNTS = select(CallRow.unit, _ENDING, *_COUNTED).where(_OF_UNITS).group_by(CallRow.unit, _ENDING)
_UNTICKED = select(func.count()).select_from(
    select(CallRow.call_id).where(_OF_UNITS, _TO_TICK).limit(COUNTED).subquery()
)
_OPEN = (
    select(FollowUpRow.__table__)
    .where(named_later(FollowUpRow), FollowUpRow.done_at.is_(None))
    .order_by(FollowUpRow.due_at)
)
"""Made once: the hand-over page asks ten of them, and to make one takes longer than its answer."""


@dataclass(frozen=True, slots=True)
class HandedCall:
    """A call, how it *ended* by the word for it, and what is left to do: whether its caller waits, open follow-ups.

    *called_back*: who has called back, with what result.
    """

    call: Row[Any]
    ended: str
    message_seconds: int | None
    is_to_call_back: bool
    called_back: Sequence[CallBack]
    follow_ups: Sequence[Row[Any]]

    @property
    def is_to_tick(self) -> bool:
        """Whether it is over, and nobody has ticked it off."""
        return self.call.reviewed_at is None and self.ended != Disposition.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class HandOver:
    """The calls of a *closing*, the oldest first; not *is_whole*: there are more."""

    closing: Closing
    calls: Sequence[HandedCall]
    is_whole: bool

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many calls ended how, the most frequent first."""
        return dict(Counter(each.ended for each in self.calls).most_common())


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls of a *closing* ended how, the most frequent first; of them nobody has ticked *left* off."""

    closing: Closing
    outcomes: Mapping[str, int]
    left: int

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(self.outcomes.values())


def hand_over(connection: Connection, unit: str, closing: Closing, origin: Origin, at: datetime) -> HandOver:
    """What happened at *unit* during the *closing*, and while held closed by hand after it; as it is *at* (aware)."""
    return hand_overs(connection, {unit: closing}, origin, at)[unit]


def hand_overs(
    connection: Connection, closings: Mapping[str, Closing], origin: Origin, at: datetime
) -> Mapping[str, HandOver]:
    """The same of several units: what is left to do about their calls is asked once for all of them."""
    found = {unit: _calls(connection, unit, closing, origin, at) for unit, closing in closings.items()}
    handed = _with_what_is_left(connection, [call for calls in found.values() for call in calls[:LISTED]], at)
    return {
        unit: HandOver(closings[unit], list(islice(handed, min(len(calls), LISTED))), len(calls) <= LISTED)
        for unit, calls in found.items()
    }


def _calls(connection: Connection, unit: str, closing: Closing, origin: Origin, at: datetime) -> Sequence[Row[Any]]:
    asked = {"unit": unit} | _asked(closing, origin)
    first = connection.execute(_FIRST, asked).all()
    if len(first) <= LISTED:
        return first
    left = connection.execute(_LEFT, asked | _lost(at)).all()
    seen = [call for call in first if call.reviewed_at or goes_on(call.disposition, call.received_at, at)]
    listed = sorted([*left, *seen][:LISTED], key=lambda call: (call.received_at, call.call_id))
    return [*listed, first[-1]]


def counted(
    connection: Connection, closings: Mapping[str, Closing], origin: Origin, at: datetime
) -> Mapping[str, Counted]:
    """How many calls each unit had, as it is *at* (aware), where they are too many to be read one by one."""
    together: dict[Closing, list[str]] = {}
    for unit, closing in closings.items():
        together.setdefault(closing, []).append(unit)
    outcomes: dict[str, Counter[str]] = {unit: Counter() for unit in closings}
    left: Counter[str] = Counter()
    for closing, units in together.items():
        asked = {"units": units} | _asked(closing, origin) | _lost(at)
        for unit, ended, calls, unseen in connection.execute(_COUNTS, asked):
            outcomes[unit][ended] = calls
            left[unit] += unseen if ended != Disposition.IN_PROGRESS else 0
    return {
        unit: Counted(closing, dict(outcomes[unit].most_common()), left[unit]) for unit, closing in closings.items()
    }


def unticked(connection: Connection, units: Sequence[str], closing: Closing, origin: Origin, at: datetime) -> int:
    """How many calls to *units*, all closed during that *closing*, are over *at* (aware) and not ticked off.

    COUNTED at most.
    """
    return connection.execute(_UNTICKED, {"units": units} | _asked(closing, origin) | _lost(at)).scalar_one()


def tick(connection: Connection, calls: Sequence[Key], act: Act) -> int:
    """Somebody has seen these *calls*; returns of how many nobody had before. In a writing transaction."""
    if not calls:
        return 0
    lock(connection, calls)  # before the audit log is, as everybody does: else two could wait for each other
    query = select(CallRow.day, CallRow.call_id).where(near(CallRow, calls), _TO_TICK)
    rows = connection.execute(query, _lost(act.at)).all()
    return sum(mark_reviewed(connection, (row.day, row.call_id), act) for row in rows)


def _asked(closing: Closing, origin: Origin) -> dict[str, Any]:
    span = closing.span
    return {
        "origin": origin.value,
        "start": span.start,
        "end": span.end or _NEVER,
        "until": closing.until or _NEVER,
    }


def _lost(at: datetime) -> dict[str, datetime]:
    """Which calls have lost their end at *at*."""
    return {"longest_ago": at - LONGEST_CALL}


def _with_what_is_left(connection: Connection, calls: Sequence[Row[Any]], at: datetime) -> Iterator[HandedCall]:
    keys = [(call.day, call.call_id) for call in calls]
    seconds, tries, tasks = message_seconds(connection, keys), call_backs(connection, keys), _open(connection, keys)
    for call in calls:
        done = [each for each in tries.get(call.call_id, ()) if each.result]
        ended, heard = ending(call.disposition, call.received_at, at), seconds.get(call.call_id)
        yield HandedCall(call, ended, heard, _waits(call, done, at), done, tasks.get(call.call_id, ()))


def _waits(call: Row[Any], tries: Sequence[CallBack], at: datetime) -> bool:
    is_settled = any(each.result in SETTLING for each in tries)
    return call.disposition in MISSED and call.received_at > at - WAITS_FOR and not is_settled


def _open(connection: Connection, keys: Sequence[Key]) -> Mapping[str, Sequence[Row[Any]]]:
    """The open follow-ups of the calls, by the calls' ids."""
    found: dict[str, list[Row[Any]]] = {}
    if keys:
        for row in connection.execute(_OPEN, named(keys)):
            found.setdefault(row.call_id, []).append(row)
    return found
