"""A log with calls of every age, for tests of what goes when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

from sqlalchemy import Row, insert, select

from callrouter.calllog.copies import StillThereError
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Protocol, protocol
from callrouter.calllog.entry import Entry
from callrouter.calllog.holds import hold
from callrouter.calllog.projection import project
from callrouter.calllog.retention import Run
from callrouter.calllog.tables import CallRow, FollowUpRow, NoteRow, RecordingRow, Table
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import message_left
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.retention import Due, due
from callrouter.domain.schedule import Retention
from callrouter.domain.words import Retained
from tests.calllog.told import CITIZEN, PSEUDONYMIZER, SCHEDULE, whole_story

NOW = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)
DECIDED = date(2026, 3, 1)
LEFT_AFTER = timedelta(seconds=90)
"""From the arrival of a call to its message."""


@dataclass
class Store:
    """The provider's store, as far as we can delete in it; out of reach while *is_away*."""

    is_away: bool = False
    recordings: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    asked: int = 0

    def delete_recording(self, sid: str) -> None:
        self._ask(sid)
        self.recordings.append(sid)

    def delete_call(self, sid: str) -> None:
        self._ask(sid)
        self.calls.append(sid)

    def _ask(self, sid: str) -> None:
        self.asked += 1
        if self.is_away:
            raise StillThereError("the provider does not answer", is_away=True)
        if sid in self.refuses:
            raise StillThereError("the provider refuses it", is_away=False)


def told(database: Database, call_id: str, days_ago: float, number: PhoneNumber | None = CITIZEN) -> datetime:
    """A call of some days ago, answered, with a message, a note and a follow-up; returns when it came."""
    at = NOW - timedelta(days=days_ago)
    left = message_left(call_id, f"RE{call_id}", 12, at + LEFT_AFTER, began_at=at)
    write_entries(database, PSEUDONYMIZER, [Entry((*whole_story(call_id, at), left), number)])
    project(database, [(at.date(), call_id)])
    written = {"day": at.date(), "call_id": call_id, "at": at, "who": "anna"}
    with database.writing() as connection:
        connection.execute(insert(NoteRow), [written | {"text": "Ringde om en vattenläcka"}])
        connection.execute(insert(FollowUpRow), [written | {"what": "Ring upp", "owner": "bo", "due_at": at}])
    return at


def held(database: Database, call_id: str) -> None:
    with database.writing() as connection:
        day = connection.execute(select(CallRow.day).where(CallRow.call_id == call_id)).scalar_one()
        hold(connection, day, call_id, "anna", "Polisanmälan", NOW)


def rules(keep: Mapping[str, str]) -> tuple[Retention, ...]:
    return tuple(Retention(Retained(what), time, "KS 1", DECIDED) for what, time in keep.items())


def dues(keep: Mapping[str, str], at: datetime = NOW) -> tuple[Due, ...]:
    return due(replace(SCHEDULE, retention=rules(keep)), at)


def run(database: Database, store: Store | None, keep: Mapping[str, str], at: datetime = NOW) -> Protocol:
    """Destroy what is older than that, as the nightly job does."""
    return Run(database, store, "retention", at, Event()).destroy(dues(keep, at))


def there(database: Database, table: type[Table]) -> set[str]:
    """The calls that have a row of that table."""
    with database.reading() as connection:
        return set(connection.execute(select(table.__table__.c.call_id)).scalars())


def lines(database: Database) -> list[tuple[Any, ...]]:
    """The protocol, without who and when."""
    with database.reading() as connection:
        return [(row.what, row.unit, row.count, row.held, row.outstanding, row.result) for row in protocol(connection)]


def everything(database: Database) -> dict[str, list[Row[Any]]]:
    """All rows of all tables."""
    with database.reading() as connection:
        return {
            table.name: sorted(connection.execute(select(table)), key=str) for table in Table.metadata.sorted_tables
        }


def deleted_at(database: Database) -> dict[str, datetime | None]:
    """Since when the recordings are gone, by call."""
    with database.reading() as connection:
        return {row.call_id: row.deleted_at for row in connection.execute(select(RecordingRow.__table__))}
