"""Call records for machines: the keys are the words of the glossary."""

from typing import Any

from sqlalchemy import Row

from callrouter.calllog.queries import LoggedEvent
from callrouter.domain.phone import PhoneNumber


def as_json(call: Row[Any], *, show_numbers: bool) -> dict[str, Any]:
    """One call of a `searching.Page` as a JSON object; numbers are masked unless *show_numbers*."""
    answered_by = {
        "destination": call.answered_destination,
        "company": call.answered_company,
        "person": call.answered_person,
    }
    return {
        "call_id": call.call_id,
        "unit": call.unit,
        "to": shown(call.called, show_numbers=show_numbers),
        "from": shown(call.number, show_numbers=show_numbers),
        "forwarded_from": shown(call.forwarded_from, show_numbers=show_numbers),
        "received_at": call.received_at.isoformat(),
        "local_time": call.local_time,
        "state": call.state,
        "decided_by": call.decided_by,
        "reason": call.reason,
        "line": call.line,
        "schedule_version": call.schedule_version,
        "redial": bool(call.is_redial),
        "disposition": call.disposition,
        "answered_by": answered_by if call.answered_destination else None,
        "seconds_to_answer": call.seconds_to_answer,
        "talked_seconds": call.talked_seconds,
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "origin": call.origin,
        "legs": [_leg(leg, show_numbers=show_numbers) for leg in call.legs],
        "reviewed_at": call.reviewed_at.isoformat() if call.reviewed_at else None,
        "reviewed_by": call.reviewed_by,
        "category": call.category,
    }


def event_as_json(event: LoggedEvent, *, show_numbers: bool) -> dict[str, Any]:
    """An event as a JSON object; the numbers of the phones are masked unless *show_numbers*."""
    facts = dict(event.facts)
    for key in ("to", "called"):
        if key in facts:
            facts[key] = shown(facts[key], show_numbers=show_numbers)
    if "phones" in facts:
        facts["phones"] = [p | {"to": shown(p["to"], show_numbers=show_numbers)} for p in facts["phones"]]
    return {"at": event.at.isoformat(), "kind": event.kind, "facts": facts}


def shown(number: str | None, *, show_numbers: bool) -> str | None:
    """*number* as it may be shown: whole, or with its middle hidden; what is no number is hidden whole."""
    if number is None or show_numbers:
        return number
    parsed = PhoneNumber.parse(number)
    return parsed.masked if parsed else "*" * len(number)


def _leg(leg: dict[str, Any], *, show_numbers: bool) -> dict[str, Any]:
    return {
        "to": shown(leg["to"], show_numbers=show_numbers),
        "destination": leg["destination"],
        "company": leg["company"],
        "person": leg["person"],
        "outcome": leg["outcome"],
        "rang_seconds": leg["rang_seconds"],
        "talked_seconds": leg["talked_seconds"],
        "from_provider": leg.get("from_provider", False),
    }
