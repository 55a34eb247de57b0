"""Everything that is kept about a person, as the document that is asked for; and what an erasure leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.copies import Copies
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol
from callrouter.calllog.erasure import ERASURE, erase, finish
from callrouter.calllog.export import shown
from callrouter.calllog.queries import events_of_all
from callrouter.calllog.subject import Person, blocks_of, calls_of, hashed_otherwise, traces
from callrouter.cli.by_hand import decider
from callrouter.cli.log_story import steps
from callrouter.cli.problems import Problem
from callrouter.domain.counted import counted
from callrouter.domain.disclosure import PURPOSES, RIGHTS, SOURCE
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import Retained
from callrouter.jobs.tools import provider_account
from callrouter.settings import storage_settings, twilio_settings


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked about whom, by the schedule in force, at an instant."""

    person: Person
    schedule: Schedule
    at: datetime
    show_numbers: bool
    is_disclosure: bool


def everything(connection: Connection, request: Request) -> dict[str, Any]:
    """The whole answer to an access request."""
    person, schedule = request.person, request.schedule
    found = traces(connection, person)
    keys = sorted({*found.own, *found.forwarded})
    shows = request.show_numbers or request.is_disclosure  # whose a number is, `disclosed` knows better
    calls = calls_of(connection, person, keys, schedule.zone, show_numbers=shows)
    events = events_of_all(connection, keys)
    for call in calls:
        call["steps"] = list(steps(events[call["call_id"]], schedule.zone))
    return {
        "number": shown(person.number, show_numbers=request.show_numbers),
        "caller_key": person.key[:8],
        "asked_at": request.at.astimezone(schedule.zone).isoformat(timespec="seconds"),
        "calls": calls,
        "not_folded": sorted({call_id for _, call_id in keys} - {call["call_id"] for call in calls}),
        "blocks": blocks_of(connection, person, schedule.zone),
        "staff": _as_staff(schedule, person),
        "hashed_with_another_key": hashed_otherwise(connection, person),
        "waiting_in_the_spool": _spooled(),
        "kept": _kept(schedule, request.at),
        "recipients": _recipients(calls),
        "source": SOURCE,
        "rights": RIGHTS,
    }


def erased(database: Database, request: Request, why: str | None) -> dict[str, Any]:
    """Erase, and say what was not, and why."""
    by, at, person = decider(None, why), request.at, request.person
    if person.number[-7:] in "".join(filter(str.isdigit, by.why)):
        raise Problem("--why: leave the number out; it is to be forgotten.")
    with database.reading() as connection:
        found = traces(connection, person)
        blocks = blocks_of(connection, person, request.schedule.zone)
    today = wall_time(at, request.schedule.zone).date()
    protocol, order = Protocol(by.who, at), Order(ERASURE, at, by.why, today)
    erased = erase(database, found, protocol, order)
    with database.writing() as connection:
        facts = {"calls": erased, "held": len(found.held)}
        append(connection, Deed(by.who, "erase", f"caller {person.key[:8]}", facts, at))
    copies = Copies(database, provider_account(twilio_settings()))
    outstanding = finish(database, found, protocol, order, copies)
    left = {f"call {call_id}": "held: callrouter hold list" for call_id in sorted(found.held)}
    left |= {f"block {each['id']}": f"keeps them out of {each['unit']} by the keyed hash" for each in blocks}
    if found.forwarded:
        left["the provider's records of calls that they sent on"] = "as long as the number of whoever called is kept"
    if outstanding:
        left["recordings and call records at the provider"] = f"{copies.trouble}: tried again every night"
    is_cut = database.cut_log() or not database.is_sqlite
    return {"erased_calls": erased, "not_erased": left | _left_in_files(is_cut=is_cut)}


def _left_in_files(*, is_cut: bool) -> dict[str, str]:
    """What no erasure reaches."""
    left = {}
    if damaged := _spooled("damaged"):
        left["damaged lines of the spool"] = f"{counted(damaged, 'file')} *.damaged: to be looked at, and removed"
    if spooled := _spooled():
        left["events waiting in the spool"] = f"{counted(spooled, 'file')}: erase again when the database has them"
    if not is_cut:
        left["what SQLite wrote ahead"] = "somebody was reading: until the service ends, or until it is written over"
    left["notes, follow-ups, holds and disputes"] = (
        "what people wrote stays until retention takes it; look for the number in it"
    )
    left["exports"] = "where they were taken to; what was made on the pages is there for a day"
    left["backups"] = "as long as they are kept"
    return left


def _as_staff(schedule: Schedule, person: Person) -> list[str]:
    """Where the number stands in the schedule: then the log has calls that they were rung for, under their name."""
    number = PhoneNumber(person.number)
    people = [f"person {each.name}" for each in schedule.people.values() if each.number == number]
    rung = [f"destination {each.name}" for each in schedule.destinations.values() if number in each.numbers]
    own = [f"own number of unit {each.name}" for each in schedule.units.values() if number in each.numbers]
    return [*people, *rung, *own]


def _recipients(calls: Iterable[Mapping[str, Any]]) -> list[str]:
    """Who else learnt of these calls: art. 15(1)(c)."""
    companies = {leg["company"] for call in calls for leg in call["legs"] if leg["company"]}
    return ["the telephone provider", *sorted(companies)]


def _kept(schedule: Schedule, at: datetime) -> list[dict[str, str | None]]:
    """Why each class is kept, and for how long."""
    today = wall_time(at, schedule.zone).date()
    rules = {rule.what: rule for rule in schedule.retention if rule.decided_on <= today}
    return [
        {
            "what": what.value,
            "why": PURPOSES[what],
            "for": rule.keep if rule else "until somebody decides how long",
            "decision": f"{rule.decision}, {rule.decided_on}" if rule else None,
        }
        for what, rule in ((what, rules.get(what)) for what in Retained)
    ]


def _spooled(ending: str = "jsonl") -> int:
    """How many files wait to be replayed: what is in them is sealed, and not in the log yet; or are *damaged*."""
    return len(list(storage_settings().spool_dir.glob(f"*.{ending}")))
