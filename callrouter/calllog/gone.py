"""Since when the log is whole: what is older was destroyed by decision, as the protocol says."""

from datetime import date, datetime, tzinfo

from sqlalchemy import Connection, func, select

from callrouter.calllog.tables import DestructionRow
from callrouter.domain.period import Period
from callrouter.domain.wallclock import first_whole_day
from callrouter.domain.words import Retained


def gone_before(connection: Connection, *classes: Retained) -> datetime | None:
    """The instant before which anything of these classes was destroyed, but for what is held; None: nothing ever was.

    An order that destroyed nothing, because all was held or waits for the provider, says nothing.
    """
    was_destroyed = (DestructionRow.what.in_([each.value for each in classes]), DestructionRow.count > 0)
    before: datetime | None = connection.execute(select(func.max(DestructionRow.before)).where(*was_destroyed)).scalar()
    return before


def calls_gone_since(connection: Connection, start: datetime) -> datetime | None:
    """The instant before which calls that came since *start* (aware) were destroyed; None: all of them are there.

    What is counted from *start* on is less than what came, even if it is only by some hours of its first day.
    """
    before = gone_before(connection, Retained.CALLS)
    return before if before and before > start else None


def whole_from(connection: Connection, period: Period, zone: tzinfo) -> date | None:
    """The date before which calls of *period* (dates in *zone*) were destroyed; None: it has all of them."""
    gone = calls_gone_since(connection, period.span(zone).start)
    return first_whole_day(gone, zone) if gone else None
