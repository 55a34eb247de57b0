"""Call records of every kind, made by chance, and put into a database as the projection would."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import delete, insert

from callrouter.calllog.call_rows import call_row, leg_rows
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallerRow, CallRow, DisputeRow, LegRow, TallyRow
from callrouter.calllog.tallies import add_up, difference
from callrouter.domain.leg import LegRecord
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.tally import RULES, tally
from callrouter.domain.words import Disposition, Origin, Outcome
from tests.schedules import GUARD_1, STOCKHOLM

PLACES = (
    ("reception", None, None),
    ("security", "Nordvakt", "anna"),
    ("security", "Nordvakt", "bo"),
    ("security", "Trygg", None),
    ("officer", "Trygg", "cilla"),
)
_UNANSWERED = (Disposition.MESSAGE, Disposition.ABANDONED, Disposition.UNANSWERED, Disposition.UNKNOWN)


def records(seed: int, count: int, since: datetime, days: int) -> list[CallRecord]:
    """*count* calls spread over *days*."""
    chance = Random(seed)
    return [
        record(f"CA{seed}-{n}", chance, since + timedelta(seconds=chance.randrange(days * 86400))) for n in range(count)
    ]


def record(call_id: str, chance: Random, at: datetime) -> CallRecord:
    """One call, of any kind."""
    legs = tuple(leg(chance, at + timedelta(seconds=10 * n)) for n in range(chance.randrange(4)))
    answered = legs[-1] if legs and chance.random() < 0.6 else None
    if answered:
        legs = (*legs[:-1], taken(answered, chance))
        answered = legs[-1]
    others = (*_UNANSWERED, Disposition.BLOCKED, Disposition.IN_PROGRESS)
    disposition = Disposition.ANSWERED if answered else chance.choice(others)
    is_told = disposition is not Disposition.UNKNOWN
    took = (answered.answered_at - at).total_seconds() if answered and answered.answered_at else None
    return CallRecord(
        day=at.date(),
        call_id=call_id,
        unit=chance.choice(("centre", "field")) if is_told else None,
        called="+46846500400",
        received_at=at,
        local_time=at.astimezone(STOCKHOLM).isoformat() if is_told else None,
        state=chance.choice(("open", "closed")) if is_told else None,
        decided_by="block" if disposition is Disposition.BLOCKED else "hours",
        reason="made up",
        line=1,
        schedule_version="v1",
        is_redial=chance.random() < 0.2,
        disposition=disposition,
        answered_by=AnsweredBy(answered.destination, answered.company, answered.person) if answered else None,
        seconds_to_answer=None if took is None else round(took),
        talked_seconds=answered.talked_seconds if answered else None,
        ended_at=at + timedelta(seconds=chance.randrange(4000)) if is_told else None,
        origin=chance.choice((Origin.REAL, Origin.REAL, Origin.REAL, Origin.PHONE_NETWORK)),
        legs=legs,
        recordings=(),
        events=5,
    )


def leg(chance: Random, at: datetime) -> LegRecord:
    """One phone that was rung in vain."""
    destination, company, person = chance.choice(PLACES)
    outcome = chance.choice([None, *(each for each in Outcome if each is not Outcome.ANSWERED)])
    return LegRecord(GUARD_1.e164, destination, company, person, outcome, at, None, 6, None)


def taken(of: LegRecord, chance: Random) -> LegRecord:
    """The same, answered; once in a while nobody told when."""
    at = of.started_at + timedelta(seconds=chance.randrange(90)) if chance.random() < 0.9 else None
    place = (of.to, of.destination, of.company, of.person)
    return LegRecord(*place, Outcome.ANSWERED, of.started_at, at, 6, chance.randrange(1, 400))


def keep(database: Database, kept: Iterable[CallRecord]) -> None:
    """Put the calls into an otherwise empty log, counted; every third caller is one of three, some have no number."""
    calls = list(kept)
    with database.writing() as connection:
        for table in (CallRow, LegRow, CallerRow, TallyRow, DisputeRow):
            connection.execute(delete(table))
        if not calls:
            return
        connection.execute(insert(CallRow), [call_row(call) | {"tallied": RULES} for call in calls])
        if legs := [row for call in calls for row in leg_rows(call)]:
            connection.execute(insert(LegRow), legs)
        connection.execute(insert(CallerRow), [_caller(number, call) for number, call in enumerate(calls)])
        add_up(database, connection, difference(map(tally, calls), ()))


def _caller(number: int, call: CallRecord) -> dict[str, object]:
    key = None if number % 7 == 0 else f"key-{number % 3}" if number % 3 else f"own-{number}"
    return {"day": call.day, "call_id": call.call_id, "number": None, "key": key, "key_id": key and "k1"}


SINCE = datetime(2025, 12, 28, tzinfo=UTC)
