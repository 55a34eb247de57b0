"""Brings back what stands in lines of the service's own log alone: its process died before it could write it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.heard import Heard, Limits, heard_of
from callrouter.calllog.log_lines import events_in
from callrouter.calllog.projection import project
from callrouter.calllog.refusal import write_together
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import CallEvent
from callrouter.sealing import Pseudonymizer, Sealer

_CALLS_AT_ONCE = 50


@dataclass(slots=True)
class Recovered:
    """What came of it. *events*: how many different ones the lines have, of which *added* were not in the log.

    *unknown*: calls that the log does not have at all, left out unless they were wanted. *destroyed*: events of what
    was deleted since. *unreadable*: lines, and events that no database takes.
    """

    events: int = 0
    added: int = 0
    calls: int = 0
    unknown: int = 0
    destroyed: int = 0
    unreadable: int = 0


def recover(
    database: Database, sealer: Sealer, callers: Pseudonymizer, lines: Iterable[str], *, new_calls: bool = False
) -> Recovered:
    """Write the events of *lines* that are not in the log. Done twice, it comes to the same.

    *new_calls*: those too of calls that the log does not have at all; nothing in the lines tells who called.

    Raises:
        SQLAlchemyError: the database does not take them now; what was written before stays.
    """
    events, unreadable = events_in(lines, sealer)
    done = Recovered(len(events), unreadable=unreadable)
    told = sorted(events.values(), key=attrgetter("call_id", "day"))
    calls = [list(of_call) for _call, of_call in groupby(told, key=attrgetter("call_id"))]
    for some in (calls[at : at + _CALLS_AT_ONCE] for at in range(0, len(calls), _CALLS_AT_ONCE)):
        with database.reading() as connection:
            limits = Limits.of(connection)
            heard = heard_of(connection, [(event.day, event.call_id) for of_call in some for event in of_call])
        entries = [entry for of_call in some if (entry := _missing(of_call, heard, limits, done, new_calls=new_calls))]
        if entries:
            _write(database, callers, entries, done)
    return done


def _missing(
    told: list[CallEvent], heard: Mapping[str, Heard], limits: Limits, done: Recovered, *, new_calls: bool
) -> Entry | None:
    """What the log lacks of what the lines have *told* of a call; None: nothing that may be added."""
    known = heard.get(told[0].call_id)
    if (known and not known.events) or any(limits.keep_out(event.at) for event in told):
        done.destroyed += len(told)
        return None
    if known is None and not new_calls:
        done.unknown += 1
        return None
    there = {event.id for event in known.events} if known else set()
    lacking = tuple(event for event in told if event.id not in there)
    return Entry(lacking) if lacking else None


def _write(database: Database, callers: Pseudonymizer, entries: list[Entry], done: Recovered) -> None:
    refused = write_together(lambda some: write_entries(database, callers, some), entries)
    taken = [entry for entry in entries if entry not in refused]
    done.unreadable += sum(len(entry.events) for entry in refused)
    done.added += sum(len(entry.events) for entry in taken)
    done.calls += len(taken)
    project(database, {(event.day, event.call_id) for entry in taken for event in entry.events})
