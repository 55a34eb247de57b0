"""The destruction protocol as a page to be printed and signed, without scripts or anything of another host."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from html import escape
from typing import Any

from sqlalchemy import Row

from callrouter.calllog.destruction import line_of
from callrouter.domain.sentence import Sentence
from callrouter.swedish import said
from callrouter.web.texts import Language, Text
from callrouter.web.words import word

_HEADINGS = (
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


def protocol_page(rows: Iterable[Row[Any]], zone: tzinfo, language: Language) -> str:
    """The lines of the protocol as a page of HTML, in the clocks of *zone*."""
    return "\n".join(_lines(rows, zone, language))


def _lines(rows: Iterable[Row[Any]], zone: tzinfo, language: Language) -> Iterator[str]:
    title = _TITLE.said(language)
    yield f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{_STYLE}</style>"
    yield f"<h1>{title}</h1><table><thead>"
    yield f"<tr>{''.join(f'<th>{heading.said(language)}</th>' for heading in _HEADINGS)}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _on_paper(row, zone, language))}</tr>"
    yield f"</tbody></table><p>{_SIGNATURE.said(language)} ____________________________________</p></html>"


def _on_paper(row: Row[Any], zone: tzinfo, language: Language) -> Iterator[str]:
    """A line for people: its words are those of their language."""
    at, by, what, *middle, result = line_of(row, zone)
    yield from (at, by, word("destroyed", what).said(language), *middle, said(Sentence(result), language))
