"""Disputes: a company's call that one side says should not count as it does. They change no sum, and are audited.

All functions work in the transaction of their caller; those that change something need a writing one. Why and how a
dispute ended is free text, and stands in no audit log.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.projection import Key, lock
from callrouter.calllog.tables import DisputeRow, LegRow
from callrouter.domain.ledger import Dispute

Disputed = Mapping[Key, list[Dispute]]

_OPEN = select(DisputeRow.__table__).where(DisputeRow.settled_at.is_(None)).order_by(DisputeRow.id)


@dataclass(frozen=True, slots=True)
class Ending:
    """How dispute *number* ended, by whom, when; without a *result* it was withdrawn."""

    number: int
    action: str
    who: str
    at: datetime
    result: str | None = None


class NotOfferedError(LookupError):
    """No phone of the company was rung in the call."""


class DisputedAlreadyError(ValueError):
    """The call has a dispute that is still open."""

    def __init__(self, open_: Dispute) -> None:
        super().__init__(open_.id)
        self.open = open_


def dispute(connection: Connection, call: Key, said: Dispute) -> int:
    """Keep what is *said* of a *call*; returns the dispute's number.

    Raises:
        NotOfferedError: the call is none of the company's.
        DisputedAlreadyError: it is disputed, and that is not settled.
    """
    day, call_id = call
    lock(connection, [call])  # of two who dispute it at once, one is told of the other; it may have been destroyed
    if not was_offered(connection, day, call_id, said.company):
        raise NotOfferedError(call_id)
    for each in disputes_of(connection, call, said.company):
        if each.settled_at is None:
            raise DisputedAlreadyError(each)
    row = asdict(said) | {"day": day, "call_id": call_id}
    del row["id"]
    number: int = connection.execute(insert(DisputeRow).values(row).returning(DisputeRow.id)).scalar_one()
    facts = {"dispute": number, "company": said.company}
    append(connection, Deed(said.who, "dispute", f"call {call_id}", facts, said.at))
    return number


def settle(connection: Connection, number: int, result: str, who: str, at: datetime) -> bool:
    """Say how dispute *number* ended; False if none of that number is open."""
    return _close(connection, (DisputeRow.id == number,), Ending(number, "settle", who, at, result))


def withdraw(connection: Connection, number: int, company: str, who: str, at: datetime) -> bool:
    """Take dispute *number* of the *company* back; False if it has no such open one."""
    own = (DisputeRow.id == number, DisputeRow.company == company)
    return _close(connection, own, Ending(number, "withdraw", who, at))


def dispute_numbered(connection: Connection, number: int) -> tuple[Key, Dispute] | None:
    """Dispute *number* and its call."""
    row = connection.execute(select(DisputeRow.__table__).where(DisputeRow.id == number)).mappings().one_or_none()
    return ((row["day"], row["call_id"]), _dispute(row)) if row else None


def disputes_of(connection: Connection, call: Key, company: str) -> tuple[Dispute, ...]:
    """What was said of one *call* of the *company*, the oldest first."""
    return tuple(disputes(connection, company).get(call, ()))


def disputes(connection: Connection, company: str) -> Disputed:
    """All that was said of calls of the *company*, by call, the oldest first."""
    said: dict[Key, list[Dispute]] = defaultdict(list)
    query = select(DisputeRow.__table__).where(DisputeRow.company == company).order_by(DisputeRow.id)
    for row in connection.execute(query).mappings():
        said[row["day"], row["call_id"]].append(_dispute(row))
    return said


def open_disputes(connection: Connection) -> list[tuple[Key, Dispute]]:
    """Those that nobody has settled, of every company, the oldest first."""
    return [((row["day"], row["call_id"]), _dispute(row)) for row in connection.execute(_OPEN).mappings()]


def was_offered(connection: Connection, day: date, call_id: str, company: str) -> bool:
    """Whether a phone of *company* was rung in the call."""
    own = and_(LegRow.day == day, LegRow.call_id == call_id, LegRow.company == company)
    return connection.execute(select(LegRow.place).where(own).limit(1)).scalar() is not None


def _close(connection: Connection, which: Iterable[ColumnElement[bool]], ending: Ending) -> bool:
    closed = {"settled_at": ending.at, "settled_by": ending.who, "result": ending.result}
    query = update(DisputeRow).where(*which, DisputeRow.settled_at.is_(None)).values(closed)
    call_id = connection.execute(query.returning(DisputeRow.call_id)).scalar()
    if call_id is None:
        return False
    append(connection, Deed(ending.who, ending.action, f"call {call_id}", {"dispute": ending.number}, ending.at))
    return True


def _dispute(row: RowMapping) -> Dispute:
    known: dict[str, Any] = {name: row[name] for name in Dispute.__slots__}
    return Dispute(**known)
