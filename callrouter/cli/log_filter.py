"""The options by which `callrouter log`, and whatever else looks for calls, is told which ones are meant."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from datetime import UTC
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

import click

from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.instants import period
from callrouter.cli.numbers import caller_number
from callrouter.cli.problems import Problem, explained
from callrouter.domain.call_filter import CallFilter, SoughtCaller
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import DecidedBy, Disposition, Origin, State
from callrouter.schedule.format.problems import nearest
from callrouter.sealing import Pseudonymizer
from callrouter.settings import privacy_key

F = TypeVar("F", bound=Callable[..., Any])


def _one_of(words: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([word.value for word in words])


_OPTIONS = (
    click.option("--from", "since", metavar="WHEN", help="Received from then on: a date, or a local time."),
    click.option("--to", "until", metavar="WHEN", help="Until then: a date (all of that day), or a local time."),
    click.option("--unit", help="To this unit."),
    click.option("--disposition", type=_one_of(Disposition), help="Ended so."),
    click.option("--state", type=_one_of(State), help="While the unit was open, or closed."),
    click.option("--decided-by", type=_one_of(DecidedBy), help="Decided by this kind of rule."),
    click.option("--destination", help="Offered to this destination: one of its phones was rung."),
    click.option("--company", help="Offered to this company."),
    click.option("--person", help="Offered to this person."),
    click.option("--answered", is_flag=True, help="With the three above: not only offered, but answered there."),
    click.option("--caller", metavar="NUMBER", help="From this number, also where only its keyed hash is kept."),
    click.option("--origin", type=_one_of(Origin), help="Real ones, or simulated ones."),
    click.option("--reviewed/--unreviewed", "is_reviewed", default=None, help="Reviewed, or not yet."),
    click.option("--category", help="Filed under this category."),
    click.option("--follow-up", "has_follow_up", is_flag=True, help="With something still to be done."),
)
_WORDS = {"disposition": Disposition, "state": State, "decided_by": DecidedBy, "origin": Origin}
_NAMES = tuple(field.name for field in fields(CallFilter))


def filtered(command: F) -> F:
    """Give a command the options of a search; what they mean comes to it as *wanted*."""

    @wraps(command)
    def with_filter(*arguments: Any, **options: Any) -> Any:
        typed = {name: options.pop(name) for name in _NAMES}
        with explained("It is not known which calls are meant"):
            wanted = _wanted(typed)
        return command(*arguments, wanted=wanted, **options)

    for option in reversed(_OPTIONS):
        with_filter = option(with_filter)
    return with_filter  # type: ignore[return-value]


def not_in_schedule(wanted: CallFilter) -> Iterator[str]:
    """A sentence for each name that the schedule has not, where nothing was found: it may be a slip."""
    schedule = schedule_if_any()
    if schedule is None:
        return
    for what, known in _known(schedule).items():
        name = getattr(wanted, what)
        if name is not None and name not in known:
            yield f"The schedule has no {what} '{name}'{nearest(name, known) or '.'}"


def _known(schedule: Schedule) -> Mapping[str, Collection[str]]:
    contracts = [contract for destination in schedule.destinations.values() for contract in destination.contracts]
    return {
        "unit": schedule.units,
        "destination": schedule.destinations,
        "company": {contract.company for contract in contracts},
        "person": schedule.people,
        "category": schedule.review.categories,
    }


def _wanted(typed: Mapping[str, Any]) -> CallFilter:
    if typed["answered"] and not (typed["destination"] or typed["company"] or typed["person"]):
        raise Problem("--answered: by whom? Say --destination, --company or --person.")
    words = {name: kind(typed[name]) for name, kind in _WORDS.items() if typed[name] is not None}
    is_local = any(typed[name] is not None for name in ("since", "until", "caller"))
    schedule = schedule_if_any() if is_local else None
    since, until = period(typed["since"], typed["until"], schedule.zone if schedule else UTC)
    caller = None if typed["caller"] is None else _sought(typed["caller"], schedule)
    return CallFilter(**{**typed, **words, "since": since, "until": until, "caller": caller})


def _sought(text: str, schedule: Schedule | None) -> SoughtCaller:
    number = caller_number(text, schedule.countries[0] if schedule else None)
    keys = Pseudonymizer(privacy_key())
    return SoughtCaller(keys.key(number.e164), keys.key_id, number)
