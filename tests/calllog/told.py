"""Calls as the log is told of them, made by the domain itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow, Table
from callrouter.domain.call import Caller, CallEvent, LegUpdate, RunningCall, call_ended
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, decide, first_step
from callrouter.domain.words import EventKind, LegStatus, Origin, Outcome
from callrouter.sealing import Pseudonymizer, Sealer
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1, schedule

CITIZEN = PhoneNumber("+46701740650")
DIGITS = b"701740650"
"""What of the citizen's number stands in every way to write it."""

SECRET = "the secret of these tests, 32 characters or more"
SEALER = Sealer(SECRET)
PSEUDONYMIZER = Pseudonymizer(SECRET)
SCHEDULE = schedule()


def ringing(call_id: str = "CA1", at: datetime = CLOSED_HOUR) -> RunningCall:
    """A call that rings its first phone."""
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    return RunningCall(call_id, CENTRE.e164, Caller(CITIZEN), decision).ringing(step)


def arrival(call_id: str = "CA1", at: datetime = CLOSED_HOUR, number: PhoneNumber | None = CITIZEN) -> Entry:
    """What the first request of a call tells."""
    return Entry(tuple(ringing(call_id, at).told()), number)


def whole_story(call_id: str = "CA1", at: datetime = CLOSED_HOUR) -> list[CallEvent]:
    """All events of a call that was answered after 20 seconds and lasted a minute."""
    call = ringing(call_id, at)
    answered, over = at + timedelta(seconds=20), at + timedelta(seconds=80)
    return [
        *call.told(),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), answered),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.ENDED, "CA9", Outcome.ANSWERED, 60), over),
        call.hung_up(over),
        call_ended(call_id, CENTRE.e164, "completed", 80, Origin.REAL, over),
    ]


def missed(
    call_id: str, at: datetime = CLOSED_HOUR, number: PhoneNumber | None = CITIZEN, key: str | None = None
) -> Entry:
    """A call whose caller hung up after 12 seconds, before anybody answered."""
    over = call_ended(call_id, CENTRE.e164, "completed", 12, Origin.REAL, at + timedelta(seconds=12))
    return Entry((*ringing(call_id, at).told(), over), number, key)


def poison(call_id: str = "CA-poison") -> Entry:
    """An entry that no database takes: nobody can know which instant its naive time means."""
    at = datetime(2026, 11, 23, 15, 30)  # noqa: DTZ001 - that is the point
    return Entry((CallEvent(at.date(), call_id, "id", EventKind.ARRIVED, at, {}),), CITIZEN)


def midnight(day: int) -> datetime:
    """The first instant of a day of November 2026."""
    return datetime(2026, 11, day, tzinfo=UTC)


def event_count(database: Database, call_id: str | None = None) -> int:
    """How many events are in the log, of one call or of all."""
    query = select(func.count()).select_from(CallEventRow)
    if call_id:
        query = query.where(CallEventRow.call_id == call_id)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()


def call_rows(database: Database) -> list[Row[Any]]:
    """All call records, by call id and day."""
    with database.reading() as connection:
        return list(connection.execute(select(CallRow.__table__).order_by(CallRow.call_id, CallRow.day)))


def numbers(database: Database) -> dict[str, str | None]:
    """Whose number is kept with which call."""
    with database.reading() as connection:
        return {row.call_id: row.number for row in connection.execute(select(CallerRow.__table__))}


def everything_but_callers(database: Database) -> str:
    """All that stands in the database, except in the one table that may hold a number."""
    tables = [table for table in Table.metadata.sorted_tables if table.name != "caller"]
    with database.reading() as connection:
        return "\n".join(str(row) for table in tables for row in connection.execute(select(table)))


def flat(entries: Iterable[Entry]) -> list[CallEvent]:
    """The events of some entries."""
    return [event for entry in entries for event in entry.events]
