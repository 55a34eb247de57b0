"""Retention: what is older than decided, a run by hand, and the protocol of what was destroyed."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callrouter.calllog.destruction import COLUMNS, line_of, protocol
from callrouter.calllog.spreadsheet import as_csv
from callrouter.domain.retention import due
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Retained
from callrouter.tasks import works
from callrouter.tasks.runner import TooManyError, Wish
from callrouter.web.dates import typed_days
from callrouter.web.pages.exports import TOO_MANY
from callrouter.web.refused import Refused
from callrouter.web.rendering import part_of, render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.task_list import task_list
from callrouter.web.texts import Text

_NOT_SURE = Text(
    "Kryssa för att du vet vad som gallras: det kommer aldrig tillbaka.",
    "Tick that you know what is deleted: it never comes back.",
)
_NO_SCHEDULE = Text(
    "Inget schema gäller, så inget beslut heller: ingenting gallras.",
    "No schedule is in force, so no decision: nothing is deleted.",
)


def blueprint(site: Site) -> Blueprint:
    """The preview with its button, and the protocol."""
    routes = Blueprint("retention", __name__, url_prefix="/administration/retention")

    @routes.get("")
    def page() -> AnyResponse:
        return _page(site, None)

    @routes.post("")
    def run() -> AnyResponse:
        return _run(site)

    @routes.get("/protocol")
    def protocol() -> AnyResponse:
        return _protocol(site)

    @routes.get("/protocol.csv")
    def protocol_csv() -> AnyResponse:
        with site.database.reading() as connection:
            lines = [line_of(row, site.zone) for row in protocol_of(connection, _since(site))]
        head = {"Content-Disposition": "attachment; filename=protocol.csv"}
        return Response(as_csv(COLUMNS, lines), content_type="text/csv; charset=utf-8", headers=head)

    @routes.post("/preview")
    def count() -> AnyResponse:
        return _begun(
            site,
            lambda schedule: works.preview_of(
                site.settings.storage.database_url, due(schedule, visit().at), signed_in().name
            ),
        )

    return routes


protocol_of = protocol


def _page(site: Site, error: Text | None) -> AnyResponse:
    schedule, at = site.loaded().schedule, visit().at
    dues = due(schedule, at) if schedule else ()
    undecided = [what for what in Retained if what not in {each.what for each in dues if each.unit is None}]
    preview, _ = part_of("part_tasks.html", **task_list(site, "preview"))
    runs, _ = part_of("part_tasks.html", **task_list(site, "retention"))
    values = {"dues": dues, "undecided": undecided, "preview": preview, "runs": runs, "titles": site.titles}
    said = error.said(visit().language) if error else ""
    return render("retention.html", 422 if error else 200, error=said, **values)


def _run(site: Site) -> AnyResponse:
    if request.form.get("sure") != "yes":
        return _page(site, _NOT_SURE)
    who, at = signed_in().name, visit().at
    return _begun(site, lambda schedule: works.retention_of(site.database, site.account, due(schedule, at), who, at))


def _begun(site: Site, wished: Callable[[Schedule], Wish]) -> AnyResponse:
    schedule = site.loaded().schedule
    if schedule is None:
        return _page(site, _NO_SCHEDULE)
    try:
        site.tasks.begin(wished(schedule))
    except TooManyError:
        return _page(site, TOO_MANY)
    return redirect(url_for("retention.page"), 303)


def _protocol(site: Site) -> AnyResponse:
    since = _since(site)
    with site.database.reading() as connection:
        rows = protocol_of(connection, since)
    typed = request.args.get("from", "")
    return render("protocol.html", rows=rows, typed=typed if since else "")


def _since(site: Site) -> datetime | None:
    """From which day on, as the address says; what is no date asks for all."""
    try:
        return typed_days(request.args.get("from", ""), "", site.zone)[0]
    except Refused:
        return None
