"""How a page is made of its template: what every template may use."""

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from callrouter.domain.ending import ending
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import CallRecord
from callrouter.domain.sentence import Sentence
from callrouter.domain.visible import visible
from callrouter.swedish import said
from callrouter.web.navigation import administration, entries
from callrouter.web.safety import SAFE_METHODS
from callrouter.web.site import visit
from callrouter.web.templating import PageEnvironment
from callrouter.web.texts import Language, Text
from callrouter.web.times import in_duration, in_seconds
from callrouter.web.unbroken import unbroken
from callrouter.web.words import word

STATIC = Path(__file__).parent / "static"

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SETTINGS = {
    "allowEval": False,
    "allowScriptTags": False,
    "historyCacheSize": 0,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
}
"""For htmx: nothing that the content security policy forbids, and no page kept in the browser's storage."""

_UNVERSIONED = f"version-{secrets.token_hex(16)}"
"""Stands in a part where its version will: nobody outside can write it there, and no part is made twice."""


def render(template: str, status: int = 200, **values: Any) -> AnyResponse:
    """The page that *template* makes of *values*."""
    return make_response(render_template(template, **values), status)


def render_part(template: str, **values: Any) -> AnyResponse:
    """A part of a page that asks for itself again and again; 204 while nothing in it has changed."""
    part, version = part_of(template, **values)
    if request.args.get("seen") == version:
        return Response(status=204)
    return make_response(str(part))


def part_of(template: str, **values: Any) -> tuple[Markup, str]:
    """The same inside a whole page: the part, and its version, which it names when it asks again."""
    part = render_template(template, version=_UNVERSIONED, **values)
    version = hashlib.sha256(part.replace(_UNVERSIONED, "").encode()).hexdigest()[:16]
    return Markup(part.replace(_UNVERSIONED, version)), version  # noqa: S704 - our own template


def as_file(name: str, content: str | bytes) -> AnyResponse:
    """A file to be kept by whoever asks for it; *name* is of ASCII letters."""
    kind = _XLSX if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    return Response(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def prepare(app: Flask, absent: frozenset[str], title_of: Callable[[str], str]) -> None:
    """Give the templates of *app* what they may use.

    *absent*: pages that this service does not have; *title_of*: what a unit or a destination is called.
    """
    app.jinja_environment = PageEnvironment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = visible
    app.jinja_env.filters |= {"capitalize": _capitalized, "unbroken": unbroken}
    app.jinja_env.globals.update(
        t=_t,
        w=_w,
        cached=cache,  # what a page asks a hundred times, with few different answers
        asset=_asset,
        address_of=address_of,
        how_ended=_how_ended,
        masked=_masked,
        in_full=_in_full,
        in_duration=in_duration,
        in_seconds=in_seconds,
        say=_say,
        title_of=title_of,
        decimal=_decimal,
        htmx_settings=json.dumps(_SETTINGS),
    )
    app.context_processor(lambda: _of_the_visit(absent))


def _of_the_visit(absent: frozenset[str]) -> dict[str, Any]:
    now = visit()
    return {
        "t": _texts(now.language),
        "visit": now,
        "times": now.times,
        "user": now.user,
        "language": now.language,
        "languages": Language,
        "here": _here(),
        "navigation": entries(now.user, request.endpoint or "", absent),
        "administration": administration(request.endpoint or ""),
        "csrf_field": Markup('<input type="hidden" name="csrf" value="{}">').format(now.csrf),
    }


def _here() -> str:
    """The address of the page; of an answer to a form that of the nearest page above, where the form stands."""
    if request.method in SAFE_METHODS:
        return request.full_path.rstrip("?")
    path = request.path
    while path and not has_page(path):
        path = path.rpartition("/")[0]
    return path


def has_page(path: str) -> bool:
    """Whether a page stands at *path*: there are addresses that take forms alone."""
    return current_app.url_map.bind("").test(path, "GET")


def _t(sv: str, en: str, **values: Any) -> str:
    """A text in the language of whoever looks: for macros that do without the visit."""
    return Text(sv, en).said(visit().language, **values)


def _texts(language: Language) -> Callable[..., str]:
    """What says a text in that *language*: a page says thousands, and looks up once who is looking."""
    is_swedish = language is Language.SWEDISH

    def t(sv: str, en: str, **values: Any) -> str:
        text = sv if is_swedish else en
        return text.format(**values) if values else text

    return t


def _say(sentence: Sentence | str) -> str:
    """A sentence of the service's in the language of whoever looks; a text that was kept as it was said, too."""
    return unbroken(said(Sentence(sentence) if isinstance(sentence, str) else sentence, g.visit.language))


def _w(column: str, value: str | None) -> str:
    """What a value of the log is called."""
    return word(column, value).said(g.visit.language)


def _how_ended(call: CallRecord) -> str:
    """The word for how *call* ended, as it looks now."""
    return ending(call.disposition, call.received_at, visit().at)


def _capitalized(text: str) -> str:
    """*text* with a capital first; the others stay: `Monday 23 November`."""
    return text[:1].upper() + text[1:]


def _decimal(value: float) -> str:
    """A number with one decimal, as it is written in the language of whoever looks."""
    text = f"{value:.1f}"
    return text.replace(".", ",") if visit().language is Language.SWEDISH else text


def _masked(number: str | None) -> str:
    """A number with its middle hidden; what is no number is hidden whole."""
    if number is None:
        return "–"
    known = PhoneNumber.parse(number)
    return known.masked if known else "***"


def _in_full(number: str) -> str:
    """A number in E.164 as people read it: `+46 70 174 06 50`; of no country that there is: as it stands."""
    import phonenumbers

    international = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), international).replace("-", " ")
    except phonenumbers.NumberParseException:
        return number


def _asset(name: str) -> str:
    """The address of a file in static/: another one whenever the file changes, so that it may be kept for ever."""
    return url_for("static", filename=name, v=_version(name))


def address_of(endpoint: str, *names: str, **values: Any) -> Callable[..., str]:
    """What gives the address of row after row, which differ in *names* (texts): `url_for` looks for its way once."""
    gaps: dict[str, Any] = {name: f"~{name}~" for name in names}
    built = url_for(endpoint, **gaps, **values)
    for place, name in enumerate(names):
        built = built.replace(f"~{name}~", f"{{{place}}}")

    def address(*texts: object) -> str:
        return built.format(*[_quoted(str(text)) for text in texts])

    return address


@lru_cache(maxsize=4000)
def _quoted(text: str) -> str:
    return quote(text, safe="")


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
