"""`callrouter schedule explain`: who answers a unit's calls at an instant, and why."""

import json

import click

from callrouter import clock
from callrouter.cli.instants import typed_time
from callrouter.cli.problems import Problem
from callrouter.cli.schedule.explained import Asked, told
from callrouter.cli.schedule.explained_json import as_json
from callrouter.cli.schedule.files import loaded, opened, unit_called
from callrouter.cli.schedule.words import say
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule, Unit
from callrouter.schedule.format.phones import phone
from callrouter.schedule.format.problems import nearest
from callrouter.schedule.format.text import Unreadable


@click.command("explain")
@click.option("--unit", "unit_name", help="The unit, by its name in the file.")
@click.option("--to", help="The unit, by one of its numbers, such as +46846500400.")
@click.option("--at", "at_text", help='Wall clock of the schedule\'s zone, such as "2026-11-23 16:30". Default: now.')
@click.option("--file", help="A schedule file, `-` for standard input. Default: the one of CALLROUTER_SCHEDULE.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
def command(
    *, unit_name: str | None, to: str | None, at_text: str | None, file: str | None, is_json: bool, show_numbers: bool
) -> None:
    """Tell who answers a unit's calls at an instant, in which order, and which rule says so.

    Where the clocks go back and a time comes twice, the first one is meant; an offset says which: "2026-10-25
    02:30+01:00".
    """
    of = opened(file)
    schedule = loaded(of, clock.now())
    unit = _unit(schedule, unit_name, to)
    asked = Asked(of, schedule, unit, typed_time(at_text, schedule.zone), show_numbers)
    say([json.dumps(as_json(asked), ensure_ascii=False)] if is_json else told(asked))


def _unit(schedule: Schedule, name: str | None, number: str | None) -> Unit:
    if name is not None and number is not None:
        raise click.UsageError("--unit and --to exclude each other: give one of them.")
    if name is not None:
        return unit_called(schedule, name)
    if number is not None:
        return _unit_at(schedule, number)
    if len(schedule.units) == 1:
        return schedule.first_unit
    raise click.UsageError(f"Say which unit: --unit NAME or --to NUMBER. The units are: {', '.join(schedule.units)}.")


def _unit_at(schedule: Schedule, text: str) -> Unit:
    try:
        number: PhoneNumber = phone(text).number
    except Unreadable as error:
        raise Problem(f"--to: {error}") from error
    if unit := schedule.unit_by_number(number):
        return unit
    known = {each.e164: unit.name for unit in schedule.units.values() for each in unit.numbers}
    listed = "\n".join(f"  {each}  {name}" for each, name in known.items())
    raise Problem(
        f"No unit has the number {number.e164}{nearest(number.e164, known) or '.'}\n"
        f"A call to it would go to '{schedule.first_unit.closed}', where the first unit's calls go when it is closed.\n"
        f"The units' numbers are:\n{listed}"
    )
