"""The audit log: who did what, when; and whether anybody changed what stands there."""

import re
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog.audit import AuditFilter, page
from callrouter.tasks import works
from callrouter.tasks.runner import TooManyError
from callrouter.web.dates import typed_days
from callrouter.web.deeds import DEEDS, deed
from callrouter.web.fact_words import facts_said, subject_said
from callrouter.web.pages.exports import TOO_MANY
from callrouter.web.refused import Refused
from callrouter.web.rendering import part_of, render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.task_list import task_list
from callrouter.web.texts import Text

SIZE = 50
_FIELDS = ("who", "what", "from", "to")
_MOST_DIGITS = 15
_HASH = re.compile(r"[0-9a-f]{64}")
_NO_HASH = Text(
    "En kontrollsumma har 64 tecken, siffror och a till f. Den som skrevs in är ingen.",
    "A hash has 64 characters, digits and a to f. What was typed is none.",
)


def blueprint(site: Site) -> Blueprint:
    """The list, and the check of its chain."""
    routes = Blueprint("audit", __name__, url_prefix="/administration")

    @routes.get("/audit")
    def page() -> Response:
        return _page(site, None)

    @routes.post("/audit/check")
    def check() -> Response:
        noted = request.form.get("noted", "").strip().lower()
        if noted and not _HASH.fullmatch(noted):
            return _page(site, _NO_HASH)
        try:
            site.tasks.begin(works.audit_check_of(site.settings.storage.database_url, signed_in().name, noted or None))
        except TooManyError:
            return _page(site, TOO_MANY)
        return redirect(url_for("audit.page"), 303)

    return routes


def _page(site: Site, error: Text | None) -> Response:
    typed = {name: request.args.get(name, "").strip() for name in _FIELDS}
    try:
        since, until = typed_days(typed["from"], typed["to"], site.zone)
    except Refused as refused:
        since, until, error = None, None, refused.text
    wanted = AuditFilter(typed["who"] or None, typed["what"] or None, since, until)
    with site.database.reading() as connection:
        found = page(connection, wanted, SIZE, before=_place("before"), after=_place("after"))
    part, _ = part_of("part_tasks.html", **task_list(site, "audit"))
    asked = {name: value for name, value in typed.items() if value}
    return render(
        "audit.html",
        422 if error else 200,
        found=found,
        typed=typed,
        noted=request.form.get("noted", ""),
        is_no_hash=error is _NO_HASH,
        asked=asked,
        part=part,
        **_words(error),
    )


def _words(error: Text | None) -> dict[str, Any]:
    """What deeds are called, in the order of the alphabet; and what is wrong."""
    language = visit().language
    deeds = sorted(((action, text.said(language)) for action, text in DEEDS.items()), key=lambda known: known[1])
    return {
        "deeds": deeds,
        "deed_said": deed,
        "facts_said": facts_said,
        "subject_said": subject_said,
        "error": error.said(language) if error else "",
    }


def _place(name: str) -> int | None:
    """The number of an entry, from the address; what is none is not asked."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS else None
