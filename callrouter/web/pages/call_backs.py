"""Calling back: who reached nobody, and which colleague calls them right now."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from callrouter.calllog import calling_back
from callrouter.calllog.missed import waiting
from callrouter.calllog.projection import Key
from callrouter.domain.call_back import CallBack
from callrouter.web.notices import notice
from callrouter.web.pages import call_back
from callrouter.web.pages.call_back import act_now, choice, query, to_list
from callrouter.web.rendering import part_of, render, render_part
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

HELD = Text("{who} ringer redan upp, sedan {time}.", "{who} is calling back already, since {time}.")


def blueprint(site: Site) -> Blueprint:
    """The list, and the page of whoever calls back."""
    routes = Blueprint("call_backs", __name__)

    @routes.get("/call-backs")
    def page() -> Response:
        return _page(site)

    @routes.get("/call-backs/list")
    def list_() -> Response:
        return render_part("part_call_backs.html", **_listed(site))

    @routes.post("/call-backs/<day>/<call_id>/take")
    def take(day: str, call_id: str) -> Response:
        with site.database.writing() as connection:
            held = calling_back.take(connection, _key(day, call_id), act_now())
        if held and held.taken.who == signed_in().name:
            return redirect(url_for("call_backs.form", number=held.id, **query()), 303)
        return _page(site, held) if held else to_list("call-back-over")

    @routes.post("/call-backs/<day>/<call_id>/settle")
    def settle(day: str, call_id: str) -> Response:
        with site.database.writing() as connection:
            held = calling_back.settle(connection, _key(day, call_id), act_now())
        if held and held.taken.who != signed_in().name:
            return _page(site, held)
        return to_list("call-back-settled" if held else "call-back-over")

    call_back.add_to(routes, site)
    return routes


def _page(site: Site, held: CallBack | None = None) -> Response:
    """The list; *held*: somebody else has what was asked for."""
    part, _ = part_of("part_call_backs.html", **_listed(site))
    error = HELD.said(visit().language, who=held.taken.who, time=visit().times.clock(held.taken.at)) if held else ""
    return render(
        "call_backs.html",
        409 if held else 200,
        part=part,
        error=error,
        notice=notice(),
        titles=site.titles,
        **choice(),
    )


def _listed(site: Site) -> Mapping[str, Any]:
    chosen, at = choice(), visit().at
    with site.database.reading() as connection:
        found = waiting(connection, site.origin, at, chosen["unit"] or None, oldest_first=bool(chosen["order"]))
    if chosen["unit"] and site.titles and chosen["unit"] not in site.titles and not found.callers:
        abort(404)
    return {
        "now": [each for each in found.open if not each.later(at)],
        "later": sorted((each for each in found.open if each.later(at)), key=lambda each: each.later(at) or at),
        "answered": found.answered,
        "is_whole": found.is_whole,
        "discreet": site.discreet,
        "titles": site.titles,
        "at": at,
        "asked": query(),
    }


def _key(day: str, call_id: str) -> Key:
    try:
        return date.fromisoformat(day), call_id
    except ValueError:
        abort(404)
