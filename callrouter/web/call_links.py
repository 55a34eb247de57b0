"""Links to the page of a call, where this service has one."""

from datetime import date

from flask import current_app, url_for


def call_link(day: date, call_id: str) -> str | None:
    """The address of the call's own page."""
    if "calls.call" not in current_app.view_functions:
        return None
    return url_for("calls.call", day=day, call_id=call_id)
