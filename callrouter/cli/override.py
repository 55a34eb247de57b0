"""`callrouter override`: hold a unit open or closed by hand, or send its calls elsewhere, for a time."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import assert_never

import click

from callrouter import clock
from callrouter.calllog.control import overrides
from callrouter.calllog.database import Database
from callrouter.calls import by_hand, ending
from callrouter.cli.by_hand import (
    F,
    as_json,
    control_database,
    decider,
    end_of,
    schedule_if_any,
    schedule_in_force,
    signature,
    signed,
    spoken_span,
)
from callrouter.cli.columns import Titles, titles_in_rows
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.files import unit_called
from callrouter.cli.schedule.words import in_moment, say
from callrouter.domain.control import Control, Override
from callrouter.domain.schedule import Schedule, Unit, title_of
from callrouter.domain.words import State
from callrouter.schedule.format.problems import nearest
from callrouter.settings import storage_settings

_FAILED = "No override was made"
_END = (
    "When it ends. Default: when the unit would open or close by its hours; a closed one that opens: two hours at most."
)
_NOTES = {
    "decides": "",
    "behind": "  (a later one decides)",
    "not-followed": "  (cannot be followed: the schedule has no such unit or destination, or it is an alarm unit)",
    "over": "",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """An override as it is typed: a state, or a destination."""

    unit: str
    until: str | None
    who: str | None
    why: str | None
    state: State | None = None
    destination: str | None = None


@click.group("override")
def command() -> None:
    """Hold a unit open or closed by hand, or send its calls elsewhere, for a time.

    An override beats every rule of the schedule until it ends; of several the one made last decides. Running services
    follow within seconds. A call that has arrived keeps the decision it got.
    """


def _of_unit(command: F) -> F:
    """Give a command the options of an override that is made."""
    until = click.option("--until", help=_END)
    return click.option("--unit", required=True, help="The unit, by its name in the schedule.")(until(signed(command)))


@command.command("open")
@_of_unit
def open_(*, unit: str, until: str | None, who: str | None, why: str | None) -> None:
    """Hold a unit open: its calls go to its `open`."""
    _make(Wish(unit, until, who, why, state=State.OPEN))


@command.command("close")
@_of_unit
def close(*, unit: str, until: str | None, who: str | None, why: str | None) -> None:
    """Hold a unit closed: its calls go to its `closed`. An alarm unit cannot be closed."""
    _make(Wish(unit, until, who, why, state=State.CLOSED))


@command.command("send-to")
@click.argument("destination")
@_of_unit
def send_to(*, destination: str, unit: str, until: str | None, who: str | None, why: str | None) -> None:
    """Send a unit's calls to DESTINATION of the schedule, open or closed as it is."""
    _make(Wish(unit, until, who, why, destination=destination))


