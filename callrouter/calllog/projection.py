"""The projection: calls, legs, recordings and counts, folded from events. Idempotent, for every order of arrival.

A call is folded again whenever more is told of it. What people wrote on its row stays.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from callrouter import clock
from callrouter.calllog.call_rows import call_record, call_row, leg_rows, recording_rows
from callrouter.calllog.database import Database
from callrouter.calllog.gone import gone_before
from callrouter.calllog.refusal import REFUSED, in_a_line, is_refusal
from callrouter.calllog.tables import (
    CallBackRow,
    CallerRow,
    CallEventRow,
    CallRow,
    DisputeRow,
    FollowUpRow,
    HoldRow,
    LegRow,
    NoteRow,
    RecordingRow,
    Text,
)
from callrouter.calllog.tallies import add_up, difference
from callrouter.domain.call import CallEvent
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.tally import RULES, tally
from callrouter.domain.words import EventKind, Retained

log = logging.getLogger(__name__)

Key = tuple[date, str]

_CALLS_AT_ONCE = 50
_DAY = timedelta(days=1)
_LATELY = timedelta(days=2)
"""Calls as young as this have never been destroyed, so that normally nobody has to ask."""

_NAMED: Any = func.unnest(bindparam("call_ids", type_=ARRAY(Text))).column_valued("call_id")
_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(_NAMED, 0)))
"""In one statement: a hundred of them would take a hundred ways to the server."""

_WRITTEN_BY_PEOPLE = ("reviewed_at", "reviewed_by", "category")
_Folded = type[CallRow] | type[LegRow] | type[RecordingRow]
_Written = type[NoteRow] | type[FollowUpRow] | type[CallBackRow] | type[HoldRow] | type[DisputeRow]
OfACall = type[CallEventRow] | type[CallerRow] | _Folded | _Written
"""The tables whose rows belong to a call."""


def project(database: Database, keys: Iterable[Key]) -> int:
    """Fold the calls named by *keys* (day, call id) to their rows; returns how many calls that was.

    Events are read and folded before the right to write is asked for: requests wait for it meanwhile. Then the calls
    are locked, and one whose row knows more by now is left: whoever saw more has written it, or will.
    A call that cannot be folded is told in the log and left out: it takes no other with it.
    """
    waiting = iter(sorted(keys))
    count = 0
    while some := list(islice(waiting, _CALLS_AT_ONCE)):
        count += _fold_together(database, some)
    return count


def _fold_together(database: Database, keys: Sequence[Key]) -> int:
    """Fold some calls in one transaction or, where one of them cannot be folded, each in its own."""
    try:
        with database.reading() as connection:
            stories = list(_stories(connection, keys))
        records = [fold(events) for events in stories]
        with database.writing() as connection:
            lock(connection, keys)
            _keep(database, connection, records)
    except REFUSED as error:
        if not is_refusal(error):
            raise
        if len(keys) > 1:
            return sum(_fold_together(database, [key]) for key in keys)
        log.error("call %s cannot be folded: %s", keys[0][1], in_a_line(error))  # noqa: TRY400 - the line says all
        return 0
    return len(records)


def lock(connection: Connection, keys: Iterable[Key]) -> None:
    """Keep others who fold or delete these calls waiting, in a transaction that writes.

    PostgreSQL locks row by row of what it is given, always in the same order; SQLite's BEGIN IMMEDIATE has locked all.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"call_ids": sorted({call_id for _, call_id in keys})})


class CallGoneError(LookupError):
    """The call was destroyed while somebody wrote beside it."""


def lock_kept(connection: Connection, call: Key) -> None:
    """Lock *call*, which is to get something written beside it: what is written later would never go with it.

    Raises:
        CallGoneError: it was destroyed meanwhile.
    """
    lock(connection, [call])
    if connection.execute(select(CallRow.call_id).where(near(CallRow, [call])).limit(1)).scalar() is None:
        raise CallGoneError(f"call {call[1]} was destroyed meanwhile")


def _stories(connection: Connection, keys: Iterable[Key]) -> Iterator[list[CallEvent]]:
    """All events of each call; one whose retry crossed midnight has them under two days."""
    stories: dict[str, list[CallEvent]] = defaultdict(list)
    for row in connection.execute(_STORIES, named(keys)):
        stories[row.call_id].append(CallEvent(row.day, row.call_id, row.id, EventKind(row.kind), row.at, row.facts))
    yield from stories.values()


