"""What is written to the log: all of it idempotent, so that a retry or a replay changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter

from sqlalchemy.engine.default import DefaultDialect

from callrouter import clock
from callrouter.calllog import json_values
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


@dataclass(frozen=True, slots=True)
class EntryRows:
    """An entry as it is written: made by the request's own thread, so that the writer's has less to do."""

    call_id: str
    days: frozenset[date]
    events: tuple[Row, ...]
    caller: Row | None


def rows_of(entry: Entry, pseudonymizer: Pseudonymizer) -> EntryRows:
    """The rows of *entry*; raises one of REFUSED where it makes no sense."""
    days = frozenset(event.day for event in entry.events)
    return EntryRows(entry.call_id, days, tuple(map(_event, entry.events)), _caller(entry, pseudonymizer))


def write_entries(database: Database, pseudonymizer: Pseudonymizer, entries: Sequence[Entry]) -> None:
    """Write *entries* in one transaction; events that are there already stay as they are."""
    write_rows(database, [rows_of(entry, pseudonymizer) for entry in entries])


def write_rows(database: Database, entries: Sequence[EntryRows]) -> None:
    """The same of what was made into rows already.

    Rows go in by their keys' order: two processes that write the same rows wait for each other, never in a circle.
    """
    events = sorted([row for entry in entries for row in entry.events], key=_key_of_event)
    callers = sorted([entry.caller for entry in entries if entry.caller], key=_key_of_caller)
    oldest = min(day for entry in entries for day in entry.days)
    is_old = oldest < clock.now().date() - _LATELY
    marks = [(oldest.isoformat(),) * 2] if is_old else []
    database.write_at_once([(_EVENTS, events), (_CALLERS, callers), (_LOWER_MARK, marks)])


def _event(event: CallEvent) -> Row:
    """The row of `call_event`, in texts that both engines read as the columns' types."""
    facts = json_values.write(event.facts)
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
    now = clock.now()
    row = {"hash": version, "text": text, "first_seen": now, "by": by}
    with database.writing() as connection:
        connection.execute(database.insert_new(ScheduleVersionRow), [row])
        came_into_force(connection, version, by, now)
