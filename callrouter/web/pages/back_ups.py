"""Back-ups of an SQLite database: made, listed, checked."""

from pathlib import Path

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from callrouter.calllog.backup import back_ups, named
from callrouter.tasks import works
from callrouter.tasks.runner import TooManyError, Wish
from callrouter.web.pages.exports import TOO_MANY
from callrouter.web.rendering import part_of, render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.task_list import task_list
from callrouter.web.texts import Text


def blueprint(site: Site) -> Blueprint:
    """The list with its buttons. No file leaves by a browser: all callers' numbers are in it."""
    routes = Blueprint("back_ups", __name__, url_prefix="/administration/back-ups")

    @routes.get("")
    def page() -> Response:
        return _page(site, None)

    @routes.post("")
    def make() -> Response:
        database = _file(site)
        return _begun(site, works.back_up_of(database, named(database, visit().at), signed_in().name))

    @routes.post("/check")
    def check() -> Response:
        wanted = request.form.get("file", "")
        known = {path.name: path for path in back_ups(_file(site))}
        if wanted not in known:
            abort(404)
        return _begun(site, works.check_of(known[wanted], signed_in().name))

    return routes


def _page(site: Site, error: Text | None) -> Response:
    database = site.database.path
    known = [(path.name, path.stat()) for path in back_ups(database)] if database else []
    part, _ = part_of("part_tasks.html", **task_list(site, "back-ups"))
    values = {"files": known, "database": database, "part": part, "command": _command(site)}
    said = error.said(visit().language) if error else ""
    return render("back_ups.html", 422 if error else 200, error=said, **values)


def _begun(site: Site, wish: Wish) -> Response:
    try:
        site.tasks.begin(wish)
    except TooManyError:
        return _page(site, TOO_MANY)
    return redirect(url_for("back_ups.page"), 303)


def _file(site: Site) -> Path:
    """The SQLite file. PostgreSQL has tools of its own."""
    if site.database.path is None:
        abort(404)
    return site.database.path


def _command(site: Site) -> str:
    """What backs PostgreSQL up."""
    return "" if site.database.path else f"pg_dump --format=custom --file=callrouter.dump '{site.database.libpq_url}'"
