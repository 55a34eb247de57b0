"""What is written to the log: all of it idempotent, so that a retry or a replay changes nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter

from sqlalchemy.engine.default import DefaultDialect

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.published import came_into_force
from callrouter.calllog.tables import ScheduleVersionRow, Text
from callrouter.domain.call import CallEvent
from callrouter.sealing import Pseudonymizer

Row = tuple[object, ...]

_LATELY = timedelta(days=1)
"""Calls of the last days are looked at by every catch-up; an older one lowers its mark (catching_up.py)."""

_EVENTS = "INSERT INTO call_event (day, call_id, id, kind, at, facts) VALUES {rows} ON CONFLICT DO NOTHING"
_CALLERS = "INSERT INTO caller (day, call_id, number, key, key_id, forwarded_from) VALUES {rows} ON CONFLICT DO NOTHING"
_LOWER_MARK = "UPDATE projection SET day = ? WHERE day > ?"
_TEXT, _ANY_DIALECT = Text(), DefaultDialect()
_key_of_event, _key_of_caller = itemgetter(0, 1, 2), itemgetter(0, 1)


def write_entries(database: Database, pseudonymizer: Pseudonymizer, entries: Sequence[Entry]) -> None:
    """Write *entries* in one transaction; events that are there already stay as they are.

    Rows go in by their keys' order: two processes that write the same rows wait for each other, never in a circle.
    """
    events = sorted([_event(event) for entry in entries for event in entry.events], key=_key_of_event)
    callers = sorted([row for entry in entries if (row := _caller(entry, pseudonymizer))], key=_key_of_caller)
    oldest = min(event.day for entry in entries for event in entry.events)
    is_old = oldest < clock.now().date() - _LATELY
    marks = [(oldest.isoformat(),) * 2] if is_old else []
    database.write_at_once([(_EVENTS, events), (_CALLERS, callers), (_LOWER_MARK, marks)])


def _event(event: CallEvent) -> Row:
    """The row of `call_event`, in texts that both engines read as the columns' types."""
    facts = json.dumps(event.facts)
    return event.day.isoformat(), _storable(event.call_id), _storable(event.id), event.kind.value, _utc(event.at), facts


def _storable(text: str) -> str:
    """As the columns' own type would have it; most texts are storable as they are."""
    is_plain = text.isascii() and "\0" not in text
    return text if is_plain else _TEXT.process_bind_param(text, _ANY_DIALECT) or ""


def _utc(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"a naive time cannot be stored: {at.isoformat()}")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _caller(entry: Entry, pseudonymizer: Pseudonymizer) -> Row | None:
    """The row of `caller`: number and hash, the hash alone where the number may not be kept, or none."""
    number = entry.number.e164 if entry.number else None
    key = pseudonymizer.key(number) if number else entry.key
    by = entry.forwarded_from.e164 if entry.forwarded_from else None
    if key is None and by is None:
        return None
    call = entry.events[0].day.isoformat(), _storable(entry.call_id)
    return (*call, number, key, pseudonymizer.key_id if key else None, by)


def write_schedule_version(database: Database, version: str, text: str, by: str) -> None:
    """Keep the text of a schedule version, the first time it is seen, and note that it came into force."""
    row = {"hash": version, "text": text, "first_seen": clock.now(), "by": by}
    with database.writing() as connection:
        connection.execute(database.insert_new(ScheduleVersionRow), [row])
        came_into_force(connection, version)
