"""How a call goes, told once by the domain itself and then written for thousands of calls.

A plot is everything about a call but its id, its instant, its caller and the provider's names for its legs. Its events
are made by `RunningCall`, its record by `fold`, its counts by `tally`; `rows` puts the rest in. All offsets are whole
seconds, so that moving a call in time changes nothing but its instants.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from callrouter.calllog.call_rows import call_row, leg_rows, recording_rows
from callrouter.domain.call import Caller, CallEvent, DialEnded, LegUpdate, RunningCall, call_ended, message_left
from callrouter.domain.digest import digest
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.routing import Ring, TakeMessage, decide, first_step, next_step
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.tally import ALL_UNITS, By, Grain, tally
from callrouter.domain.words import EventKind, LegStatus, Outcome

CALL, LEG, MESSAGE, LOCAL = "{call}", "{leg}", "{message}", "{local}"
"""What stands in a plot where each call has its own; at most one of LEG, MESSAGE and LOCAL in one event."""

_SAID = {  # what an event's id is derived from, beside the call and its kind: domain/call.py
    EventKind.ARRIVED: ("decision",),
    EventKind.RANG: ("attempt",),
    EventKind.LEG: ("attempt", "sid", "status"),
    EventKind.ACCEPTED: ("attempt", "to"),
    EventKind.DIAL_ENDED: ("attempt",),
    EventKind.HUNG_UP: ("decision",),
    EventKind.MESSAGE_ASKED: ("decision",),
    EventKind.MESSAGE_LEFT: ("sid",),
    EventKind.RECORDED: ("sid",),
    EventKind.ENDED: (),
}
_FEW = (EventKind.ARRIVED, EventKind.RANG, EventKind.ACCEPTED, EventKind.MESSAGE_ASKED, EventKind.MESSAGE_LEFT)
_ANSWERED, _GAVE_UP, _REDIAL, _WITHHELD = 0.62, 0.72, 0.05, 0.05


@dataclass(frozen=True, slots=True)
class PlottedEvent:
    """One event: its *facts* and what its id *said*, with *own* in the place of what is each call's own."""

    kind: str
    moment: int
    said: str
    facts: str
    own: str | None


@dataclass(frozen=True, slots=True)
class Plot:
    """One way that a call goes.

    *moments* are seconds after the arrival, the arrival first; all else that is called an instant is a place in them.
    *legs* is JSON with a %s for each of *leg_instants*. *whole* and *offers* (by, value) are what it counts.
    """

    unit: str
    caller: str
    moments: tuple[int, ...]
    events: tuple[PlottedEvent, ...]
    call: tuple[Any, ...]
    ended: int
    legs: str
    leg_instants: tuple[int, ...]
    leg_rows: tuple[tuple[int, int | None, tuple[Any, ...]], ...]
    recordings: tuple[tuple[int, int], ...]
    whole: dict[str, int]
    offers: tuple[tuple[str, str, dict[str, int]], ...]


def plot(schedule: Schedule, unit: Unit, at: datetime, rng: Random, *, few: bool) -> Plot:
    """Draw one way that a call to *unit* goes when it comes in an hour like *at*."""
    caller = _caller(unit, rng)
    told = [event for event in _story(schedule, unit, at, caller, rng) if not few or _is_of_few(event)]
    record = fold(told)
    assert record.received_at == at
    assert record.ended_at
    moments = _Moments(at)
    legs, leg_instants = _legs_text(record, moments)
    whole, offers = _counts(record)
    return Plot(
        unit=unit.name,
        caller=caller.kind,
        events=tuple(_plotted(event, moments) for event in told),
        call=_plain(call_row(record), CALL_CONSTANTS),
        ended=moments.place(record.ended_at),
        legs=legs,
        leg_instants=leg_instants,
        leg_rows=tuple(_leg(leg, moments) for leg in leg_rows(record)),
        recordings=tuple((moments.place(left["left_at"]), left["seconds"]) for left in recording_rows(record)),
        whole=whole,
        offers=offers,
        moments=tuple(moments.seconds),
    )


class _Moments:
    """The instants of one call, as whole seconds after its arrival."""

    def __init__(self, arrival: datetime) -> None:
        self._arrival = arrival
        self.seconds = [0]

    def place(self, at: datetime) -> int:
        """Where *at* stands among them."""
        seconds = _seconds(at, self._arrival)
        if seconds not in self.seconds:
            self.seconds.append(seconds)
        return self.seconds.index(seconds)


CALL_CONSTANTS = (
    *("unit", "called", "state", "decided_by", "reason", "line", "schedule_version", "is_redial", "disposition"),
    *("answered_destination", "answered_company", "answered_person", "seconds_to_answer", "talked_seconds"),
    *("origin", "events"),
)
LEG_CONSTANTS = ("place", "destination", "company", "person", "outcome", "rang_seconds", "talked_seconds")


def _caller(unit: Unit, rng: Random) -> Caller:
    if rng.random() < _WITHHELD:
        return Caller(is_withheld=True)
    return Caller(PhoneNumber("+46701740650")) if unit.keeps_numbers else Caller(key="key")


def _is_of_few(event: CallEvent) -> bool:
    is_end = event.kind is EventKind.LEG and event.facts["status"] == LegStatus.ENDED
    return event.kind in _FEW or is_end or event.kind is EventKind.ENDED


