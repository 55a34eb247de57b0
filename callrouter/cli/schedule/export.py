"""`callrouter schedule export`: opening hours and shifts for calendars, web sites and programs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import click

from callrouter import clock
from callrouter.cli.problems import Problem
from callrouter.cli.schedule.files import loaded, opened, unit_called
from callrouter.domain.oncall import Rota
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.wallclock import wall_time
from callrouter.schedule.feeds.export import Days
from callrouter.schedule.feeds.export_json import hours_json, shifts_json
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.format.problems import nearest

"""The years whose holidays are known: what lies outside must not be published as if nothing were special."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be exported: the opening hours of *units*, or the shifts of *rota*."""

    schedule: Schedule
    units: tuple[Unit, ...]
    rota: Rota | None
    period: Days
    at: datetime


@click.command("export")
@click.argument("file", required=False)
@click.option("--ics", is_flag=True, help="An iCalendar feed.")
@click.option("--json-ld", "is_json_ld", is_flag=True, help="Opening hours as schema.org has them, for a web site.")
@click.option("--json", "is_json", is_flag=True, help="Windows and deviations with their reasons, for programs.")
@click.option("--unit", "unit_name", help="One unit alone. Default: all.")
@click.option("--rota", "rota_name", help="The shifts of this rota in place of opening hours: names, no numbers.")
@click.option("--from", "first", help="The first date, such as 2026-11-23. Default: today, in the schedule's zone.")
@click.option("--days", default=400, show_default=True, type=click.IntRange(1, 3660), help="How many days.")
def command(  # noqa: PLR0913 - one argument an option
    *,
    file: str | None,
    ics: bool,
    is_json_ld: bool,
    is_json: bool,
    unit_name: str | None,
    rota_name: str | None,
    first: str | None,
    days: int,
) -> None:
    """Print what everybody may know of the schedule in FILE: opening hours, or the shifts of one rota.

    No number is printed but the units' own, and no person except with --rota; the reasons of exceptions are printed as
    they stand. FILE is `-` for standard input; without it, the schedule of CALLROUTER_SCHEDULE is exported.

    Exits with 0, or with 1 if the schedule cannot be used.
    """
    if ics + is_json_ld + is_json != 1:
        raise click.UsageError("Give one of --ics, --json-ld and --json.")
    if rota_name and (unit_name or is_json_ld):
        raise click.UsageError(f"--rota does not go with {'--unit' if unit_name else '--json-ld'}.")
    at = clock.now()
    schedule = loaded(opened(file), at)
    request = Request(
        schedule=schedule,
        units=(unit_called(schedule, unit_name),) if unit_name else tuple(schedule.units.values()),
        rota=_rota_called(schedule, rota_name) if rota_name else None,
        period=_period(first, days, wall_time(at, schedule.zone).date()),
        at=at,
    )
    if ics:
        click.echo(_calendar(request), nl=False)
    else:
        _print_json(_linked_data(request) if is_json_ld else _plain(request))


def _calendar(request: Request) -> bytes:
    from callrouter.schedule.feeds.calendar import hours_calendar, shifts_calendar

    schedule, period, at = request.schedule, request.period, request.at
    if request.rota:
        return shifts_calendar(schedule, request.rota, period, at)
    return hours_calendar(schedule, request.units, period, at)


def _linked_data(request: Request) -> Mapping[str, Any]:
    from callrouter.schedule.feeds.linked_data import linked_data

    return linked_data(request.units, request.period)


def _plain(request: Request) -> Mapping[str, Any]:
    if request.rota:
        return shifts_json(request.schedule, request.rota, request.period)
    return hours_json(request.schedule, request.units, request.period)


def _print_json(value: Mapping[str, Any]) -> None:
    """Print *value* so that it may also stand in a <script> of a page: no text of the schedule can end that."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.replace("<", "\\u003c"))


def _rota_called(schedule: Schedule, name: str) -> Rota:
    if name not in schedule.rotas:
        known = ", ".join(schedule.rotas) or "none"
        raise Problem(f"No rota is called '{name}'{nearest(name, schedule.rotas) or '.'}\nThe rotas are: {known}.")
    return schedule.rotas[name]


def _period(first: str | None, days: int, today: date) -> Days:
    try:
        begins = date.fromisoformat(first) if first else today
    except ValueError as error:
        raise Problem(f"--from: expected a date such as 2026-11-23, got {first!r}.") from error
    if begins.year in KNOWN_YEARS and (period := Days.of(begins, days)).last.year in KNOWN_YEARS:
        return period
    years = f"{KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}"
    raise Problem(f"--from, --days: expected dates in the years {years}, got {days} days from {begins}.")
