"""Everything that the log has about one caller: found by their number, and by its keyed hash."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from callrouter.calllog.control import blocks
from callrouter.calllog.export import as_json, shown
from callrouter.calllog.projection import Key, near
from callrouter.calllog.tables import (
    CallBackRow,
    CallerRow,
    CallRow,
    DisputeRow,
    FollowUpRow,
    HoldRow,
    NoteRow,
    RecordingRow,
)

_AT_ONCE = 50
BESIDE = {
    "recordings": RecordingRow,
    "notes": NoteRow,
    "follow_ups": FollowUpRow,
    "call_backs": CallBackRow,
    "holds": HoldRow,
    "disputes": DisputeRow,
}
"""What hangs on a call, by what the answer calls it."""

FORWARDED = "forwarding"
"""Somebody else called them, and their phone sent the call on to us."""

_KNOWN_ALREADY = {"day", "call_id"}


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever a *number* in E.164 belongs to; its keyed hash, and the id of the key that made it."""

    number: str
    key: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a person stands in the log: their own calls, those they sent on to us, and those that are held."""

    own: tuple[Key, ...]
    forwarded: tuple[Key, ...]
    held: frozenset[str]


def traces(connection: Connection, person: Person) -> Traces:
    """Find a person's calls. Every caller is looked at: a number may stand beside a hash of another key."""
    is_own = or_(CallerRow.key == person.key, CallerRow.number == person.number)
    query = select(CallerRow.day, CallerRow.call_id, is_own.label("own")).order_by(CallerRow.day, CallerRow.call_id)
    rows = connection.execute(query.where(or_(is_own, CallerRow.forwarded_from == person.number))).all()
    own = tuple((row.day, row.call_id) for row in rows if row.own)
    forwarded = tuple((row.day, row.call_id) for row in rows if not row.own)
    lasting = select(HoldRow.call_id).where(HoldRow.lifted_at.is_(None))
    held = set(connection.execute(lasting).scalars()) & {row.call_id for row in rows}
    return Traces(own, forwarded, frozenset(held))


def hashed_otherwise(connection: Connection, person: Person) -> int:
    """How many callers are kept as hashes of another key alone: nobody can say whether they are this person."""
    others = and_(CallerRow.number.is_(None), CallerRow.key.is_not(None), CallerRow.key_id != person.key_id)
    return connection.execute(select(func.count()).select_from(CallerRow).where(others)).scalar_one()


def calls_of(
    connection: Connection, person: Person, keys: Sequence[Key], zone: tzinfo, *, show_numbers: bool
) -> list[dict[str, Any]]:
    """All that is known of these calls of *person*, the oldest first; instants by the clocks of *zone*."""
    told = []
    for some in _some(keys):
        rows = connection.execute(_calls(some)).all()
        beside = {name: _by_call(connection, table, some, zone) for name, table in BESIDE.items()}
        for row in rows:
            known_by = _known_by(row, person)
            call = as_json(row, show_numbers=show_numbers and known_by != FORWARDED) | {
                "known_by": known_by,
                "received_at": _local(row.received_at, zone),
                "ended_at": _local(row.ended_at, zone),
                "forwarded_from": shown(row.forwarded_from, show_numbers=show_numbers),
                "reviewed_at": _local(row.reviewed_at, zone),
                "reviewed_by": row.reviewed_by,
                "category": row.category,
            }
            told.append(call | {name: found[row.call_id] for name, found in beside.items()})
    return told


def blocks_of(connection: Connection, person: Person, zone: tzinfo) -> list[dict[str, Any]]:
    """All blocks that ever kept them out of a unit."""
    return [
        {
            "id": each.id,
            "unit": each.unit,
            "start": _local(each.span.start, zone),
            "end": _local(each.span.end, zone),
            "why": each.why,
            "who": each.who,
        }
        for each in blocks(connection)
        if each.caller_key == person.key
    ]


def _known_by(row: Any, person: Person) -> str:
    if row.number == person.number:
        return "number"
    return "hash" if row.key == person.key else FORWARDED


def _some(keys: Sequence[Key]) -> Iterable[Sequence[Key]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))


def _calls(keys: Sequence[Key]) -> Any:
    caller = and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id)
    of_caller = (CallerRow.number, CallerRow.key, CallerRow.forwarded_from)
    query = select(CallRow.__table__, *of_caller).join(CallerRow, caller, isouter=True)
    return query.where(near(CallRow, keys)).order_by(CallRow.received_at, CallRow.call_id)


def _by_call(
    connection: Connection, table: Any, keys: Sequence[Key], zone: tzinfo
) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(select(table.__table__).where(near(table, keys))).mappings():
        told = {name: _local(value, zone) for name, value in row.items() if name not in _KNOWN_ALREADY}
        found[row["call_id"]].append(told)
    return found


def _local(value: Any, zone: tzinfo) -> Any:
    return value.astimezone(zone).isoformat(timespec="seconds") if isinstance(value, datetime) else value
