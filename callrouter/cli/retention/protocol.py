"""`callrouter retention protocol`: the destruction protocol, to be read, filed or printed."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC
from html import escape

import click

from callrouter.calllog.database import Database
from callrouter.calllog.destruction import COLUMNS, line_of, protocol
from callrouter.calllog.spreadsheet import as_csv
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.instants import period
from callrouter.cli.problems import explained
from callrouter.settings import storage_settings

_HEADINGS = (
    *("When", "By", "What", "Unit", "Older than", "Decision", "Decided on"),
    *("Deleted", "Held", "Outstanding", "Result"),
)
_STYLE = (
    "body{font:11pt sans-serif}table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .5em;text-align:left}"
)


@click.command("protocol")
@click.option("--from", "since", help='Only runs from this local time on, such as "2026-11-01 00:00".')
@click.option("--csv", "form", flag_value="csv", help="As a table for spreadsheets (UTF-8).")
@click.option("--html", "form", flag_value="html", help="As a page to be printed and signed.")
@click.option("--json", "form", flag_value="json", help="One JSON object a line.")
def command(*, since: str | None, form: str | None) -> None:
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
            click.echo("\n".join(_page(lines)))
        case "json":
            for row, line in zip(found, lines, strict=True):
                counts = {name: getattr(row, name) for name in ("count", "held", "outstanding")}
                said = dict(zip(COLUMNS, line, strict=True)) | {"unit": row.unit} | counts
                click.echo(json.dumps(said, ensure_ascii=False))
        case _:
            print_rows(_HEADINGS, lines)


def _page(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    yield '<!doctype html><html lang="en"><meta charset="utf-8"><title>Destruction protocol</title>'
    yield f"<style>{_STYLE}</style>"
    yield "<h1>Destruction protocol</h1><table><thead>"
    yield f"<tr>{''.join(f'<th>{heading}</th>' for heading in _HEADINGS)}</tr></thead><tbody>"
    for line in lines:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>"
    yield "</tbody></table><p>Date and signature: ____________________________________</p></html>"
