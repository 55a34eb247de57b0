"""`callrouter retention protocol`: the destruction protocol, to be read, filed or printed."""

import json
from datetime import UTC

import click

from callrouter.calllog.database import Database
from callrouter.calllog.destruction import COLUMNS, line_of, protocol
from callrouter.calllog.spreadsheet import as_csv
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.instants import period
from callrouter.cli.problems import explained
from callrouter.settings import storage_settings
from callrouter.web.protocol_page import protocol_page
from callrouter.web.texts import Language

_HEADINGS = (
    *("When", "By", "What", "Unit", "Older than", "Decision", "Decided on"),
    *("Deleted", "Held", "Outstanding", "Result"),
)


@click.command("protocol")
@click.option("--from", "since", help='Only runs from this local time on, such as "2026-11-01 00:00".')
@click.option("--csv", "form", flag_value="csv", help="As a table for spreadsheets (UTF-8).")
@click.option("--html", "form", flag_value="html", help="As a page to be printed and signed.")
@click.option("--json", "form", flag_value="json", help="One JSON object a line.")
@click.option(
    "--language", type=click.Choice(["sv", "en"]), default="sv", show_default=True, help="The page's language."
)
def command(*, since: str | None, form: str | None, language: str) -> None:
    """Print the destruction protocol, the oldest line first."""
    with explained("The protocol cannot be read"):
        schedule = schedule_if_any()
        zone = schedule.zone if schedule else UTC
        with Database(storage_settings().database_url).reading() as connection:
            found = protocol(connection, period(since, None, zone)[0])
    lines = [line_of(row, zone) for row in found]
    match form:
        case "csv":
            click.echo(as_csv(COLUMNS, lines), nl=False)
        case "html":
            click.echo(protocol_page(found, zone, Language(language)))
        case "json":
            for row, line in zip(found, lines, strict=True):
                counts = {name: getattr(row, name) for name in ("count", "held", "outstanding")}
                told = dict(zip(COLUMNS, line, strict=True)) | {"unit": row.unit} | counts
                click.echo(json.dumps(told, ensure_ascii=False))
        case _:
            print_rows(_HEADINGS, lines)
