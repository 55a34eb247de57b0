"""Exports: calls as a file, made beside the pages, fetched by whoever asked for it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from callrouter.calllog import tasks
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.export import Format, Order
from callrouter.calllog.export.research import ResearchOrder
from callrouter.calllog.windows import Bounds, logged_period
from callrouter.domain.call_filter import CallFilter
from callrouter.domain.words import Disposition, Role, State
from callrouter.tasks import works
from callrouter.tasks.folder import file_of
from callrouter.tasks.runner import TooManyError, Wish
from callrouter.web.call_search import FIELDS, label, read_search
from callrouter.web.dates import typed_days
from callrouter.web.refused import Refused
from callrouter.web.rendering import part_of, render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.task_list import EXPORTS, task_list
from callrouter.web.texts import Text

TOO_MANY = Text(
    "Du har redan fem uttag på gång. Vänta tills något är klart, eller avbryt ett.",
    "You have five tasks under way already. Wait until one is done, or stop one.",
)
_NOTHING = Text("Det finns inga samtal i loggen än.", "There are no calls in the log yet.")
_UNKNOWN = Text("Välj bland alternativen.", "Choose one of the options.")
_IN_THE_LIST = ("destination", "person", "decided_by", "origin", "answered", "follow_up", "caller")
"""What the form has no field for: it comes from a list of calls, is shown, and goes along."""


def blueprint(site: Site) -> Blueprint:
    """The form, the list, and the files."""
    routes = Blueprint("exports", __name__)

    @routes.get("/exports")
    def page() -> Response:
        try:
            _wanted(site, request.args)
        except Refused as refused:
            return _page(site, refused.text)
        return _page(site, None)

    @routes.post("/exports")
    def ask() -> Response:
        return _begun(site, _calls)

    @routes.post("/exports/research")
    def ask_research() -> Response:
        return _begun(site, _research)

    @routes.post("/exports/<key>")
    def fetch(key: str) -> Response:
        return _file(site, key)

    return routes


def _page(site: Site, error: Text | None) -> Response:
    part, _ = part_of("part_tasks.html", **task_list(site, "exports"))
    schedule = site.loaded().schedule
    return render(
        "exports.html",
        422 if error else 200,
        part=part,
        typed=dict.fromkeys((*FIELDS, "rows"), "") | request.values.to_dict(),
        asked=read_search(site, signed_in(), request.values),
        in_the_list=_IN_THE_LIST,
        label=label,
        formats=_formats(),
        units=schedule.units.values() if schedule else (),
        companies=schedule.companies if schedule else (),
        categories=schedule.review.categories if schedule else (),
        dispositions=list(Disposition),
        states=list(State),
        error=error.said(visit().language) if error else "",
    )


def _formats() -> list[Format]:
    """Those that can be made here: Parquet needs a library."""
    return [each for each in Format if each is not Format.PARQUET or find_spec("pyarrow")]


def _begun(site: Site, wished: Any) -> Response:
    try:
        site.tasks.begin(wished(site))
    except Refused as refused:
        return _page(site, refused.text)
    except TooManyError:
        return _page(site, TOO_MANY)
    return redirect(url_for("exports.page") + "#tasks", 303)


def _calls(site: Site) -> Wish:
    user, form = signed_in(), request.form
    shows_numbers = form.get("numbers") == "yes"
    if shows_numbers and user.role is not Role.ADMINISTRATOR:
        abort(403)
    chosen = _chosen(Format, form.get("format", ""))
    if chosen not in _formats():
        raise Refused(_UNKNOWN)
    wanted, legs = _wanted(site, form), form.get("rows") == "legs"
    period = _period(site, wanted)
    name = _name("legs" if legs else "calls", period, site)
    order = Order(period, Path(f"{name}.{chosen.value}"), chosen, wanted, legs=legs, show_numbers=shows_numbers)
    return works.export_of(site.settings.storage.database_url, order, user.name)


def _research(site: Site) -> Wish:
    wanted = _wanted(site, request.form)
    period = _period(site, wanted)
    folder = Path(_name("research", period, site))
    order = ResearchOrder(period, folder, site.zone, wanted.unit, site.origin)
    return works.research_of(site.settings.storage.database_url, order, signed_in().name)


def _period(site: Site, wanted: CallFilter) -> Bounds:
    """The period that is *wanted*; where an end is left open, that of the log."""
    since, until = wanted.since, wanted.until
    with site.database.reading() as connection:
        logged = logged_period(connection)
    if logged is None and (since is None or until is None):
        raise Refused(_NOTHING)
    first, last = logged or (since, until)
    start, end = since or first, until or last
    if start is None or end is None:
        raise Refused(_NOTHING)
    return start, max(start, end)


def _wanted(site: Site, given: Mapping[str, str]) -> CallFilter:
    """The calls that are asked for, as a list of them is asked; whole days."""
    since, until = typed_days(given.get("since", ""), given.get("until", ""), site.zone)
    search = read_search(site, signed_in(), given)
    if search.wrong:
        raise Refused(_UNKNOWN)
    return replace(search.wanted, since=since, until=until)


def _chosen(kind: Any, text: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise Refused(_UNKNOWN) from None


def _name(what: str, period: Bounds, site: Site) -> str:
    first, last = (_day(site, at) for at in (period[0], max(period[0], period[1] - datetime.resolution)))
    return f"{what}-{first}" if first == last else f"{what}-{first}--{last}"


def _day(site: Site, at: datetime) -> str:
    return f"{at.astimezone(site.zone):%Y-%m-%d}"


def _file(site: Site, key: str) -> Response:
    """The file of one's own export. That it was fetched stands in the audit log before it leaves."""
    user, at = signed_in(), visit().at
    with site.database.reading() as connection:
        task = tasks.find(connection, key)
    file = file_of(site.tasks.folder, task, at) if task and task.by == user.name else None
    if task is None or file is None or task.kind not in EXPORTS:
        abort(404)
    with site.database.writing() as connection:
        append(connection, Deed(user.name, "export-fetch", f"task {key}", {"file": file.name}, at))
    response = send_file(file.resolve(), as_attachment=True, download_name=file.name, conditional=False)
    response.headers["Cache-Control"] = "no-store"
    return response
