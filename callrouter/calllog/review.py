"""The review of calls. Whatever is changed stands in the audit log too, in the same transaction, without its texts.

All functions work in the transaction of their caller; those that change something need a writing one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Row, func, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.projection import Key, lock, lock_kept, near
from callrouter.calllog.tables import CallRow, FollowUpRow, NoteRow, UserRow
from callrouter.domain.review import Act, FollowUp, Note, Task

Written = type[NoteRow] | type[FollowUpRow]


def mark_reviewed(connection: Connection, call: Key, act: Act, category: str | None = None) -> bool:
    """Somebody has looked at the *call*; *category*: one of the schedule's, None leaves what there is.

    False: there is no such call.
    """
    said = {} if category is None else {"category": category}
    return _mark(connection, call, act, "review", {"reviewed_at": act.at, "reviewed_by": act.who} | said, said)


def mark_unreviewed(connection: Connection, call: Key, act: Act) -> bool:
    """As if nobody had looked at it: without reviewer and category; notes stay. False: nobody had, or no such call."""
    nothing: dict[str, Any] = {"reviewed_at": None, "reviewed_by": None, "category": None}
    return _mark(connection, call, act, "unreview", nothing, {})


def add_note(connection: Connection, call: Key, act: Act, text: str) -> int:
    """Write a note beside the *call*; returns its id.

    Raises:
        CallGoneError: it was destroyed meanwhile.
    """
    note = _add(connection, NoteRow, call, act, {"text": text})
    append(connection, _deed(act, "note", call[1], {"note": note}))
    return note


def add_follow_up(connection: Connection, call: Key, act: Act, task: Task) -> int:
    """Keep what is to be done about the *call*; returns the id of the follow-up.

    Raises:
        CallGoneError: it was destroyed meanwhile.
    """
    row = {"what": task.what, "owner": task.owner, "due_at": task.due_at}
    added = _add(connection, FollowUpRow, call, act, row)
    append(connection, _deed(act, "follow-up", call[1], {"follow_up": added, "due_at": task.due_at.isoformat()}))
    return added


def finish_follow_up(connection: Connection, number: int, act: Act, result: str) -> bool:
    """Follow-up *number* is done; False: there is none of that number that is still open."""
    is_open = (FollowUpRow.id == number, FollowUpRow.done_at.is_(None))
    done = update(FollowUpRow).where(*is_open).values(done_at=act.at, done_by=act.who, result=result)
    call_id = connection.execute(done.returning(FollowUpRow.call_id)).scalar()
    if call_id is None:
        return False
    append(connection, _deed(act, "follow-up-done", call_id, {"follow_up": number}))
    return True


def notes(connection: Connection, call: Key, company: str | None = None) -> list[Note]:
    """What was written of the *call*, the oldest first; *company*: by its users alone."""
    query = select(NoteRow.__table__).where(near(NoteRow, [call])).order_by(NoteRow.id)
    if company is not None:
        query = query.where(NoteRow.who.in_(select(UserRow.name).where(UserRow.company == company)))
    return [Note(Act(row.who, row.at), row.text) for row in connection.execute(query)]


def follow_ups(connection: Connection, call: Key) -> list[FollowUp]:
    """What was, and is, to be done about the *call*, the oldest first."""
    query = select(FollowUpRow.__table__).where(near(FollowUpRow, [call])).order_by(FollowUpRow.id)
    return [_follow_up(row) for row in connection.execute(query)]


def follow_up(connection: Connection, number: int) -> FollowUp | None:
    """Follow-up *number*, open or done."""
    row = connection.execute(select(FollowUpRow.__table__).where(FollowUpRow.id == number)).one_or_none()
    return _follow_up(row) if row else None


def open_follow_ups(connection: Connection, owner: str | None = None, due_by: datetime | None = None) -> list[FollowUp]:
    """What is still to be done: by the *owner*, as far as it should have been done by *due_by*; the first due first."""
    query = select(FollowUpRow.__table__).where(FollowUpRow.done_at.is_(None))
    if owner is not None:
        query = query.where(FollowUpRow.owner == owner)
    if due_by is not None:
        query = query.where(FollowUpRow.due_at <= due_by)
    return [_follow_up(row) for row in connection.execute(query.order_by(FollowUpRow.due_at, FollowUpRow.id))]


def to_follow_up(connection: Connection, at: datetime) -> tuple[int, int]:
    """How many calls have an open follow-up, and how many one that should have been done before *at* (aware)."""
    calls = func.count(FollowUpRow.call_id.distinct())
    counted = select(calls, calls.filter(FollowUpRow.due_at <= at)).where(FollowUpRow.done_at.is_(None))
    waiting, late = connection.execute(counted).one()
    return waiting, late


def _mark(
    connection: Connection, call: Key, act: Act, action: str, values: Mapping[str, Any], said: Mapping[str, Any]
) -> bool:
    """The call is locked as whoever folds it locks it: else one of the two would write over the other."""
    lock(connection, [call])
    rows = update(CallRow).where(near(CallRow, [call]))
    if values["reviewed_at"] is None:
        rows = rows.where(CallRow.reviewed_at.is_not(None))
    changed: CursorResult[Any] = connection.execute(rows.values(**values))
    if changed.rowcount == 0:
        return False
    append(connection, _deed(act, action, call[1], said))
    return True


def _add(connection: Connection, table: Written, call: Key, act: Act, said: Mapping[str, Any]) -> int:
    lock_kept(connection, call)
    day, call_id = call
    row = {"day": day, "call_id": call_id, "at": act.at, "who": act.who} | dict(said)
    inserted: CursorResult[Any] = connection.execute(insert(table).values(row))
    return int(cast("Row[Any]", inserted.inserted_primary_key)[0])  # None only where several rows are inserted


def _deed(act: Act, action: str, call_id: str, facts: Mapping[str, Any]) -> Deed:
    return Deed(act.who, action, f"call {call_id}", facts, act.at)


def _follow_up(row: Row[Any]) -> FollowUp:
    done = Act(row.done_by, row.done_at) if row.done_at else None
    task = Task(row.what, row.owner, row.due_at)
    return FollowUp(row.id, row.call_id, Act(row.who, row.at), task, done, row.result)
