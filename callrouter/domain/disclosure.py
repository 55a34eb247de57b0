"""What a register must tell a person of their data, and what is masked before anybody else gets it."""

from collections.abc import Mapping
from typing import Any

from callrouter.domain.words import DecidedBy, Retained

MASKED = "[masked]"

PURPOSES: Mapping[Retained, str] = {
    Retained.NUMBERS: "to call back, to tell whoever answers who calls, and to keep out who has been blocked",
    Retained.NOTES: "to follow up what the call was about",
    Retained.RECORDINGS: "to hear the message that the caller left",
    Retained.EVENTS: "to show how the call was handled, attempt by attempt",
    Retained.CALLS: "to account for the service, and to settle invoices of the companies that answer",
}
"""GDPR art. 15(1)(a): why each class is kept."""

RIGHTS = (
    "You may ask the municipality to correct or erase this, to use it less, or not at all, and you may complain to the"
    " data protection authority (Integritetsskyddsmyndigheten). No decision about you is made by this system alone."
)
"""GDPR art. 15(1)(e), (f) and (h)."""

SOURCE = "the telephone network, at each call; notes and follow-ups: whoever wrote them"
"""GDPR art. 15(1)(g)."""

_NUMBER = "a private person's telephone number: OSL 21:3, 21:7"
_OTHERS_NUMBER = "telephone number of whoever was rung: OSL 18:8, 21:7, 39:3"
_GUARD = "name of whoever was rung, which tells of guarding: OSL 18:8"
_FREE_TEXT = "free text, to be tried before disclosure: OSL 21:1, 26:1, 35:1"
_REASON = "whoever decided it by hand says why in their own words: OSL 21:1, 26:1, 35:1"

MASKING: Mapping[str, str] = {
    "number": _NUMBER,
    "calls.from": _NUMBER,
    "calls.forwarded_from": _NUMBER,
    "calls.reason": _REASON,
    "calls.steps": _OTHERS_NUMBER,
    "calls.legs.to": _OTHERS_NUMBER,
    "calls.legs.person": _GUARD,
    "calls.answered_by.person": _GUARD,
    "calls.recordings.sid": "leads to the message, to be tried by itself: OSL 21:1, 26:1, 35:1",
    "calls.notes.text": _FREE_TEXT,
    "calls.follow_ups.what": _FREE_TEXT,
    "calls.follow_ups.result": _FREE_TEXT,
    "calls.holds.why": _FREE_TEXT,
    "calls.disputes.reason": _FREE_TEXT,
    "calls.disputes.result": _FREE_TEXT,
    "blocks.why": _FREE_TEXT,
    "staff": _GUARD,
}
"""Each field that is masked, and the rule of the Swedish secrecy act (OSL 2009:400) to try it by: on the safe side,
for the final word is with whoever decides about the disclosure."""


_IN_NOBODYS_WORDS = {each.value for each in DecidedBy} - {DecidedBy.OVERRIDE.value}
"""A reason is a rule of the schedule then, which is public, a block without its words, or what the program met."""


def disclosed(document: Mapping[str, Any]) -> dict[str, Any]:
    """*document* with every field of MASKING masked, and under `masked` the reason for each that was there."""
    found: dict[str, str] = {}
    masked = {name: _masked(value, name, document, found) for name, value in document.items()}
    return masked | {"masked": found}


def _masked(value: Any, path: str, beside: Mapping[str, Any], found: dict[str, str]) -> Any:
    """*value* at *path*, masked or not; *beside*: the record that it stands in."""
    if value is None or value in ([], {}) or (path == "calls.reason" and beside.get("decided_by") in _IN_NOBODYS_WORDS):
        return value
    if reason := MASKING.get(path):
        found[path] = reason
        return MASKED
    if isinstance(value, list):
        return [_masked(item, path, beside, found) for item in value]
    if isinstance(value, dict):
        return {name: _masked(item, f"{path}.{name}", value, found) for name, item in value.items()}
    return value
