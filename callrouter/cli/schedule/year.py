"""`callrouter schedule year`: a year at a glance."""

import json
from collections.abc import Iterator
from typing import Any

import click

from callrouter import clock
from callrouter.cli.schedule.calendar import calendar
from callrouter.cli.schedule.files import loaded, opened, unit_called
from callrouter.cli.schedule.words import in_hours, say, titled
from callrouter.domain.counted import counted
from callrouter.schedule.format.holidays import KNOWN_YEARS
from callrouter.schedule.preview.year import Day, UnitYear, year_of


@click.command("year")
@click.argument("year", required=False, type=click.IntRange(1970, 2199))
@click.option("--unit", "unit_name", help="Only this unit. Default: every unit in turn.")
@click.option("--file", help="A schedule file, `-` for standard input. Default: the one of CALLROUTER_SCHEDULE.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a unit, each on a line.")
def command(*, year: int | None, unit_name: str | None, file: str | None, is_json: bool) -> None:
    """Show a YEAR (default: this one) at a glance: a row a week, with every day that differs from the usual week."""
    now = clock.now()
    schedule = loaded(opened(file), now)
    units = schedule.units.values() if unit_name is None else [unit_called(schedule, unit_name)]
    years = [year_of(unit, year or now.astimezone(schedule.zone).year) for unit in units]
    if is_json:
        say(json.dumps(_as_json(one), ensure_ascii=False) for one in years)
        return
    for index, one in enumerate(years):
        say([""] * (index > 0))
        say(_told(one, schedule.version))


def _told(of: UnitYear, version: str) -> Iterator[str]:
    unit = of.unit
    yield f"{click.style(f'{titled(unit)} {of.year}', bold=True)}  {unit.hours.zone}, schedule {version[:8]}"
    if unit.hours.rules.never_change:
        yield "Always open, day and night, the whole year."
        return
    if unit.hours.rules.holidays and of.year not in KNOWN_YEARS:
        yield click.style(f"The red days are known from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]} only.", fg="yellow")
    yield from calendar(of)
    yield _totals(of)


def _totals(of: UnitYear) -> str:
    undecided = [day for day in of.days if day.is_undecided]
    parts = [
        f"Open {in_hours(of.open_time)} on {counted(of.open_days, 'day')}",
        f"{counted(len(of.deviations), 'day')} differ{'s' * (len(of.deviations) == 1)} from the usual week",
        f"{counted(len(undecided), 'bridge day')} undecided" * bool(undecided),
    ]
    return click.style("; ".join(filter(None, parts)) + ".", bold=True)


def _as_json(of: UnitYear) -> dict[str, Any]:
    return {
        "unit": of.unit.name,
        "year": of.year,
        "open_hours": round(of.open_time.total_seconds() / 3600, 4),
        "open_days": of.open_days,
        "deviating_days": len(of.deviations),
        "undecided_bridge_days": [str(day.date) for day in of.days if day.is_undecided],
        "days": [_day(day) for day in of.days],
    }


def _day(day: Day) -> dict[str, Any]:
    change = day.clock_change
    return {
        "date": str(day.date),
        "week": day.date.isocalendar().week,
        "hours": [str(wall) for wall in day.plan.ranges],
        "decided_by": day.plan.decided_by,
        "reason": day.plan.reason,
        "line": day.plan.line,
        "deviates": day.deviates,
        "name": day.name or day.as_usual or None,
        "clocks": None if change is None else "forward" if change.is_forward else "back",
        "is_undecided_bridge_day": day.is_undecided,
    }
