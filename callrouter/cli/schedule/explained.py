"""An explanation as lines for a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import click

from callrouter.cli.schedule.files import ScheduleFile
from callrouter.cli.schedule.words import in_digits, in_duration, in_moment, in_offset, indented, spoken, titled
from callrouter.domain.destination import Destination
from callrouter.domain.message import Message
from callrouter.domain.phrases import TRYING_NEXT
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.words import State
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.preview.asked_time import AskedTime
from callrouter.schedule.preview.clock_changes import ClockChange
from callrouter.schedule.preview.explain import Explanation, OnCall, Place, Stop, explain

_COLOURS = {State.OPEN: "green", State.CLOSED: "yellow"}
_TURNS = {State.OPEN: "opens", State.CLOSED: "closes"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: what happens to a call to *unit* at *time*."""

    file: ScheduleFile
    schedule: Schedule
    unit: Unit
    time: AskedTime
    show_numbers: bool

    @property
    def at(self) -> datetime:
        """The instant asked about."""
        return self.time.at

    @property
    def explanation(self) -> Explanation:
        """The answer."""
        return explain(self.schedule, self.unit, self.at)


def told(asked: Asked) -> Iterator[str]:
    """Yield the answer in lines: now, and after the next change."""
    found = asked.explanation
    yield from _heading(asked)
    yield ""
    yield from _verdict(asked, found)
    yield from _next_change(asked, found)
    yield ""
    yield click.style("Who rings", bold=True)
    yield from _way(asked, found, with_texts=True)
    if found.next_change:
        later = explain(asked.schedule, asked.unit, found.next_change)
        yield ""
        when = in_moment(found.next_change, asked.schedule.zone)
        yield click.style(f"Who rings from {when}, when it is {later.decision.state}", bold=True)
        yield from _way(asked, later, with_texts=False)


def _heading(asked: Asked) -> Iterator[str]:
    zone = asked.schedule.zone
    numbers = ", ".join(number.e164 for number in asked.unit.numbers)  # its own numbers are public
    yield f"{click.style(titled(asked.unit), bold=True)}  {numbers}  schedule {asked.schedule.version[:8]}"
    week = asked.at.astimezone(zone).isocalendar().week
    yield f"{in_moment(asked.at, zone, offset=True)}, week {week}, {zone}"
    yield from (click.style(note, fg="magenta") for note in clock_notes(asked))


def clock_notes(asked: Asked) -> Iterator[str]:
    """Say what a local time means on a night when the clocks change, or in a year whose red days nobody knows."""
    time = asked.time
    local, change = time.local, time.change
    if time.missing and change:
        yield f"{time.missing:%H:%M} never comes this night: {_jump(change)}. {local:%H:%M} is meant instead."
    if time.other:
        which = "second" if time.is_second else "first"
        jump = f": {_jump(change)}" if change else ""
        other = in_offset(time.other)
        yield f"{local:%H:%M} comes twice this night{jump}. This is the {which} one; the other has the offset {other}."
    if asked.unit.hours.rules.holidays and local.year not in KNOWN_YEARS:
        yield f"The red days are known from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]} only: none is looked at here."


def _jump(change: ClockChange) -> str:
    way = "forward" if change.is_forward else "back"
    return f"the clocks go {way} from {change.shown_before:%H:%M} to {change.shown_after:%H:%M}"


def _verdict(asked: Asked, found: Explanation) -> Iterator[str]:
    decision = found.decision
    state = click.style(decision.state.upper(), fg=_COLOURS[decision.state], bold=True)
    yield f"{state} by {decision.decided_by}: {decision.reason}"
    if decision.line:
        line = f"{asked.file.name}:{decision.line}"
        yield f"  {line}:  {click.style(asked.file.line(decision.line), fg='cyan')}"


