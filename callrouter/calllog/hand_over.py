"""The hand-over: what happened at a unit while it was closed, for whoever opens it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from callrouter.calllog.conditions import same_call
from callrouter.calllog.missed import call_backs, message_seconds
from callrouter.calllog.projection import Key, lock, near
from callrouter.calllog.review import mark_reviewed
from callrouter.calllog.tables import CallerRow, CallRow, FollowUpRow
from callrouter.domain.call_back import MISSED, SETTLING, WAITS_FOR, CallBack
from callrouter.domain.closing import Closing
from callrouter.domain.review import Act
from callrouter.domain.words import Disposition, Origin, State

LISTED = 300
"""So many calls of one closing are listed at most, the first ones."""

COUNTED = 100
"""Up to here the calls of a unit that nobody has ticked off are counted."""


@dataclass(frozen=True, slots=True)
class HandedCall:
    """A call, and what is left to do: whether its caller waits, and open follow-ups."""

    call: Row[Any]
    message_seconds: int | None
    is_to_call_back: bool
    follow_ups: Sequence[Row[Any]]

    @property
    def is_to_tick(self) -> bool:
        """Whether it is over, and nobody has ticked it off."""
        return self.call.reviewed_at is None and self.call.disposition != Disposition.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class HandOver:
    """The calls of a *closing*, the oldest first; not *is_whole*: there are more."""

    closing: Closing
    calls: Sequence[HandedCall]
    is_whole: bool

    @property
    def outcomes(self) -> Mapping[str, int]:
        """How many calls ended how, the most frequent first."""
        return dict(Counter(each.call.disposition for each in self.calls).most_common())


def hand_over(connection: Connection, unit: str, closing: Closing, origin: Origin, at: datetime) -> HandOver:
    """What happened at *unit* during the *closing*, and while held closed by hand after it; as it is *at* (aware)."""
    own = (CallRow.unit == unit, CallRow.origin == origin.value, _during(closing))
    query = (
        select(CallRow.__table__, CallerRow.number)
        .join(CallerRow, same_call(CallerRow, CallRow), isouter=True)
        .where(*own)
        .order_by(CallRow.received_at, CallRow.call_id)
    )
    calls = connection.execute(query.limit(LISTED + 1)).all()
    return HandOver(closing, _with_what_is_left(connection, calls[:LISTED], at), len(calls) <= LISTED)


def unticked(connection: Connection, unit: str, closings: Sequence[Closing], origin: Origin) -> Mapping[datetime, int]:
    """How many calls of *unit* nobody has ticked off, by the beginning of their closing; COUNTED in all at most."""
    if not closings:
        return {}
    begins = sorted(closing.span.start for closing in closings)
    own = (CallRow.unit == unit, CallRow.origin == origin.value, CallRow.reviewed_at.is_(None))
    over = CallRow.disposition != Disposition.IN_PROGRESS.value
    during = (CallRow.received_at >= begins[0], or_(*(_during(closing) for closing in closings)))
    query = select(CallRow.received_at).where(*own, over, *during).limit(COUNTED)
    return Counter(begins[bisect_right(begins, at) - 1] for at in connection.execute(query).scalars())


def tick(connection: Connection, calls: Sequence[Key], act: Act) -> int:
    """Somebody has seen these *calls*; returns of how many nobody had before. In a writing transaction."""
    if not calls:
        return 0
    lock(connection, calls)  # before the audit log is, as everybody does: else two could wait for each other
    left = (near(CallRow, calls), CallRow.reviewed_at.is_(None), CallRow.disposition != Disposition.IN_PROGRESS.value)
    rows = connection.execute(select(CallRow.day, CallRow.call_id).where(*left)).all()
    return sum(mark_reviewed(connection, (row.day, row.call_id), act) for row in rows)


def _during(closing: Closing) -> ColumnElement[bool]:
    """Whether a call came while the unit was closed: by its hours, or by hand until it closed the next time."""
    end, until = closing.span.end, closing.until
    since = CallRow.received_at >= closing.span.start
    if end is None:
        return since
    while_closed = or_(CallRow.received_at < end, CallRow.state == State.CLOSED.value)
    return and_(since, while_closed, CallRow.received_at < until) if until else and_(since, while_closed)


def _with_what_is_left(connection: Connection, calls: Sequence[Row[Any]], at: datetime) -> list[HandedCall]:
    keys = [(call.day, call.call_id) for call in calls]
    seconds, tries, tasks = message_seconds(connection, keys), call_backs(connection, keys), _open(connection, keys)
    return [
        HandedCall(
            call,
            seconds.get(call.call_id),
            _waits(call, tries.get(call.call_id, ()), at),
            tasks.get(call.call_id, ()),
        )
        for call in calls
    ]


def _waits(call: Row[Any], tries: Sequence[CallBack], at: datetime) -> bool:
    is_settled = any(each.result in SETTLING for each in tries)
    return call.disposition in MISSED and call.received_at > at - WAITS_FOR and not is_settled


def _open(connection: Connection, keys: Sequence[Key]) -> Mapping[str, Sequence[Row[Any]]]:
    """The open follow-ups of the calls, by the calls' ids."""
    found: dict[str, list[Row[Any]]] = {}
    if keys:
        query = select(FollowUpRow.__table__).where(near(FollowUpRow, keys), FollowUpRow.done_at.is_(None))
        for row in connection.execute(query.order_by(FollowUpRow.due_at)):
            found.setdefault(row.call_id, []).append(row)
    return found
