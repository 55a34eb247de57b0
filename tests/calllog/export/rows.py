"""Calls as rows of the log, of whatever origin their words may be."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallerRow, CallRow, LegRow
from callrouter.calllog.windows import Bounds

START = datetime(2026, 11, 23, 7, 30, 0, 123456, tzinfo=UTC)
CITIZEN = "+46701740650"
OURS = "+46846500400"
GUARD = "+46313900610"

CALL: Mapping[str, Any] = {
    "unit": "centre",
    "called": OURS,
    "local_time": "2026-11-23T08:30:00.123456+01:00",
    "state": "closed",
    "decided_by": "hours",
    "reason": "mon-fri 10:00-15:00",
    "line": 14,
    "schedule_version": "c7e91f57",
    "is_redial": False,
    "disposition": "answered",
    "answered_destination": "security",
    "answered_company": "Nordbevakning AB",
    "answered_person": "anna",
    "seconds_to_answer": 20,
    "talked_seconds": 60,
    "ended_at": START + timedelta(seconds=80),
    "origin": "real",
    "events": 6,
    "reviewed_at": None,
    "reviewed_by": None,
    "category": None,
}
LEG: Mapping[str, Any] = {
    "to": GUARD,
    "destination": "security",
    "company": "Nordbevakning AB",
    "person": "anna",
    "outcome": "answered",
    "started_at": START.isoformat(),
    "answered_at": (START + timedelta(seconds=20)).isoformat(),
    "rang_seconds": 20,
    "talked_seconds": 60,
}


def numbered(count: int, **differs: Any) -> list[dict[str, Any]]:
    """So many calls, a minute apart."""
    return [made(f"CA{n:04}", START + timedelta(minutes=n), **differs) for n in range(count)]


def made(call_id: str, at: datetime = START, **differs: Any) -> dict[str, Any]:
    """A call of one leg; *number* and *key* are its caller's, None: nothing is kept of them."""
    caller = {"number": CITIZEN, "key": "k" * 64}
    fixed = {"day": at.astimezone(UTC).date(), "call_id": call_id, "received_at": at, "legs": [dict(LEG)]}
    return {**CALL, **caller, **fixed, **differs}


def keep(database: Database, calls: Iterable[Mapping[str, Any]]) -> Bounds:
    """Put *calls* into the log; returns the period they are of."""
    rows = [dict(call) for call in calls]
    callers = list(map(_caller, rows))
    with database.writing() as connection:
        connection.execute(insert(CallRow), rows)
        connection.execute(insert(CallerRow), callers)
        if legs := [leg for call in rows for leg in _legs(call)]:
            connection.execute(insert(LegRow), legs)
    at = [row["received_at"] for row in rows]
    return min(at), max(at) + datetime.resolution


def _caller(call: dict[str, Any]) -> dict[str, Any]:
    return {name: call[name] for name in ("day", "call_id")} | {"number": call.pop("number"), "key": call.pop("key")}


def _legs(call: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for place, leg in enumerate(call["legs"]):
        known = {name: value for name, value in leg.items() if name != "to"}
        times = {name: datetime.fromisoformat(leg[name]) for name in ("started_at", "answered_at") if leg[name]}
        key = {name: call[name] for name in ("day", "call_id", "received_at")}
        yield {"answered_at": None, **key, "place": place, **known, **times}
