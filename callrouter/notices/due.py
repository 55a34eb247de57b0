"""What people are to be told by now: missed calls, openings, weeks and months that are over."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, exists, select

from callrouter.calllog.hand_over import hand_over
from callrouter.calllog.tables import CallRow, OutboxRow
from callrouter.domain.call_back import MISSED
from callrouter.domain.closing import last_closing
from callrouter.domain.ending import LONGEST_CALL
from callrouter.domain.notice import Notice, to_all
from callrouter.domain.period import Period
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import NoticeKind, Origin

LATE = timedelta(hours=1)
"""So long a missed call or an opening is news; later the pages tell of it. So an upgrade tells nobody of old calls."""

_REPORTED_AT = time(6)
_DAY = timedelta(days=1)


def missed_calls(connection: Connection, schedule: Schedule, origin: Origin, at: datetime) -> list[Notice]:
    """The calls that ended lately, whose callers spoke with nobody, and that no owner was told of by *at* (aware)."""
    told = exists().where(OutboxRow.kind == NoticeKind.MISSED_CALL.value, OutboxRow.about == CallRow.call_id)
    query = select(CallRow.day, CallRow.call_id, CallRow.unit).where(
        CallRow.disposition.in_([each.value for each in MISSED]),
        CallRow.received_at > at - LATE - LONGEST_CALL,
        CallRow.ended_at > at - LATE,
        CallRow.origin == origin.value,
        ~told,
    )
    return [
        notice
        for row in connection.execute(query.order_by(CallRow.received_at))
        for notice in to_all(
            NoticeKind.MISSED_CALL,
            row.call_id,
            schedule.owners(row.unit),
            {"day": row.day.isoformat(), "call_id": row.call_id},
        )
    ]


def openings(schedule: Schedule, at: datetime) -> Iterator[tuple[Unit, datetime]]:
    """The units that opened within the last hour before *at* (aware), and when."""
    for unit in schedule.units.values():
        closing = last_closing(unit.hours, at)
        opened = closing.span.end if closing else None
        if opened and opened <= at < opened + LATE:
            yield unit, opened


def hand_overs(
    connection: Connection, schedule: Schedule, origin: Origin, unit: Unit, opened: datetime
) -> Iterable[Notice]:
    """What is handed over as *unit* opens; nothing where nobody called."""
    closing = last_closing(unit.hours, opened)
    if closing is None or not hand_over(connection, unit.name, closing, origin, opened).calls:
        return ()
    about = f"{unit.name}:{opened.isoformat()}"
    facts = {"unit": unit.name, "at": opened.isoformat()}
    return to_all(NoticeKind.HAND_OVER, about, schedule.notify.hand_over, facts)


def reports(schedule: Schedule, at: datetime) -> Iterator[tuple[str, list[Notice]]]:
    """The reports due at *at* (aware), by name: on Mondays and on the first of a month, from 06:00 local on."""
    local = at.astimezone(schedule.zone)
    if local.time() < _REPORTED_AT or not schedule.notify.reports:
        return
    for name, period in _over(local.date()):
        facts = {"first": str(period.first), "last": str(period.last)}
        yield name, list(to_all(NoticeKind.REPORT, f"all:{name}", schedule.notify.reports, facts))


def _over(today: date) -> Iterator[tuple[str, Period]]:
    """The week and the month that ended yesterday, with their names."""
    yesterday = today - _DAY
    if today.isoweekday() == 1:
        yield f"{yesterday:%G-W%V}", Period(today - 7 * _DAY, yesterday)
    if today.day == 1:
        yield f"{yesterday:%Y-%m}", Period.month(yesterday.year, yesterday.month)
