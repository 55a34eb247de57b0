"""`callrouter research`: calls for those who study them, with nobody in them who stands out."""

from datetime import UTC
from pathlib import Path

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.export import ExportError, in_child
from callrouter.calllog.export.research import Made, ResearchOrder, export_research
from callrouter.calllog.windows import Tell, logged_period
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.log_export import shown
from callrouter.cli.origin import of_origin
from callrouter.cli.period import Dates, of_period, typed_period
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.cli.schedule.words import say
from callrouter.domain.counted import counted
from callrouter.domain.words import Origin
from callrouter.settings import os_user, storage_settings

_FAILED = "Nothing was exported"


@click.group("research")
def command() -> None:
    """Give calls to those who study them, with nobody in them who stands out."""


@command.command("export")
@of_period
@click.option("--unit", help="Only calls to this unit.")
@of_origin
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to be made.")
def export(*, dates: Dates, unit: str | None, origin: str, out: Path) -> None:
    """Write the calls of a period for research: a folder with calls, codebook and checksums.

    Callers have pseudonyms whose key is thrown away, times are coarse, and what fewer than five share is left out. The
    audit log tells of it.
    """
    with explained(_FAILED):
        url = storage_settings().database_url
        database = Database(url)
        schedule = schedule_if_any()
        zone = schedule.zone if schedule else UTC
        with database.reading() as connection:
            period = typed_period(dates, logged_period(connection), zone)
        order = ResearchOrder(period, out, zone, unit, Origin(origin))
        _audit(database, order)
        database.close()
    made = _made(url, order)
    name = click.format_filename(out)
    say([f"{counted(made.calls, 'call')} written to {name}; {name}/about.md says what was left out."])


def _made(url: str, order: ResearchOrder) -> Made:
    with progress("Exporting") as show:
        try:
            return in_child(_work, (url, order), shown(show, order.period))
        except ExportError as error:
            raise Problem(f"{_FAILED}: {error}") from error


def _work(asked: tuple[str, ResearchOrder], tell: Tell) -> Made:
    url, order = asked
    return export_research(Database(url), order, tell)


def _audit(database: Database, order: ResearchOrder) -> None:
    start, end = order.period
    facts = {"from": start.isoformat(), "to": end.isoformat(), "unit": order.unit, "origin": order.origin}
    database.prepare()
    with database.writing() as connection:
        append(connection, Deed(os_user(), "export-research", "calls", facts, clock.now()))
