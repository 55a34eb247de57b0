"""Calling back: one colleague at a time. Whatever is done stands in the audit log, in the same transaction.

All functions work in the writing transaction of their caller. The calls of one caller are locked together, in order: of
two who take the same at once, one is told of the other.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Row, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.missed import call_back, call_backs, waiting_calls
from callrouter.calllog.projection import Key, lock, near
from callrouter.calllog.tables import CallBackRow
from callrouter.domain.call_back import SETTLING, CallBack
from callrouter.domain.review import Act
from callrouter.domain.words import CallBackResult

_IS_OPEN = CallBackRow.ended_at.is_(None)


def take(connection: Connection, call: Key, act: Act) -> CallBack | None:
    """Take it upon oneself to call back, and see the number; returns the call-back under way: it may be a colleague's.

    None: the call waits no longer.
    """
    found = _claim(connection, call, act)
    if found is None or found.taken != act:
        return found
    append(connection, _deed(act, "call-back", found))
    append(connection, Deed(act.who, "show-numbers", f"call {found.call_id}", {"calls": 1}, act.at))
    return found


def finish(
    connection: Connection, number: int, act: Act, result: CallBackResult, again_at: datetime | None = None
) -> CallBack | None:
    """One's own call-back *number* is over; what settles it settles the caller's other missed calls to the unit too.

    None: one has none of that number that is still open.
    """
    mine = own(connection, number, act.who)
    if mine is None:
        return None
    calls = _locked(connection, (mine.day, mine.call_id), act.at)
    if not _end(connection, mine, act.at, result=result.value, again_at=again_at):
        return None
    others = [each for each in calls if each[1] != mine.call_id] if result in SETTLING else []
    if others:
        said = {"at": mine.taken.at, "who": act.who, "ended_at": act.at, "result": result.value}
        connection.execute(insert(CallBackRow), [{"day": day, "call_id": other} | said for day, other in others])
    append(connection, _deed(act, "call-back-done", mine, result=result.value, calls=1 + len(others)))
    return mine


def settle(connection: Connection, call: Key, act: Act) -> CallBack | None:
    """Nobody need call back. As `take`, without the number, and done at once unless a colleague has it."""
    found = _claim(connection, call, act)
    if found and found.taken.who == act.who:
        finish(connection, found.id, act, CallBackResult.SETTLED)
    return found


def let_go(connection: Connection, number: int, act: Act) -> bool:
    """Leave one's own call-back *number* to others; False: one has none of that number that is still open."""
    mine = own(connection, number, act.who)
    if mine is None or not _end(connection, mine, act.at):
        return False
    append(connection, _deed(act, "call-back-let-go", mine))
    return True


def own(connection: Connection, number: int, who: str) -> CallBack | None:
    """The call-back of that *number*, if it is theirs and still open."""
    query = select(CallBackRow.__table__).where(CallBackRow.id == number, CallBackRow.who == who, _IS_OPEN)
    row = connection.execute(query).one_or_none()
    return call_back(row) if row else None


def taken_by(connection: Connection, number: int) -> str | None:
    """Who took the call-back *number*, open or ended; None: there is none."""
    who: str | None = connection.scalar(select(CallBackRow.who).where(CallBackRow.id == number))
    return who


def _claim(connection: Connection, call: Key, act: Act) -> CallBack | None:
    """Whoever has the caller already, else who asks; what a colleague has left lying is theirs no more."""
    keys = _locked(connection, call, act.at)
    if not keys:
        return None
    tries = [each for some in call_backs(connection, keys).values() for each in some]
    if held := next((each for each in tries if each.is_held(act.at)), None):
        return held
    connection.execute(update(CallBackRow).where(near(CallBackRow, keys), _IS_OPEN).values(ended_at=act.at))
    day, call_id = call
    row = {"day": day, "call_id": call_id, "at": act.at, "who": act.who}
    inserted: CursorResult[Any] = connection.execute(insert(CallBackRow).values(row))
    number = int(cast("Row[Any]", inserted.inserted_primary_key)[0])
    return CallBack(number, day, call_id, act)


def _locked(connection: Connection, call: Key, at: datetime) -> list[Key]:
    """The missed calls of the caller of *call*, as they are once nobody else can change them."""
    lock(connection, [(row.day, row.call_id) for row in waiting_calls(connection, call, at)])
    return [(row.day, row.call_id) for row in waiting_calls(connection, call, at)]


def _end(connection: Connection, mine: CallBack, at: datetime, **values: Any) -> bool:
    """End it, unless somebody else has."""
    rows = update(CallBackRow).where(CallBackRow.id == mine.id, _IS_OPEN)
    return connection.execute(rows.values(ended_at=at, **values)).rowcount == 1


def _deed(act: Act, action: str, of: CallBack, **facts: Any) -> Deed:
    return Deed(act.who, action, f"call {of.call_id}", {"call_back": of.id} | facts, act.at)
