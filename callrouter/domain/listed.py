"""What the provider's own list says of a call: events that fill gaps, and never contradict what we were told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from callrouter.domain.call import LONGEST_WHISPER_SECONDS, Caller, CallEvent, event
from callrouter.domain.digest import digest
from callrouter.domain.words import DecidedBy, EventKind, LegStatus, Origin, Outcome

CLOCKS_DIFFER = timedelta(seconds=5)
"""So much earlier than we told it to, by its clock, may the provider have rung a phone."""

_NOBODY_DECIDED = dict.fromkeys(("state", "reason", "line", "destination", "schedule_version"))
_AFTER_ALL = 10_000
"""The hop of an attempt that we know nothing of."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A call or leg of the provider's list that is over. Instants are aware; *seconds*: from pick-up to the end."""

    sid: str
    to: str
    started_at: datetime
    ended_at: datetime
    outcome: Outcome
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What we can say ourselves of a call that we did not answer."""

    unit: str | None
    caller: Caller
    origin: Origin
    local_time: str


@dataclass(frozen=True, slots=True)
class Place:
    """Whose phone it is that a leg rang, as far as the schedule says it."""

    destination: str = ""
    company: str | None = None
    person: str | None = None


def call_listed(day: date, call: Listed, arrival: Arrival) -> CallEvent:
    """The provider's list has the call."""
    facts = {
        "called": call.to,
        "unit": arrival.unit,
        "caller": arrival.caller.kind,
        "origin": arrival.origin,
        "local_time": arrival.local_time,
        **_ended(call),
    }
    return event(day, call.sid, EventKind.LISTED, call.ended_at, facts, call.sid)


def leg_listed(day: date, call_id: str, leg: Listed, place: Place) -> CallEvent:
    """The provider's list has a leg of the call *call_id*."""
    facts = {
        "sid": leg.sid,
        "to": leg.to,
        "destination": place.destination,
        "company": place.company,
        "person": place.person,
        **_ended(leg),
    }
    return event(day, call_id, EventKind.LISTED, leg.ended_at, facts, leg.sid)


def _ended(listed: Listed) -> dict[str, Any]:
    started = listed.started_at.isoformat()
    return {"outcome": listed.outcome, "seconds": listed.seconds, "started_at": started}


def is_call(told: CallEvent) -> bool:
    """Whether *told* is the list's word on the call itself, not on one of its legs."""
    return told.kind is EventKind.LISTED and "sid" not in told.facts


def filled(events: Sequence[CallEvent]) -> list[CallEvent]:
    """The *events* of one call, each once, with those of the list replaced by what would have told the same.

    Where something else told it there is nothing in their place.
    """
    listed = sorted((e for e in events if e.kind is EventKind.LISTED), key=lambda e: (e.facts["started_at"], e.id))
    told = [e for e in events if e.kind is not EventKind.LISTED]
    for call in filter(is_call, listed):
        told += list(_call(call, told))
    for number, leg in enumerate(leg for leg in listed if not is_call(leg)):
        told += list(_leg(leg, told, number))
    return told


def ended_legs(events: Iterable[CallEvent]) -> Mapping[str, CallEvent]:
    """The legs of whose end somebody told, by the provider's name of each, with the event that did."""
    known = list(events)
    alone = {e.facts["attempt"] for e in known if e.kind is EventKind.RANG and len(e.facts["phones"]) == 1}
    dials = (e for e in known if e.kind is EventKind.DIAL_ENDED and e.facts["attempt"] in alone)
    own = (e for e in known if e.kind is EventKind.LEG and e.facts["status"] == LegStatus.ENDED)
    listed = (e for e in known if e.kind is EventKind.LISTED and not is_call(e))
    return {e.facts["sid"]: e for e in (*listed, *dials, *own) if e.facts["sid"]}


def _call(call: CallEvent, told: Sequence[CallEvent]) -> Iterator[CallEvent]:
    """The arrival, if nobody told of it, and the end."""
    started = datetime.fromisoformat(call.facts["started_at"])
    if not any(e.kind is EventKind.ARRIVED for e in told):
        said = {name: call.facts[name] for name in ("called", "unit", "caller", "origin", "local_time", "outcome")}
        decided = {"decision": DecidedBy.FROM_PROVIDER, "decided_by": DecidedBy.FROM_PROVIDER, "redial": False}
        yield replace(call, id=_id(call, 0), kind=EventKind.ARRIVED, at=started, facts=_NOBODY_DECIDED | said | decided)
    if not any(map(_ends, told)):
        yield replace(call, id=_id(call, 1), kind=EventKind.ENDED, facts={"status": "", "seconds": None})


