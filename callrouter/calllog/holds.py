"""Legal holds: nothing of a held call is deleted until the hold is lifted.

These functions read and write in the transaction of their caller.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, CursorResult, Row, exists, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.projection import lock_kept
from callrouter.calllog.tables import HoldRow

_LASTS = HoldRow.lifted_at.is_(None)


def hold(connection: Connection, day: date, call_id: str, who: str, why: str, at: datetime) -> int:
    """Hold a call from now on, in a writing transaction; returns the number that the hold has.

    Raises:
        CallGoneError: it was destroyed meanwhile.
    """
    lock_kept(connection, (day, call_id))
    row = {"day": day, "call_id": call_id, "at": at, "who": who, "why": why}
    inserted: CursorResult[Any] = connection.execute(insert(HoldRow).values(row))
    number = int(cast(Row[Any], inserted.inserted_primary_key)[0])
    append(connection, Deed(who, "hold", f"call {call_id}", {"hold": number}, at))
    return number


def lift(connection: Connection, number: int, who: str, at: datetime) -> bool:
    """Lift hold *number*; False: none of that number lasts."""
    lasting = update(HoldRow).where(HoldRow.id == number, _LASTS)
    if connection.execute(lasting.values(lifted_at=at, lifted_by=who)).rowcount != 1:
        return False
    call_id = connection.execute(select(HoldRow.call_id).where(HoldRow.id == number)).scalar_one()
    append(connection, Deed(who, "lift hold", f"call {call_id}", {"hold": number}, at))
    return True


def holds(connection: Connection, *, also_lifted: bool = False) -> Sequence[Row[Any]]:
    """The holds that last, newest first."""
    query = select(HoldRow.__table__).order_by(HoldRow.id.desc())
    return connection.execute(query if also_lifted else query.where(_LASTS)).all()


def is_held(call_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the call of that id is held."""
    return exists().where(HoldRow.call_id == call_id, _LASTS)


def held_among(connection: Connection, call_ids: Collection[str]) -> set[str]:
    """Those of *call_ids* that are held."""
    return set(connection.execute(select(HoldRow.call_id).where(HoldRow.call_id.in_(call_ids), _LASTS)).scalars())
