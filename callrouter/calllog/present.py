"""What goes on at present: the calls in progress, and the last one that is over. Quick at any number of calls."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from callrouter.calllog.conditions import is_wanted, same_call
from callrouter.calllog.tables import CallerRow, CallRow, TallyRow
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.ending import LONGEST_CALL
from callrouter.domain.tally import ALL_UNITS, By, Grain
from callrouter.domain.words import Disposition, Origin

_MOST = 50
_DAY = timedelta(days=1)


_CALLS: Select[Any] = (
    select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
    .join(CallerRow, same_call(CallerRow, CallRow), isouter=True)
    .order_by(CallRow.received_at.desc(), CallRow.call_id.desc())
)
_LAST = _CALLS.where(
    CallRow.received_at.between(bindparam("start"), bindparam("end")),
    CallRow.origin == bindparam("origin"),
    CallRow.disposition != Disposition.IN_PROGRESS.value,
).limit(1)
_LAST_DAYS = (
    select(TallyRow.start)
    .where(TallyRow.origin == bindparam("origin"), TallyRow.unit == ALL_UNITS, TallyRow.by == By.ALL.value)
    .where(TallyRow.grain == Grain.DAY.value, TallyRow.start <= bindparam("until"))
    .order_by(TallyRow.start.desc())
    .limit(3)
)
"""The last local dates with calls that are over; some, for the calls of the very last may be yet to come."""


def in_progress(connection: Connection, at: datetime, sight: Sight = EVERYTHING) -> Sequence[Row[Any]]:
    """The calls that go on at *at* (aware), the newest first: the columns of `call`, and the caller's numbers."""
    lasting = (CallRow.disposition == Disposition.IN_PROGRESS.value, CallRow.received_at > at - LONGEST_CALL)
    until_now = CallRow.received_at <= at + timedelta(minutes=1)  # another machine's clock
    return connection.execute(_CALLS.where(*lasting, until_now, is_wanted(CallFilter(), sight)).limit(_MOST)).all()


def last_call(connection: Connection, origin: Origin, at: datetime) -> Row[Any] | None:
    """The newest call of *origin* that is over at *at* (aware).

    Its day is looked up in the tally: a search through all calls for one of a rare origin would take seconds.
    """
    asked = {"origin": origin.value}
    for day in connection.execute(_LAST_DAYS, asked | {"until": at.date() + _DAY}).scalars().all():
        begins = datetime.combine(day, time(), UTC)
        near = {"start": begins - _DAY, "end": min(begins + 2 * _DAY, at)}
        found = connection.execute(_LAST, asked | near).one_or_none()
        if found:
            return found
    return None