def _ends(told: CallEvent) -> bool:
    """Whether it says that the call is over."""
    if told.kind is EventKind.DIAL_ENDED:
        return bool(told.facts["caller_gone"])
    return told.kind in (EventKind.ENDED, EventKind.HUNG_UP, EventKind.MESSAGE_LEFT, EventKind.RECORDED)


def _leg(leg: CallEvent, told: Sequence[CallEvent], number: int) -> Iterator[CallEvent]:
    """What the phone's own callbacks would have told."""
    rang = _attempt_of(leg, told)
    if rang is None:
        yield from _unknown_attempt(leg, told, number)
        return
    mine = [e for e in told if e.kind is EventKind.LEG and _is_of(e, rang, leg)]
    statuses = {e.facts["status"] for e in mine}
    if LegStatus.ENDED in statuses:
        return
    facts = _told_of_leg(leg, rang.facts["attempt"], rang.facts["decision"])
    if LegStatus.PICKED_UP not in statuses and (seconds := _seconds_since_pick_up(leg)) is not None:
        at = leg.at - timedelta(seconds=seconds)
        picked_up = facts | {"status": LegStatus.PICKED_UP, "outcome": None, "seconds": None}
        yield replace(leg, id=_id(leg, 0), kind=EventKind.LEG, at=at, facts=picked_up)
    yield replace(leg, id=_id(leg, 1), kind=EventKind.LEG, facts=facts)


def _attempt_of(leg: CallEvent, told: Sequence[CallEvent]) -> CallEvent | None:
    """The attempt that rang it: one that its name was told with, else the last one of that number before it rang."""
    to, sid = leg.facts["to"], leg.facts["sid"]
    rings = sorted((e for e in told if e.kind is EventKind.RANG and _rings(e, to)), key=lambda e: (e.at, e.id))
    about = [e for e in told if e.kind in (EventKind.LEG, EventKind.DIAL_ENDED)]
    named = {e.facts["attempt"] for e in about if e.facts["sid"] == sid}
    if known := [rang for rang in rings if rang.facts["attempt"] in named]:
        return known[0]
    others = {e.facts["attempt"] for e in about if e.kind is EventKind.LEG and e.facts["to"] == to}
    until = datetime.fromisoformat(leg.facts["started_at"]) + CLOCKS_DIFFER
    free = [rang for rang in rings if rang.at <= until and rang.facts["attempt"] not in others]
    return free[-1] if free else None


def _unknown_attempt(leg: CallEvent, told: Sequence[CallEvent], number: int) -> Iterator[CallEvent]:
    """A leg whose attempt nobody told of, by whichever decision counts. A short talk may have been with a voicemail."""
    facts, sid = leg.facts, leg.facts["sid"]
    place = {name: facts[name] for name in ("destination", "company")}
    rang = place | {
        "attempt": sid,
        "hop": _AFTER_ALL,
        "round": 0,
        "slot": number,
        "phones": [{"to": facts["to"], "person": facts["person"]}],
        "seconds": None,
        "screened": False,
        "shows_caller": False,
    }
    started = datetime.fromisoformat(facts["started_at"])
    for nth, decision in enumerate(sorted({e.facts["decision"] for e in told if e.kind is EventKind.ARRIVED})):
        said = rang | {"decision": decision}
        yield replace(leg, id=_id(leg, 2 + nth), kind=EventKind.RANG, at=started, facts=said)
    is_unsure = facts["outcome"] == Outcome.ANSWERED and (facts["seconds"] or 0) <= LONGEST_WHISPER_SECONDS
    ended = _told_of_leg(leg, sid, None) | ({"outcome": None} if is_unsure else {})
    yield replace(leg, id=_id(leg, 1), kind=EventKind.LEG, facts=ended)


def _told_of_leg(leg: CallEvent, attempt: str, decision: str | None) -> dict[str, Any]:
    said = {name: leg.facts[name] for name in ("to", "sid", "outcome", "seconds")}
    return said | {"attempt": attempt, "decision": decision, "status": LegStatus.ENDED, "from_provider": True}


def _seconds_since_pick_up(leg: CallEvent) -> int | None:
    seconds: int | None = leg.facts["seconds"]
    return seconds if leg.facts["outcome"] == Outcome.ANSWERED else None


def _rings(rang: CallEvent, to: str) -> bool:
    return any(phone["to"] == to for phone in rang.facts["phones"])


def _is_of(told: CallEvent, rang: CallEvent, leg: CallEvent) -> bool:
    return bool(told.facts["attempt"] == rang.facts["attempt"] and told.facts["to"] == leg.facts["to"])


def _id(listed: CallEvent, nth: int) -> str:
    return digest(listed.id, nth)