def _next_change(asked: Asked, found: Explanation) -> Iterator[str]:
    if found.next_change is None:
        yield f"  It never changes: always {found.decision.state}."
        return
    later = explain(asked.schedule, asked.unit, found.next_change).decision
    when = in_moment(found.next_change, asked.schedule.zone, offset=True)
    wait = in_duration(found.next_change - asked.at)
    why = "" if later.reason == found.decision.reason else f": {later.reason}"
    yield f"  It {_TURNS[later.state]} {when}, in {wait}{why}"


def _way(asked: Asked, found: Explanation, *, with_texts: bool) -> Iterator[str]:
    if found.menu and found.unit.menu:
        keys = ", ".join(f"{key} {unit}" for key, unit in found.unit.menu.keys.items())
        yield from indented(f"First the caller hears {_names(found.menu)}. Keys: {keys}; no key: these ring.", 2, 4)
        yield from _texts(found.menu, with_texts=with_texts)
    for number, stop in enumerate(found.stops, start=1):
        yield from _stop(asked, stop, number, with_texts=with_texts)
    rung = (
        f"Nobody answers: after at least {in_duration(timedelta(seconds=found.waits))} of ringing"
        if found.waits
        else "Nobody is rung:"
    )
    ending = "may leave a message" if found.takes_message else "the call ends"
    heard = f" the caller hears {_names(found.heard_at_end)}, and" if found.heard_at_end else ""
    yield f"  {rung}{heard} {ending}."
    yield from _texts(found.heard_at_end, with_texts=with_texts)


def _stop(asked: Asked, stop: Stop, number: int, *, with_texts: bool) -> Iterator[str]:
    name = click.style(titled(stop.destination), bold=True)
    if not stop.line:
        yield f"  {number}. {name}: nobody to ring"
        return
    company = ""
    if stop.contract:
        end = stop.contract.span.end
        until = f" (contract until {in_moment(end, asked.schedule.zone)})" if end else ""
        company = f", {stop.contract.company}{until}"
    yield f"  {number}. {name}{company}: {_manner(stop.destination, len(stop.line))}"
    if stop.heard:
        yield f"     first the caller hears {_names(stop.heard)}"
    yield from _texts(stop.heard, with_texts=with_texts)
    yield from (f"     {_place(asked, place)}" for place in stop.line)


def _manner(destination: Destination, places: int) -> str:
    """Say how a destination rings: `one after another, 25 s each, 2 rounds`."""
    order = "all at once" if destination.together else "one after another"
    parts = [
        order * (places > 1),
        f"{destination.seconds} s{' each' * (places > 1 and not destination.together)}",
        f"{destination.rounds} rounds" * (destination.rounds > 1),
        "whoever answers presses 1" * destination.accept_key,
        "shows the caller's number" * destination.show_caller,
    ]
    return ", ".join(filter(None, parts))


def _place(asked: Asked, place: Place) -> str:
    if place.phone is None:
        return f"{'-':<13} {_duty(asked, place.on_call)}"
    number = in_digits(place.phone.number, show=asked.show_numbers)
    who = _duty(asked, place.on_call) if place.on_call else place.phone.person or ""
    return f"{number:<13} {who}"


def _duty(asked: Asked, duty: OnCall | None) -> str:
    """Say whom a rota means: `bo (nordvakt), on call until Monday 2026-11-30 08:00, then cilla`."""
    if duty is None:
        return ""
    until = f" until {in_moment(duty.until, asked.schedule.zone)}" if duty.until else ""
    then = f", then {duty.then.name if duty.then else 'nobody'}" if duty.until else ""
    if duty.person is None:
        return f"nobody is on call{until}{then}: skipped ({duty.rota})"
    return f"{duty.person.name}, on call{until}{then} ({duty.rota})"


def _names(messages: Iterable[Message]) -> str:
    return " and ".join(f"'{message.name}'" for message in messages)


def _texts(messages: Iterable[Message], *, with_texts: bool) -> Iterator[str]:
    for message in messages if with_texts else ():
        if message != TRYING_NEXT:  # the same before every destination
            for language, text in spoken(message):
                yield from indented(f"{language}  {text}", 7, 4)
