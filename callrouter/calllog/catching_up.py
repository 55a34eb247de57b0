"""Folds what a crash, or an upgrade, left unfolded: all calls since the high-water mark.

The mark says that the calls of all days before it are folded. Whoever writes events of an older day lowers it.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Insert, Update, and_, func, or_, select, update

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.projection import Key, project
from callrouter.calllog.tables import NO_DAY, CallerRow, CallEventRow, CallRow, ProjectionRow
from callrouter.domain.period import Period
from callrouter.domain.tally import RULES

CALLS = "calls"
_DAY = timedelta(days=1)
_STILL_OPEN = 2 * _DAY
"""The last days are looked at each time: calls of them go on, and clocks differ."""

_FOLDED_WITHIN = timedelta(days=3)
_CAUGHT_UP_WITHIN = timedelta(hours=2)
"""A catch-up comes each hour, where a service runs."""

_A_DAY = {"statement_timeout": "60s"}
"""For PostgreSQL, which looks through all events of three days; a flood has millions."""

_MARK = select(ProjectionRow.day, ProjectionRow.at).where(ProjectionRow.name == CALLS)

OnDay = Callable[[date], None]
"""Told each day that is done."""


def catch_up(database: Database, on_day: OnDay = lambda _day: None) -> tuple[int, int]:
    """Fold every call whose row does not hold all its events, then raise the mark: how many, of how many."""
    adopt_callers(database)
    open_since = clock.now().date() - _STILL_OPEN
    with database.reading() as connection:
        was = mark(connection)
    folded = found = 0
    day = _next_day(database, min(was, open_since) if was else date.min)
    while day:
        keys = unprojected(database, day)
        folded += project(database, keys)
        found += len(keys)
        on_day(day)
        day = _next_day(database, day + _DAY)
    _raise_mark(database, was, open_since)
    return folded, found


def mark(connection: Connection) -> date | None:
    """All calls of the days before are folded; None: of no day that is known."""
    return connection.execute(_MARK).scalar()


def missing_since(connection: Connection, period: Period, now: datetime) -> date | None:
    """Since when calls of *period* may not be counted yet: all of the days before are.

    An event of an older day lowers the mark, and is folded within seconds where a service runs: in doubt is only what
    the catch-ups have not found folded for hours.
    """
    row = connection.execute(_MARK).one_or_none()
    if row is None or row.at >= now - _CAUGHT_UP_WITHIN:
        return None
    return row.day if row.day < now.date() - _FOLDED_WITHIN and row.day <= period.last else None


def _next_day(database: Database, since: date) -> date | None:
    """The first day from *since* on that has events."""
    with database.reading() as connection:
        return connection.execute(select(func.min(CallEventRow.day)).where(CallEventRow.day >= since)).scalar()


def unprojected(database: Database, day: date) -> set[Key]:
    """The calls that arrived on *day* (UTC) whose row does not hold all their events, or is counted by other rules."""
    told = (
        select(
            func.min(CallEventRow.day).label("day"),
            CallEventRow.call_id,
            func.count(CallEventRow.id.distinct()).label("events"),  # across midnight the same event has two rows
        )
        .where(CallEventRow.day.between(day - _DAY, day + _DAY))
        .group_by(CallEventRow.call_id)
        .having(func.min(CallEventRow.day) == day)
        .subquery()
    )
    # an end that is counted back over midnight stands a day before its call
    row = and_(CallRow.day.in_([day, day + _DAY]), CallRow.call_id == told.c.call_id)
    lacks = func.coalesce(CallRow.events, 0) < told.c.events
    is_counted_otherwise = and_(CallRow.events == told.c.events, CallRow.tallied != RULES)
    query = select(told.c.day, told.c.call_id).join(CallRow, row, isouter=True).where(or_(lacks, is_counted_otherwise))
    with database.reading_at_length(_A_DAY) as connection:
        return {(day, call_id) for day, call_id in connection.execute(query)}


def adopt_callers(database: Database) -> None:
    """Give callers whom the release before kept without a day that of their call."""
    orphans = select(CallerRow.call_id).where(CallerRow.day == date.fromisoformat(NO_DAY))
    with database.reading() as connection:
        if not list(connection.execute(orphans.limit(1))):
            return
    days = (
        select(CallEventRow.call_id, func.min(CallEventRow.day).label("day"))
        .where(CallEventRow.call_id.in_(orphans))
        .group_by(CallEventRow.call_id)
    )
    with database.writing() as connection:
        for call_id, day in connection.execute(days).all():
            orphan = and_(CallerRow.call_id == call_id, CallerRow.day == date.fromisoformat(NO_DAY))
            connection.execute(update(CallerRow).where(orphan).values(day=day))


def _raise_mark(database: Database, was: date | None, to: date) -> None:
    """Unless somebody has lowered it meanwhile."""
    if was is None:
        row = {"name": CALLS, "day": to, "at": clock.now()}
        statement: Insert | Update = database.insert_new(ProjectionRow).values(row)
    else:
        own = and_(ProjectionRow.name == CALLS, ProjectionRow.day == was)
        statement = update(ProjectionRow).where(own).values(day=max(to, was), at=clock.now())
    with database.writing() as connection:
        connection.execute(statement)