def _story(schedule: Schedule, unit: Unit, at: datetime, caller: Caller, rng: Random) -> Iterator[CallEvent]:
    """All events of a call that comes at *at*, in order."""
    decision = decide(schedule, unit, at)
    call = RunningCall(CALL, unit.numbers[0].e164, caller, decision, is_redial=rng.random() < _REDIAL)
    yield call.arrived()
    now = at + timedelta(seconds=rng.choice((1, 2)))
    step = first_step(schedule, decision, now)
    while isinstance(step, Ring):
        call = call.ringing(step)
        yield call.rang(step.attempt)
        outcome, legs, now = _attempt(call, step, now, rng)
        yield from legs
        if outcome is not Outcome.NO_ANSWER:
            break
        step = next_step(schedule, decision, step.attempt.position, outcome, now)
    else:
        left, now = _voicemail(call, now, rng) if isinstance(step, TakeMessage) else ([call.hung_up(now)], now)
        yield from left
    yield call_ended(CALL, call.called, "completed", _seconds(now, at), call.origin, now)


def _attempt(call: RunningCall, step: Ring, now: datetime, rng: Random) -> tuple[Outcome, list[CallEvent], datetime]:
    """One phone rings: answered, not answered, or the caller gives up."""
    (phone,) = step.attempt.phones
    to, screened, chance = phone.number.e164, step.attempt.screened, rng.random()
    ringing = call.leg(to, LegUpdate(LegStatus.RINGING, LEG), now)
    if chance < _ANSWERED:
        picked_up = now + timedelta(seconds=min(step.attempt.seconds - 1, round(rng.lognormvariate(math.log(7), 0.6))))
        key_at = picked_up + timedelta(seconds=rng.randint(4, 9) if screened else 0)
        over = key_at + timedelta(seconds=5 + round(rng.lognormvariate(math.log(100), 0.9)))
        outcome, seconds = Outcome.ANSWERED, _seconds(over, picked_up)
        between = [call.leg(to, LegUpdate(LegStatus.PICKED_UP, LEG), picked_up)]
        between += [call.key_pressed(to, key_at, accepts=True)] if screened else []
    else:
        gives_up = chance < _GAVE_UP
        over = now + timedelta(seconds=rng.randint(3, 19) if gives_up else step.attempt.seconds)
        outcome, seconds, between = (Outcome.CANCELLED if gives_up else Outcome.NO_ANSWER), None, []
    ended = call.leg(to, LegUpdate(LegStatus.ENDED, LEG, outcome, seconds), over)
    bridged = outcome is Outcome.ANSWERED if screened else None
    dial = DialEnded(outcome, bridged, seconds, caller_gone=outcome is Outcome.CANCELLED, leg_sid=LEG)
    return outcome, [ringing, *between, ended, call.dial_ended(dial, outcome, over)], over


def _voicemail(call: RunningCall, now: datetime, rng: Random) -> tuple[list[CallEvent], datetime]:
    """Nobody answered: half of the callers leave a message."""
    asked = call.message_asked(now)
    if rng.random() < 0.5:
        return [asked], now + timedelta(seconds=9)
    seconds = rng.randint(4, 60)
    now += timedelta(seconds=9 + seconds)
    later = now + timedelta(seconds=8)
    arrived = message_left(CALL, MESSAGE, seconds, later, kind=EventKind.RECORDED, began_at=now)
    return [asked, message_left(CALL, MESSAGE, seconds, now, began_at=now), arrived], now


def _plotted(event: CallEvent, moments: _Moments) -> PlottedEvent:
    facts = dict(event.facts)
    said = [facts[name] for name in _SAID[event.kind]]
    assert digest(CALL, event.kind, *said) == event.id, "what the id of an event says has changed"
    if "local_time" in facts:
        facts["local_time"] = LOCAL
    own = next((own for own in (LEG, MESSAGE, LOCAL) if own in facts.values()), None)
    said_so = "\x1f".join(("", event.kind, *said))
    return PlottedEvent(event.kind.value, moments.place(event.at), said_so, json.dumps(facts), own)


def _legs_text(record: CallRecord, moments: _Moments) -> tuple[str, tuple[int, ...]]:
    instants = [at for leg in record.legs for at in (leg.started_at, leg.answered_at) if at]
    text = json.dumps(call_row(record)["legs"]).replace("%", "%%")
    for at in instants:
        text = text.replace(f'"{at.isoformat()}"', '"%s"', 1)
    return text, tuple(moments.place(at) for at in instants)


def _leg(row: dict[str, Any], moments: _Moments) -> tuple[int, int | None, tuple[Any, ...]]:
    answered = moments.place(row["answered_at"]) if row["answered_at"] else None
    return moments.place(row["started_at"]), answered, _plain(row, LEG_CONSTANTS)


def _plain(row: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    """The columns *names* of *row*; words as text, for drivers take an enumeration the long way round."""
    return tuple(str(row[name]) if isinstance(row[name], str) else row[name] for name in names)


def _counts(record: CallRecord) -> tuple[dict[str, int], tuple[tuple[str, str, dict[str, int]], ...]]:
    """What the call adds to the cells that count whole calls, and to those of whom it was offered to."""
    cells = {
        (cell.by, cell.value): dict(counts)
        for cell, counts in tally(record).items()
        if cell.grain is Grain.DAY and cell.unit != ALL_UNITS
    }
    whole = cells.pop((By.ALL, ""))
    offers = [(by, value, counts) for (by, value), counts in cells.items() if by is not By.HOUR]
    return whole, tuple((by.value, value, counts) for by, value, counts in offers)


def _seconds(later: datetime, earlier: datetime) -> int:
    seconds = (later - earlier).total_seconds()
    assert seconds.is_integer()
    return int(seconds)
