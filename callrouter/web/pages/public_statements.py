"""What the law wants everybody to be told: how personal data is handled, and how accessible the pages are.

Both are made of the settings and the schedule in force, so that they say what is so. The accessibility statement has
what the law on accessibility to digital public service (2018:1937), section 13, and Digg's regulations ask for.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.domain.schedule import Schedule
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import Retained
from callrouter.web.caching import public
from callrouter.web.rendering import render
from callrouter.web.site import Site, visit

_ADDRESS = re.compile(r"https?://\S+")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_NUMBER = re.compile(r"\+?[0-9][0-9 -]{4,}")


def blueprint(site: Site) -> Blueprint:
    """The two statements, as everybody may read them."""
    routes = Blueprint("public_statements", __name__)

    @routes.get("/data-protection")
    def data_protection() -> Response:
        return public(render("data_protection.html", **_of_data(site)))

    @routes.get("/accessibility")
    def accessibility() -> Response:
        organisation = site.settings.web.organisation
        contact = link_of(organisation.contact)
        return public(render("accessibility.html", organisation=organisation, contact=contact))

    return routes


def link_of(contact: str | None) -> tuple[str, str] | None:
    """A way to reach somebody as it is written, and the address that a click goes to; "" where it is no address."""
    if contact is None:
        return None
    if _ADDRESS.fullmatch(contact):
        return contact, contact
    if _MAIL.fullmatch(contact):
        return contact, f"mailto:{contact}"
    if _NUMBER.fullmatch(contact):
        return contact, "tel:" + re.sub(r"[^0-9+]", "", contact)
    return contact, ""


def _of_data(site: Site) -> Mapping[str, Any]:
    organisation, schedule = site.settings.web.organisation, site.loaded().schedule
    return {
        "organisation": organisation,
        "contact": link_of(organisation.contact),
        "officer": link_of(organisation.data_protection_officer),
        "kept": _kept(site, schedule) if schedule else [],
        "of_units": [unit for unit in schedule.units.values() if unit.recordings_kept] if schedule else [],
        "nameless": [unit for unit in schedule.units.values() if not unit.keeps_numbers] if schedule else [],
        "provider": site.carrier,
        "companies": _companies(schedule) if schedule else [],
        "is_known": schedule is not None,
    }


def _kept(site: Site, schedule: Schedule) -> list[tuple[Retained, Any]]:
    """Each class of data with the rule that holds for it today; None: nobody has decided."""
    today = wall_time(visit().at, site.zone).date()
    rules = {rule.what: rule for rule in schedule.retention if rule.decided_on <= today}
    return [(what, rules.get(what)) for what in Retained]


def _companies(schedule: Schedule) -> list[str]:
    """Who answers calls by a contract now."""
    contracts = [contract for place in schedule.destinations.values() for contract in place.contracts]
    return sorted({each.company for each in contracts if each.span.covers(visit().at)})
