"""Since when the log is whole: what is older was destroyed by decision, as the protocol says."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from callrouter.calllog.tables import DestructionRow
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
