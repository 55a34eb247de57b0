"""An explanation as JSON for a machine."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from callrouter.cli.schedule.explained import Asked, clock_notes
from callrouter.cli.schedule.words import in_digits, spoken
from callrouter.domain.schedule import Message
from callrouter.schedule.preview.explain import Explanation, OnCall, Place, Stop, explain

Json = dict[str, Any]


def as_json(asked: Asked) -> Json:
    """Return the answer as one object; numbers are masked unless they are asked for."""
    found = asked.explanation
    change, line = found.next_change, found.decision.line
    return {
        "unit": asked.unit.name,
        "schedule_version": asked.schedule.version,
        **_answer(asked, found),
        "line_text": asked.file.line(line) if line else None,
        "clock_notes": list(clock_notes(asked)),
        "next_change": _answer(asked, explain(asked.schedule, asked.unit, change)) if change else None,
    }


def _answer(asked: Asked, found: Explanation) -> Json:
    decision = found.decision
    menu = found.unit.menu if found.menu else None
    return {
        "at": decision.at.isoformat(),
        "local_time": decision.local_time,
        "state": decision.state,
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "line": decision.line,
        "destination": decision.destination,
        "menu": {"hears": _messages(found.menu), "keys": dict(menu.keys)} if menu else None,
        "route": [_stop(asked, stop) for stop in found.stops],
        "rings_for_seconds": found.waits,
        "hears_at_end": _messages(found.heard_at_end),
        "takes_message": found.takes_message,
    }


def _stop(asked: Asked, stop: Stop) -> Json:
    destination, contract = stop.destination, stop.contract
    return {
        "destination": destination.name,
        "company": contract.company if contract else None,
        "contract_until": _iso(asked, contract.span.end if contract else None),
        "hears": _messages(stop.heard),
        "together": destination.together,
        "seconds": destination.seconds,
        "rounds": destination.rounds,
        "accept_key": destination.accept_key,
        "shows_caller": destination.show_caller,
        "rings": [_place(asked, place) for place in stop.line],
    }


def _place(asked: Asked, place: Place) -> Json:
    phone = place.phone
    return {
        "number": in_digits(phone.number, show=asked.show_numbers) if phone else None,
        "person": phone.person if phone else None,
        **_duty(asked, place.on_call),
    }


def _duty(asked: Asked, duty: OnCall | None) -> Json:
    if duty is None:
        return {"rota": None}
    then = duty.then.name if duty.then else None
    return {"rota": duty.rota, "on_call_until": _iso(asked, duty.until), "then": then}


def _messages(messages: Iterable[Message]) -> list[Json]:
    return [{"name": message.name, "parts": dict(spoken(message))} for message in messages]


def _iso(asked: Asked, at: datetime | None) -> str | None:
    return at.astimezone(asked.schedule.zone).isoformat() if at else None
