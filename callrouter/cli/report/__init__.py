"""`callrouter report`: how the calls of a period were answered; and what a company's month amounts to."""

from collections.abc import Callable
from datetime import UTC
from typing import Any, TypeVar

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.reports import Asked, units_counted
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.origin import of_origin
from callrouter.cli.problems import Problem, explained
from callrouter.cli.report.contract import contract
from callrouter.cli.report.disputes import dispute, settle, withdraw
from callrouter.cli.report.shown import Report
from callrouter.cli.report.wish import YEARS, Wish
from callrouter.cli.schedule.words import say
from callrouter.domain.report import GroupBy
from callrouter.domain.schedule import Schedule
from callrouter.domain.tally import ALL_UNITS
from callrouter.schedule.format.problems import nearest
from callrouter.settings import storage_settings

F = TypeVar("F", bound=Callable[..., Any])


def _period(command: F) -> F:
    """Give a command the ways to say a period."""
    for option in (
        click.option("--last", help="The days or weeks until today: 30d, 4w."),
        click.option("--year", type=click.IntRange(YEARS[0], YEARS[-1]), help="A year."),
        click.option("--month", help="A month: 2026-11. Default: this month so far."),
        click.option("--to", help="The last date. Default: today."),
        click.option("--from", "since", help="The first date."),
    ):
        command = option(command)
    return command


@click.group("report", invoke_without_command=True)
@_period
@click.option("--unit", help="Only calls to this unit. Default: all.")
@click.option("--by", type=click.Choice([by.value for by in GroupBy]), help="Tell apart. Default: an overview.")
@of_origin
@click.option("--json", "form", flag_value="json", help="One JSON object.")
@click.option("--csv", "form", flag_value="csv", help="CSV, a row a group. Default: a row a month.")
def command(*, unit: str | None, by: str | None, origin: str, form: str | None, **typed: Any) -> None:
    """Tell how the calls of a period were answered: how many, by whom, how soon, and when they come.

    Dates are local ones. The overview compares with the same days of the month or year before, or with as many days
    before.
    """
    if click.get_current_context().invoked_subcommand:
        return
    now, schedule, group = clock.now(), schedule_if_any(), GroupBy(by) if by else None
    period, compared = Wish(**typed).periods(now.astimezone(schedule.zone if schedule else UTC).date())
    with explained("The report cannot be made"):
        database = Database(storage_settings().database_url)
        asked = Asked(period, origin, _unit(unit, origin, database, schedule))
        report = Report(database, schedule, asked, compared, now)
        match form:
            case "json":
                click.echo(report.as_json(group))
            case "csv":
                click.echo(report.as_csv(group), nl=False)
            case _:
                say(report.as_text(group))
        for warning in report.warnings():
            click.secho(warning, fg="yellow", err=True)


def _unit(name: str | None, origin: str, database: Database, schedule: Schedule | None) -> str:
    """The unit called *name*, of the schedule or of the counts.

    Raises:
        Problem: nobody knows it.
    """
    if name is None:
        return ALL_UNITS
    with database.reading() as connection:
        known = dict.fromkeys([*(schedule.units if schedule else ()), *filter(None, units_counted(connection, origin))])
    if name not in known:
        raise Problem(f"No unit is called '{name}'{nearest(name, known) or '.'}\nThe units are: {', '.join(known)}.")
    return name


for each in (contract, dispute, withdraw, settle):
    command.add_command(each)