def near(table: OfACall, keys: Iterable[Key]) -> ColumnElement[bool]:
    """The rows of the calls named by *keys*, also where a retry crossed midnight.

    Each day is named: of a span of days the engines would read all calls. No id is used twice, so days and ids need not
    be paired.
    """
    return _among(table, **named(keys))


def named(keys: Iterable[Key]) -> dict[str, list[Any]]:
    """The days and ids of *keys*, as a statement takes them that has `named_later`."""
    keys = list(keys)
    days = {day + beside for day, _ in keys for beside in (-_DAY, timedelta(0), _DAY)}
    return {"days": sorted(days), "call_ids": sorted({call_id for _, call_id in keys})}


def named_later(table: OfACall) -> ColumnElement[bool]:
    """`near` the keys that a statement is executed with: one that is built once costs a fifth."""
    return _among(table, bindparam("days", expanding=True), bindparam("call_ids", expanding=True))


def _among(table: OfACall, days: Any, call_ids: Any) -> ColumnElement[bool]:
    return and_(table.day.in_(days), table.call_id.in_(call_ids))


_STORIES = select(CallEventRow.__table__).where(named_later(CallEventRow))
_KNOWN = select(CallRow.__table__).where(named_later(CallRow))
_RECORDINGS = select(RecordingRow.sid, RecordingRow.deleted_at).where(named_later(RecordingRow))
_REPLACED = [delete(table).where(named_later(table)) for table in (CallRow, LegRow, RecordingRow)]
_CALLS, _LEGS, _LEFT = insert(CallRow), insert(LegRow), insert(RecordingRow)


def _keep(database: Database, connection: Connection, folded: Iterable[CallRecord]) -> None:
    """Put the rows of the *folded* calls in the place of those that are there, and count what that changes."""
    known = _known(connection, [(record.day, record.call_id) for record in folded])
    records = [record for record in folded if not _is_less(record, known[record.call_id])]
    records = _without_destroyed(connection, records, known)
    if not records:
        return
    deleted_at = _deleted_recordings(connection, records)
    if replaced := [(row["day"], row["call_id"]) for record in records for row in known[record.call_id]]:
        for statement in _REPLACED:
            connection.execute(statement, named(replaced))
    connection.execute(_CALLS, [call_row(r) | _kept(known[r.call_id]) | {"tallied": RULES} for r in records])
    if legs := [row for record in records for row in leg_rows(record)]:
        connection.execute(_LEGS, legs)
    if left := [row for record in records for row in recording_rows(record)]:
        connection.execute(_LEFT, [row | {"deleted_at": deleted_at.get(row["sid"])} for row in left])
    counted = [row for r in records for row in known[r.call_id] if row["tallied"] == RULES]
    add_up(database, connection, difference(map(tally, records), (tally(call_record(row)) for row in counted)))


def _known(connection: Connection, keys: Sequence[Key]) -> dict[str, list[RowMapping]]:
    """The rows that the calls have now: normally none or one each."""
    rows: dict[str, list[RowMapping]] = defaultdict(list)
    if keys:
        for row in connection.execute(_KNOWN, named(keys)).mappings():
            rows[row["call_id"]].append(row)
    return rows


def _is_less(record: CallRecord, known: Iterable[RowMapping]) -> bool:
    """Whether events have been deleted since the call was folded: then its row knows more, and stays."""
    return any(row["events"] > record.events for row in known)


def _without_destroyed(
    connection: Connection, records: list[CallRecord], known: Mapping[str, Sequence[RowMapping]]
) -> list[CallRecord]:
    """Without calls so old that they were destroyed once: told of again, they would be counted a second time."""
    lately = clock.now().date() - _LATELY
    if all(known[record.call_id] or record.day > lately for record in records):
        return records
    before = gone_before(connection, Retained.CALLS)
    return [r for r in records if before is None or known[r.call_id] or r.received_at >= before]


def _kept(known: Iterable[RowMapping]) -> dict[str, Any]:
    """What people wrote on a call's rows."""
    rows = list(known)
    return {name: next((row[name] for row in rows if row[name] is not None), None) for name in _WRITTEN_BY_PEOPLE}


def _deleted_recordings(connection: Connection, records: Iterable[CallRecord]) -> dict[str, Any]:
    """Since when recordings are gone from the provider's store: no event tells that."""
    keys = [(record.day, record.call_id) for record in records if record.recordings]
    if not keys:
        return {}
    return {sid: at for sid, at in connection.execute(_RECORDINGS, named(keys)) if at}
