"""What is written to the log: all of it idempotent, so that a retry or a replay changes nothing."""

from collections.abc import Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import update

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.tables import CallerRow, CallEventRow, ProjectionRow, ScheduleVersionRow
from callrouter.sealing import Pseudonymizer

_LATELY = timedelta(days=1)
"""Calls of the last days are looked at by every catch-up; an older one lowers its mark (catching_up.py)."""

_key = itemgetter("day", "call_id", "id")


def write_entries(database: Database, pseudonymizer: Pseudonymizer, entries: Sequence[Entry]) -> None:
    """Write *entries* in one transaction; events that are there already stay as they are.

    Rows go in by their keys' order: two processes that write the same rows wait for each other, never in a circle.
    """
    events = [
        {"day": e.day, "call_id": e.call_id, "id": e.id, "kind": e.kind.value, "at": e.at, "facts": dict(e.facts)}
        for entry in entries
        for e in entry.events
    ]
    callers = [row for entry in entries if (row := _caller(entry, pseudonymizer))]
    with database.writing() as connection:
        connection.execute(database.insert_new(CallEventRow), sorted(events, key=_key))
        if callers:
            connection.execute(database.insert_new(CallerRow), sorted(callers, key=itemgetter("day", "call_id")))
        if (oldest := min(e.day for entry in entries for e in entry.events)) < clock.now().date() - _LATELY:
            connection.execute(update(ProjectionRow).where(ProjectionRow.day > oldest).values(day=oldest))


def _caller(entry: Entry, pseudonymizer: Pseudonymizer) -> dict[str, Any] | None:
    """The row of `caller`: number and hash, the hash alone where the number may not be kept, or none."""
    number = entry.number.e164 if entry.number else None
    key = pseudonymizer.key(number) if number else entry.key
    by = entry.forwarded_from.e164 if entry.forwarded_from else None
    if key is None and by is None:
        return None
    call = {"day": entry.events[0].day, "call_id": entry.call_id}
    return call | {"number": number, "key": key, "key_id": pseudonymizer.key_id if key else None, "forwarded_from": by}


def write_schedule_version(database: Database, version: str, text: str, by: str) -> None:
    """Keep the text of a schedule version, the first time it is seen."""
    row = {"hash": version, "text": text, "first_seen": clock.now(), "by": by}
    with database.writing() as connection:
        connection.execute(database.insert_new(ScheduleVersionRow), [row])
