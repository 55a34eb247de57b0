"""The page of one call: its course, why it went where it went, and what people say of it."""

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.calllog.audit import Deed, append
from callrouter.web.call_page import CallPage
from callrouter.web.pages import call_changes, call_messages
from callrouter.web.rendering import render_part
from callrouter.web.site import Site, visit


def add_to(routes: Blueprint, site: Site) -> None:
    """Add the page, its live part, and the number of whoever called."""

    @routes.get("/calls/<day>/<call_id>")
    def call(day: str, call_id: str) -> Response:
        here = CallPage.asked(site, day, call_id)
        return here.shown(granted=call_messages.granted(here))

    @routes.get("/calls/<day>/<call_id>/now")
    def now(day: str, call_id: str) -> Response:
        return render_part("part_call.html", **CallPage.asked(site, day, call_id).live_values())

    @routes.post("/calls/<day>/<call_id>/number")
    def show_number(day: str, call_id: str) -> Response:
        """Shown in the answer itself: a number never stands in an address. That it is stands in the audit log first."""
        here = CallPage.asked(site, day, call_id)
        with site.database.writing() as connection:
            number = here.row(connection).number
            if number:
                append(connection, Deed(here.user.name, "show-numbers", f"call {call_id}", {"calls": 1}, visit().at))
        return here.shown(number=number or "")

    call_changes.add_to(routes, site)
    call_messages.add_to(routes, site)
