"""`callrouter retention protocol`: the destruction protocol, to be read, filed or printed."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, tzinfo
from html import escape
from typing import Any

import click
from sqlalchemy import Row

from callrouter.calllog.database import Database
from callrouter.calllog.destruction import COLUMNS, line_of, protocol
from callrouter.calllog.spreadsheet import as_csv
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.instants import period
from callrouter.cli.problems import explained
from callrouter.domain.sentence import Sentence
from callrouter.settings import storage_settings
from callrouter.swedish import said
from callrouter.web.texts import Language, Text
from callrouter.web.words import word

_HEADINGS = (
    *("When", "By", "What", "Unit", "Older than", "Decision", "Decided on"),
    *("Deleted", "Held", "Outstanding", "Result"),
)
_HEADINGS_ON_PAPER = (
    *(
        Text("När", "When"),
        Text("Av", "By"),
        Text("Vad", "What"),
        Text("Enhet", "Unit"),
        Text("Äldre än", "Older than"),
    ),
    *(Text("Beslut", "Decision"), Text("Beslutsdatum", "Decided on"), Text("Gallrat", "Deleted")),
    *(Text("Spärrat", "Held"), Text("Återstår", "Outstanding"), Text("Resultat", "Result")),
)
_TITLE = Text("Gallringsprotokoll", "Destruction protocol")
_SIGNATURE = Text("Datum och underskrift:", "Date and signature:")
_STYLE = (
    "body{font:11pt sans-serif}table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .5em;text-align:left}"
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
            click.echo("\n".join(_page(found, zone, Language(language))))
        case "json":
            for row, line in zip(found, lines, strict=True):
                counts = {name: getattr(row, name) for name in ("count", "held", "outstanding")}
                told = dict(zip(COLUMNS, line, strict=True)) | {"unit": row.unit} | counts
                click.echo(json.dumps(told, ensure_ascii=False))
        case _:
            print_rows(_HEADINGS, lines)


def _page(rows: Iterable[Row[Any]], zone: tzinfo, language: Language) -> Iterator[str]:
    title = _TITLE.said(language)
    yield f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{_STYLE}</style>"
    yield f"<h1>{title}</h1><table><thead>"
    yield f"<tr>{''.join(f'<th>{heading.said(language)}</th>' for heading in _HEADINGS_ON_PAPER)}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _on_paper(row, zone, language))}</tr>"
    yield f"</tbody></table><p>{_SIGNATURE.said(language)} ____________________________________</p></html>"


def _on_paper(row: Row[Any], zone: tzinfo, language: Language) -> Iterator[str]:
    """A line for people: its words are those of their language."""
    at, by, what, *middle, result = line_of(row, zone)
    yield from (at, by, word("destroyed", what).said(language), *middle, said(Sentence(result), language))
