"""The phone network on a page: ring a unit, answer or decline as whoever is rung, and see the call grow."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.domain.destination import Target
from callrouter.domain.oncall import Person, Rota
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Outcome
from callrouter.telephony.simulator import PlayedCall
from callrouter.web.phone_room import PhoneRoom, PhoneState, PlayedByHand
from callrouter.web.rendering import part_of, render, render_part
from callrouter.web.site import Site, visit
from callrouter.web.texts import Text
from callrouter.web.words import word

CALLER = "+46701740650"
"""A number reserved for fiction."""

SENTENCES: Mapping[str, Text] = {
    "call": Text("Samtalet kommer in", "The call comes in"),
    "said": Text("Den som ringer hör: {detail}", "The caller hears: {detail}"),
    "played": Text("Den som ringer hör en inspelning", "The caller hears a recording"),
    "waits": Text("Tyst i {detail} s", "{detail} s of silence"),
    "rings": Text("{who} ringer", "{who} rings"),
    "picked-up": Text("{who} lyfter luren", "{who} picks up"),
    "whispered": Text("{who} hör: {detail}", "{who} hears: {detail}"),
    "pressed": Text("{who} trycker {detail}", "{who} presses {detail}"),
    "bridged": Text("{who} talar med den som ringer", "{who} talks with the caller"),
    "leg-ended": Text("{who}: {detail}", "{who}: {detail}"),
    "recording": Text("Tonen ljuder", "The tone sounds"),
    "message": Text("Ett meddelande på {detail} s lämnades", "A message of {detail} s was left"),
    "caller-hung-up": Text("Den som ringer lägger på", "The caller hangs up"),
    "application-error": Text("Den som ringer hör ett felmeddelande", "The caller hears an error message"),
    "ended": Text("Samtalet är slut", "The call is over"),
}
_THE_CALLER = Text("Den som ringer", "The caller")
_OVER = Text("slut", "over")


def blueprint(site: Site) -> Blueprint:
    """The page, and that of each call. Only on the phone network is there anything here."""
    routes = Blueprint("phone_network", __name__)
    room = PhoneRoom(site.network) if site.network else None

    @routes.get("/phone-network")
    def page() -> Response:
        schedule, _ = _there(site, room)
        return render("phone_network.html", units=list(schedule.units.values()), caller=CALLER)

    @routes.post("/phone-network/calls")
    def ring() -> Response:
        schedule, known = _there(site, room)
        unit = schedule.units.get(request.form.get("unit", "")) or abort(422)
        from_ = "anonymous" if request.form.get("withheld") else CALLER
        numbers = frozenset(number.e164 for number in schedule.numbers)
        return _to_phones(known.ring(from_, unit.numbers[0].e164, numbers, visit().at))

    @routes.get("/phone-network/calls/<name>")
    def call(name: str) -> Response:
        part, _ = part_of("part_played.html", **_played(site, room, name))
        return render("played.html", part=part)

    @routes.get("/phone-network/calls/<name>/now")
    def now(name: str) -> Response:
        return render_part("part_played.html", **_played(site, room, name))

    @routes.post("/phone-network/calls/<name>")
    def act(name: str) -> Response:
        _, known = _there(site, room)
        played = known.call(name) or abort(404)
        played.do(request.form.get("act", ""), request.form.get("who", ""), visit().at)
        return _to_phones(name)

    return routes


def _to_phones(name: str) -> Response:
    """Lead to the call, and past the head of its page: whoever has no mouse would walk it for each key pressed."""
    return redirect(url_for("phone_network.call", name=name, _anchor="played"), 303)


def _there(site: Site, room: PhoneRoom | None) -> tuple[Schedule, PhoneRoom]:
    schedule = site.loaded().schedule
    if room is None or schedule is None:
        abort(404)
    return schedule, room


def _played(site: Site, room: PhoneRoom | None, name: str) -> Mapping[str, Any]:
    schedule, known = _there(site, room)
    call: PlayedByHand = known.call(name) or abort(404)
    played = call.until(visit().at)
    whose = _whose(schedule, visit().at)
    states = {number: state for number, state in call.states(played).items() if state is not PhoneState.QUIET}
    return {
        "name": name,
        "lines": [(entry.at, _sentence(entry.kind, entry.who, entry.detail, whose)) for entry in played.timeline],
        "phones": [(number, whose.get(number, ""), state) for number, state in states.items()],
        "is_over": played.ended_at is not None,
        "unit": _title(schedule, played),
        "logged": {"day": played.started_at.astimezone(UTC).date(), "call_id": played.sid},
    }


def _sentence(kind: str, who: str, detail: str, whose: Mapping[str, str]) -> str:
    known = PhoneNumber.parse(who)
    named = " ".join(filter(None, (whose.get(who, ""), known.masked if known else "")))
    told = _outcome(detail) if kind == "leg-ended" else detail
    return SENTENCES[kind].said(visit().language, who=named or _THE_CALLER.said(visit().language), detail=told)


def _outcome(outcome: str) -> str:
    """How it ended for a phone, as the log calls it; whoever has talked is simply done."""
    text = _OVER if outcome == Outcome.ANSWERED else word("outcome", outcome)
    return text.said(visit().language)


def _title(schedule: Schedule, played: PlayedCall) -> str:
    unit = schedule.unit_by_number(played.to)
    return unit.title if unit else played.to


def _whose(schedule: Schedule, at: datetime) -> Mapping[str, str]:
    """Whose each phone is: a person's, else that of a destination."""
    found: dict[str, str] = {}
    for destination in schedule.destinations.values():
        for target in destination.lineup(at).ring:
            found |= {number: name or destination.title for number, name in _people(target)}
    return found


def _people(target: Target) -> list[tuple[str, str]]:
    match target:
        case Person():
            return [(target.number.e164, target.name)]
        case Rota():
            return [(person.number.e164, person.name) for person in target.people]
        case _:
            return [(target.e164, "")]
