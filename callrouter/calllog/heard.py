"""What the log has heard of calls, to be held against the provider's list of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, or_, select

from callrouter.calllog.conditions import same_call
from callrouter.calllog.erasure import ERASURE
from callrouter.calllog.gone import gone_before
from callrouter.calllog.projection import Key, near
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, DestructionRow
from callrouter.domain.call import CallEvent
from callrouter.domain.span import Span
from callrouter.domain.words import EventKind, Origin, Retained


@dataclass(frozen=True, slots=True)
class Heard:
    """What was told of a call. *day*: under which it is kept; *has_caller*: whether who called is known, or erased.

    Without events there is only what destruction left: nothing is to be added.
    """

    day: date
    events: tuple[CallEvent, ...]
    has_caller: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """What was destroyed by decision: all of before *destroyed_before*, and numbers by erasures, last *erased_at*."""

    destroyed_before: datetime | None
    erased_at: datetime | None

    @classmethod
    def of(cls, connection: Connection) -> "Limits":
        """As the destruction protocol has them."""
        before = gone_before(connection, Retained.CALLS, Retained.EVENTS)
        is_done = (DestructionRow.what == ERASURE, DestructionRow.count > 0)  # a hold may have kept all of it
        erased = select(func.max(DestructionRow.at)).where(*is_done)
        return cls(before, connection.execute(erased).scalar())

    def keep_out(self, at: datetime) -> bool:
        """Whether what is of *at* (aware) must not come back."""
        return self.destroyed_before is not None and at < self.destroyed_before

    def may_be_erased(self, at: datetime) -> bool:
        """Whether the number of who called *at* (aware) may have been erased since: nobody can say whose it was."""
        return self.erased_at is not None and at < self.erased_at


def heard_of(connection: Connection, keys: Iterable[Key]) -> Mapping[str, Heard]:
    """What the log has of these calls (UTC day of the arrival, give or take one; call id); those it knows."""
    wanted = list(keys)
    days: dict[str, date] = {}
    events: dict[str, list[CallEvent]] = defaultdict(list)
    for row in connection.execute(select(CallEventRow.__table__).where(near(CallEventRow, wanted))):
        events[row.call_id].append(CallEvent(row.day, row.call_id, row.id, EventKind(row.kind), row.at, row.facts))
        days[row.call_id] = min(row.day, days.get(row.call_id, row.day))
    for row in connection.execute(select(CallRow.day, CallRow.call_id).where(near(CallRow, wanted))):
        days[row.call_id] = row.day
    callers = dict(_callers(connection, wanted))
    return {
        call_id: Heard(days.get(call_id) or callers[call_id], tuple(events[call_id]), call_id in callers)
        for call_id in days.keys() | callers.keys()
    }


def _callers(connection: Connection, keys: Sequence[Key]) -> Iterable[tuple[str, date]]:
    query = select(CallerRow.call_id, CallerRow.day).where(near(CallerRow, keys))
    return ((row.call_id, row.day) for row in connection.execute(query))


def calls_within(connection: Connection, span: Span, origin: Origin) -> list[tuple[str, datetime]]:
    """The calls of *origin* that arrived within *span*, and when; without those deleted at the provider."""
    is_wanted = and_(CallRow.received_at >= span.start, CallRow.origin == origin.value)
    is_there = or_(CallerRow.call_id.is_(None), and_(CallerRow.forgotten_at.is_(None), CallerRow.erased_at.is_(None)))
    query = (
        select(CallRow.call_id, CallRow.received_at)
        .join(CallerRow, same_call(CallerRow, CallRow), isouter=True)
        .where(is_wanted, is_there)
        .order_by(CallRow.received_at)
    )
    query = query.where(CallRow.received_at < span.end) if span.end else query
    return [(row.call_id, row.received_at) for row in connection.execute(query)]
