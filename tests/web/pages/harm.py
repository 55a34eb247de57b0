"""What hostile words have done to a document, if anything: judged by what a browser or a spreadsheet makes of it."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import icalendar

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OTHER_SITES = ("https://www.digg.se/tdosanmalan", "https://www.imy.se/")
"""Whom the law wants to be named on the public statements."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHOWN_CONTROL = {"\n", "\r", "\t"}


TYPED = (None, "text", "tel", "search", "password")
"""Fields of a form that people type into."""


@dataclass
class Form:
    """A form that changes something: its buttons' addresses too, its fields as they stand, and those that are typed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    def filled(self, text: str) -> dict[str, str]:
        """What is sent if somebody types *text* everywhere."""
        return self.fields | dict.fromkeys(self.typed, text)


@dataclass
class Look(HTMLParser):
    """What a browser would make of a page: the links, the forms, and what must not be there."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    choice: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "hostile" or any(name.startswith("on") or name == "style" for name in given):
            self.found.append(f"<{tag} {given}>")
        is_ours = (given.get("src") or "").startswith("/static/") or given.get("type") == "application/ld+json"
        if tag == "script" and not is_ours:
            self.found.append(f"<script {given}>")
        for name in ("href", "src", "action", "hx-get", "formaction"):
            scheme, colon, _ = (given.get(name) or "").partition("/")[0].partition(":")
            if colon and scheme != "tel" and given[name] not in OTHER_SITES:
                self.found.append(f"<{tag} {name}={given[name]!r}>")
        self.handle_ways(tag, given)

    def handle_ways(self, tag: str, given: Mapping[str, str | None]) -> None:
        """Where it leads: by a link, by itself, or by a form."""
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if given.get("hx-get"):  # without what has been seen: nothing new would be no answer
            self.links.append((given["hx-get"] or "").partition("?")[0])
        if tag == "form" and given.get("method") == "post":
            self.forms.append(Form(given.get("action") or ""))
        elif self.forms:
            self.handle_field(tag, given)

    def handle_field(self, tag: str, given: Mapping[str, str | None]) -> None:
        """Part of the last form: of several choices the first, and every box ticked."""
        form, name, kind = self.forms[-1], given.get("name") or "", given.get("type")
        match tag:
            case "button" if given.get("formaction"):
                self.forms.insert(-1, Form(given["formaction"] or "", form.fields, form.typed))
            case "textarea":
                form.typed.append(name)
            case "input" if kind in TYPED:
                form.typed.append(name)
            case "input" if name:
                form.fields.setdefault(name, given.get("value") or "")
            case "select":
                self.choice = name
            case "option" if self.choice and given.get("value"):
                form.fields.setdefault(self.choice, given["value"] or "")


def wrong_with(kind: str, body: bytes) -> list[str]:
    """What hostile words have done to a document of a *kind*."""
    match kind:
        case "text/html":
            text = body.decode()
            look = Look()
            look.feed(text)
            control = {c for c in text if ord(c) < 32 or c == "\x7f"} - SHOWN_CONTROL
            computed = ["a template was computed"] * ("426763565" in text)
            return look.found + computed + [f"raw {each!r}" for each in sorted(control)]
        case "application/json" | "application/ld+json" | "application/problem+json":
            json.loads(body)
            return []
        case "text/csv":
            cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row]
            return [cell for cell in cells if cell.startswith(FORMULA_STARTS) and not is_number(cell)]
        case "text/calendar":
            starts = [event.start for event in icalendar.Calendar.from_ical(body).events]
            return [f"begins {start}" for start in starts if start.year < 2026]
        case kind if kind == XLSX:
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
            return [tag for sheet in sheets for tag in ("<f>", "<f ", "<hyperlink") if tag in sheet]
        case _:
            return []


def is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()