@command.command("list")
@click.option("--all", "is_all", is_flag=True, help="Also those that are over.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, is_all: bool, is_json: bool) -> None:
    """List the overrides that last, newest first."""
    at = clock.now()
    with explained("The overrides cannot be read"):
        schedule = schedule_if_any()
        with Database(storage_settings().database_url).reading() as connection:
            found = overrides(connection, None if is_all else at)[::-1]
    zone, titles = schedule.zone if schedule else UTC, titles_in_rows(lambda: schedule)
    if not found and not is_json:
        click.echo("There is no override." if is_all else "No override lasts.", err=True)
    for each in found:
        standing = _standing(each, Control(tuple(found)), schedule, at)
        if is_json:
            own = {"state": each.state, "destination": each.destination, "standing": standing}
            click.echo(json.dumps(as_json(each, zone) | own, ensure_ascii=False))
        else:
            what = f"{titles(each.unit)}  {_effect(each, titles)}"
            line = f"{each.id:>4}  {what}  {spoken_span(each.span, zone)}  {signature(each)}"
            say([line + _NOTES[standing]])


@command.command("end")
@click.argument("number", type=click.IntRange(min=1))
@signed
def end(*, number: int, who: str | None, why: str | None) -> None:
    """End override NUMBER now: from here on the schedule decides, or an older override that lasts."""
    by, at = decider(who, why), clock.now()
    with explained("The override was not ended"):
        database = control_database()
        if not ending.end(database, "override", number, by.who, by.why, at):
            with database.reading() as connection:
                known = {each.id: each for each in overrides(connection)}
            raise Problem(_not_ended(number, known))
    say([click.style(f"Override {number} is ended.", fg="green", bold=True), "Running services follow within seconds."])


def _effect(override: Override, titles: Titles) -> str:
    return f"to {titles(override.destination)}" if override.destination else override.effect


def _standing(override: Override, control: Control, schedule: Schedule | None, at: datetime) -> str:
    """Whether it decides now, and if not why: one of _NOTES."""
    if not override.span.covers(at):
        return "over"
    if control.override(override.unit, at) != override:
        return "behind"
    unit = schedule.units.get(override.unit) if schedule else None
    is_followed = schedule is None or (unit is not None and override.leads_to(schedule, unit) is not None)
    return "decides" if is_followed else "not-followed"


def _not_ended(number: int, known: dict[int, Override]) -> str:
    if number not in known:
        return f"There is no override {number}; `callrouter override list` shows those that last."
    schedule = schedule_if_any()
    zone = schedule.zone if schedule else UTC
    return f"Override {number} is over already: {spoken_span(known[number].span, zone)}."


def _make(wish: Wish) -> None:
    by, now = decider(wish.who, wish.why), clock.now()
    with explained(_FAILED):
        schedule = schedule_in_force()
        unit = unit_called(schedule, wish.unit)
        until = None if wish.until is None else end_of(wish.until, schedule.zone, now)
        asked = by_hand.Wish(unit, by.who, by.why, until, wish.state, wish.destination)
        try:
            made = by_hand.make(control_database(), schedule, asked, now)
        except by_hand.NotMadeError as error:
            raise Problem(_not_made(error.reason, wish, schedule)) from error
    say(_told(made, schedule, unit))


def _not_made(reason: by_hand.Reason, wish: Wish, schedule: Schedule) -> str:
    name = wish.destination
    match reason:
        case by_hand.Reason.NEVER_CHANGES:
            return f"{_FAILED}: '{wish.unit}' never opens or closes by its hours; say when it ends: --until."
        case by_hand.Reason.UNKNOWN_DESTINATION:
            known = ", ".join(schedule.destinations)
            found = f"No destination is called '{name}'{nearest(name or '', schedule.destinations) or '.'}"
            return f"{found}\nThe destinations are: {known}."
        case by_hand.Reason.ALARM_UNIT:
            closes = f"'{name}' rings no phone" if name else "it takes its calls at every hour"
            return f"{_FAILED}: '{wish.unit}' is an alarm unit and cannot be closed: {closes}."
        case _:
            assert_never(reason)


def _told(told: by_hand.Made, schedule: Schedule, unit: Unit) -> Iterator[str]:
    """Say what was done, and what it means."""
    made, before, number = told.override, told.before, told.override.id
    zone, now, end = schedule.zone, made.span.start, made.span.end or made.span.start
    titles = partial(title_of, schedule)
    is_so = f"{unit.title} is {made.state}, its calls go to" if made.state else f"calls to {unit.title} go to"
    what = f"until {in_moment(end, zone)} {is_so} '{titles(made.leads_to(schedule, unit) or '')}'"
    yield click.style(f"Override {number}: {what}.", fg="green", bold=True)
    yield f"Running services follow within seconds. To end it earlier: callrouter override end {number} --why …"
    if before:
        yield f"It goes before override {before.id} ({_effect(before, titles)}, {signature(before)}), which lasts too."
    change = unit.hours.next_change(now)
    if unit.hours.ruling(now).state is made.state and (change is None or change >= end):
        yield click.style(f"Note: by its hours it is {made.state} until then anyway.", fg="yellow")
