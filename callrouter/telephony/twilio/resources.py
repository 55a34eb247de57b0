"""The resources of Twilio's REST interface, in our words; the SDK has no types for them."""

import re
from collections.abc import Mapping
from typing import Any

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Direction, FinishedCall, NumberSetup, ProviderRefusedError, StoredRecording
from callrouter.telephony.twilio.webhook import caller

_OUTCOMES: Mapping[str, Outcome] = {
    "completed": Outcome.ANSWERED,
    "busy": Outcome.BUSY,
    "no-answer": Outcome.NO_ANSWER,
    "failed": Outcome.FAILED,
    "canceled": Outcome.CANCELLED,
}
"""How a call is over; any other word says that it is not."""

_DIRECTIONS: Mapping[str, Direction] = {"inbound": Direction.INBOUND, "outbound-dial": Direction.LEG}


def sid(prefix: str, text: str) -> str:
    """An identifier, which becomes part of an address: nothing else may."""
    if not re.fullmatch(f"{prefix}[0-9a-f]{{32}}", text):
        raise ProviderRefusedError(
            f"{text!r} is none of the provider's identifiers; expected {prefix} and 32 hex digits"
        )
    return text


def finished(found: Any) -> FinishedCall | None:
    """A call or a leg; None while it goes on."""
    outcome, started = _OUTCOMES.get(found.status), found.start_time or found.date_created
    if outcome is None or started is None:
        return None
    return FinishedCall(
        call_id=found.sid,
        parent_id=found.parent_call_sid or None,
        direction=_DIRECTIONS.get(found.direction, Direction.OUTBOUND),
        from_="" if caller(found._from or "").is_withheld else found._from,  # noqa: SLF001 - the SDK's own name of it
        to=found.to or "",
        started_at=started,
        ended_at=found.end_time,
        outcome=outcome,
        seconds=int(found.duration) if found.duration else None,
    )


def stored(found: Any) -> StoredRecording | None:
    """A recording of a call; None until it is there."""
    began = found.start_time or found.date_created
    if found.status != "completed" or not found.call_sid or began is None:
        return None
    return StoredRecording(found.sid, found.call_sid, began, int(found.duration or 0), found.source == "RecordVerb")


def setup(number: PhoneNumber, found: Any) -> NumberSetup:
    """What the provider does with calls to *number*."""
    overruling = (("trunk", found.trunk_sid), ("application", found.voice_application_sid))
    return NumberSetup(
        number=number,
        voice_url=_asked_with(found.voice_method, found.voice_url),
        fallback_url=_asked_with(found.voice_fallback_method, found.voice_fallback_url),
        status_url=_asked_with(found.status_callback_method, found.status_callback),
        overruled_by=next((f"{what} {sid}" for what, sid in overruling if sid), None),
    )


def _asked_with(method: str | None, url: str | None) -> str:
    """*url* as `NumberSetup` has it."""
    return f"{method} {url}" if url and method not in (None, "POST") else url or ""
