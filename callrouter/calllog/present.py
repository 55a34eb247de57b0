"""What goes on at present: the calls in progress, and the last one that is over. Quick at any number of calls."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, select

from callrouter.calllog.conditions import is_wanted
from callrouter.calllog.tables import CallerRow, CallRow, TallyRow
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight
from callrouter.domain.tally import ALL_UNITS, By, Grain
from callrouter.domain.words import Disposition, Origin

LONGEST_CALL = timedelta(hours=4)
"""A call that began earlier and is still open has lost its end: it is not in progress."""

_MOST = 50
_DAY = timedelta(days=1)


def in_progress(connection: Connection, at: datetime, sight: Sight = EVERYTHING) -> Sequence[Row[Any]]:
    """The calls that go on at *at* (aware), the newest first: the columns of `call`, and the caller's numbers."""
    lasting = (CallRow.disposition == Disposition.IN_PROGRESS.value, CallRow.received_at > at - LONGEST_CALL)
    until_now = CallRow.received_at <= at + timedelta(minutes=1)  # another machine's clock
    return connection.execute(_calls().where(*lasting, until_now, is_wanted(CallFilter(), sight)).limit(_MOST)).all()


def last_call(connection: Connection, origin: Origin, at: datetime) -> Row[Any] | None:
    """The newest call of *origin* that is over at *at* (aware).

    Its day is looked up in the tally: a search through all calls for one of a rare origin would take seconds.
    """
    over = (CallRow.origin == origin.value, CallRow.disposition != Disposition.IN_PROGRESS.value)
    for day in connection.execute(_last_days(origin, at.date() + _DAY)).scalars().all():
        begins = datetime.combine(day, time(), UTC)
        near = CallRow.received_at.between(begins - _DAY, min(begins + 2 * _DAY, at))
        found = connection.execute(_calls().where(near, *over).limit(1)).one_or_none()
        if found:
            return found
    return None


def _last_days(origin: Origin, until: date) -> Select[Any]:
    """The last local dates with calls that are over; some, for the calls of the very last may be yet to come."""
    cells = (TallyRow.origin == origin.value, TallyRow.unit == ALL_UNITS, TallyRow.by == By.ALL.value)
    days = (TallyRow.grain == Grain.DAY.value, TallyRow.start <= until)
    return select(TallyRow.start).where(*cells, *days).order_by(TallyRow.start.desc()).limit(3)


def _calls() -> Select[Any]:
    caller = and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id)
    newest = (CallRow.received_at.desc(), CallRow.call_id.desc())
    return (
        select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
        .join(CallerRow, caller, isouter=True)
        .order_by(*newest)
    )
