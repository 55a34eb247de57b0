"""A call record as rows of the tables, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from callrouter.domain.leg import LegRecord
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.recording import Recording
from callrouter.domain.words import Disposition, Outcome

_AS_THEY_ARE = tuple(
    name
    for name in (field.name for field in fields(CallRecord))
    if name not in {"answered_by", "legs", "recordings", "disposition"}
)
_LEG = tuple(field.name for field in fields(LegRecord))
_FOUND_BY = ("destination", "company", "person", "outcome", "started_at", "answered_at", "rang_seconds")


def call_row(record: CallRecord) -> dict[str, Any]:
    """The row of `call`, as far as the events tell it."""
    by = record.answered_by
    return {name: getattr(record, name) for name in _AS_THEY_ARE} | {
        "disposition": record.disposition.value,
        "answered_destination": by.destination if by else None,
        "answered_company": by.company if by else None,
        "answered_person": by.person if by else None,
        "legs": [_leg_out(leg) for leg in record.legs],
    }


def leg_rows(record: CallRecord) -> list[dict[str, Any]]:
    """The rows of `leg`, in the order of `call.legs`."""
    key = {"day": record.day, "call_id": record.call_id, "received_at": record.received_at}
    return [
        key | {"place": place, "talked_seconds": leg.talked_seconds} | {name: getattr(leg, name) for name in _FOUND_BY}
        for place, leg in enumerate(record.legs)
    ]


def recording_rows(record: CallRecord) -> list[dict[str, Any]]:
    """The rows of `recording`."""
    return [{"day": record.day, "call_id": record.call_id, **asdict(recording)} for recording in record.recordings]


def call_record(row: Mapping[Any, Any], recordings: Iterable[Recording] = ()) -> CallRecord:
    """The record that `call_row` made *row* of."""
    destination = row["answered_destination"]
    by = AnsweredBy(destination, row["answered_company"], row["answered_person"]) if destination else None
    return CallRecord(
        **{name: row[name] for name in _AS_THEY_ARE},
        disposition=Disposition(row["disposition"]),
        answered_by=by,
        legs=tuple(_leg_in(leg) for leg in row["legs"]),
        recordings=tuple(recordings),
    )


def _leg_out(leg: LegRecord) -> dict[str, Any]:
    answered = leg.answered_at.isoformat() if leg.answered_at else None
    return {name: getattr(leg, name) for name in _LEG} | {
        "started_at": leg.started_at.isoformat(),
        "answered_at": answered,
    }


def _leg_in(leg: Mapping[str, Any]) -> LegRecord:
    answered, outcome = leg["answered_at"], leg["outcome"]
    known = {
        "outcome": Outcome(outcome) if outcome else None,
        "started_at": datetime.fromisoformat(leg["started_at"]),
        "answered_at": datetime.fromisoformat(answered) if answered else None,
    }
    return LegRecord(**(dict(leg) | known))
