"""An explanation as a JSON object; times are local with their offset (ISO 8601)."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Any

from callrouter.domain.message import Audio, Message
from callrouter.schedule.preview.explain import Explanation, OnCall, Place, Stop

Json = dict[str, Any]


def explained_json(found: Explanation, zone: tzinfo, *, show_numbers: bool) -> Json:
    """Return what is decided, and who rings in which order; numbers are masked unless *show_numbers*."""
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
        "route": [_stop(stop, zone, show_numbers=show_numbers) for stop in found.stops],
        "rings_for_seconds": found.waits,
        "hears_at_end": _messages(found.heard_at_end),
        "takes_message": found.takes_message,
    }


def _stop(stop: Stop, zone: tzinfo, *, show_numbers: bool) -> Json:
    destination, contract = stop.destination, stop.contract
    return {
        "destination": destination.name,
        "company": contract.company if contract else None,
        "contract_until": _iso(contract.span.end if contract else None, zone),
        "hears": _messages(stop.heard),
        "together": destination.together,
        "seconds": destination.seconds,
        "rounds": destination.rounds,
        "accept_key": destination.accept_key,
        "shows_caller": destination.show_caller,
        "rings": [_place(place, zone, show_numbers=show_numbers) for place in stop.line],
    }


def _place(place: Place, zone: tzinfo, *, show_numbers: bool) -> Json:
    phone = place.phone
    number = (phone.number.e164 if show_numbers else phone.number.masked) if phone else None
    return {"number": number, "person": phone.person if phone else None, **_duty(place.on_call, zone)}


def _duty(duty: OnCall | None, zone: tzinfo) -> Json:
    if duty is None:
        return {"rota": None}
    then = duty.then.name if duty.then else None
    return {"rota": duty.rota, "on_call_until": _iso(duty.until, zone), "then": then}


def _messages(messages: Iterable[Message]) -> list[Json]:
    return [{"name": message.name, "parts": dict(_parts(message))} for message in messages]


def _parts(message: Message) -> Iterable[tuple[str, str]]:
    return ((("file", part.url) if isinstance(part, Audio) else (part.language, part.text)) for part in message.parts)


def _iso(at: datetime | None, zone: tzinfo) -> str | None:
    return at.astimezone(zone).isoformat() if at else None
