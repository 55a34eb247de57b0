"""The administration's front page, the settings, and how the service is doing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint
from werkzeug.wrappers import Response

from callrouter.calllog.holds import holds
from callrouter.calllog.job_concerns import lasting
from callrouter.checks.disks import TOO_LITTLE_BYTES, FileSystem, file_systems
from callrouter.people import sessions, users
from callrouter.swedish import said
from callrouter.web.concerns import concerns
from callrouter.web.fact_words import PARTS, facts_said
from callrouter.web.rendering import part_of, render, render_part
from callrouter.web.setting_words import SETTINGS
from callrouter.web.shown_setting import Shown
from callrouter.web.site import Site, visit

_SHOWN_BESIDES = {"jobs", "free_bytes", "age_seconds"}


def blueprint(site: Site) -> Blueprint:
    """What an administrator looks at first."""
    routes = Blueprint("administration", __name__, url_prefix="/administration")

    @routes.get("")
    def page() -> Response:
        return _overview(site)

    @routes.get("/settings")
    def settings() -> Response:
        shown = [_as_shown(each, site) for each in SETTINGS]
        return render("settings.html", shown=shown, is_demo=site.settings.phone_network)

    @routes.get("/health")
    def health() -> Response:
        part, _ = part_of("part_health.html", **_health(site))
        return render("health.html", part=part)

    @routes.get("/health/now")
    def health_now() -> Response:
        return render_part("part_health.html", **_health(site))

    return routes


def _overview(site: Site) -> Response:
    with site.database.reading() as connection:
        known = users.users(connection)
        signed_in = len(sessions.lasting(connection, visit().at))
        held = len(holds(connection))
        found = concerns(site.loaded(), site.conditions, lasting(connection, visit().at), visit().at)
    organisation = site.settings.web.organisation
    meanings = {each.name: each.meaning for each in SETTINGS}
    untold = [
        (name, meanings[name])
        for name, value in (
            ("CALLROUTER_ORGANISATION", organisation.name),
            ("CALLROUTER_CONTACT", organisation.contact),
            ("CALLROUTER_DATA_PROTECTION_OFFICER", organisation.data_protection_officer),
            ("CALLROUTER_LEGAL_BASIS", organisation.legal_basis),
            ("CALLROUTER_ACCESSIBILITY_ASSESSED", organisation.assessed),
        )
        if value is None
    ]
    has_provider = site.identity_provider is not None
    can = sum(user.can_sign_in(has_provider=has_provider) for user in known)
    values: dict[str, Any] = {"can_sign_in": can, "signed_in": signed_in, "held": held, "untold": untold}
    return render("administration_overview.html", concerns=found, **values)


def _as_shown(each: Shown, site: Site) -> Mapping[str, Any]:
    """A setting with its value, unless that is a secret, and where it comes from."""
    value = each.text(site.settings)
    is_told = each.name in site.settings.told
    return {"name": each.name, "meaning": each.meaning, "is_secret": each.is_secret, "value": value, "is_told": is_told}


def _health(site: Site) -> Mapping[str, Any]:
    told = {name: dict(condition()) for name, condition in site.conditions.items()}
    parts = [(name, _part(name), part.pop("ok"), facts_said(_facts(site, name, part))) for name, part in told.items()]
    parts.sort(key=lambda part: bool(part[2]))  # what is wrong comes first
    return {"parts": parts, "jobs": site.jobs(), "disks": _disks(site), "too_little": TOO_LITTLE_BYTES}


def _part(name: str) -> str:
    return PARTS[name].said(visit().language) if name in PARTS else name


def _facts(site: Site, name: str, part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a part tells of itself, as /readyz names it, without what the page shows besides."""
    facts = {fact: value for fact, value in part.items() if fact not in _SHOWN_BESIDES}
    if name == "schedule":
        loaded, language = site.loaded(), visit().language
        facts |= {"errors": [said(problem.sentence, language) for problem in loaded.errors]}
        facts |= {"warnings": [said(problem.sentence, language) for problem in loaded.warnings]}
    return facts


def _disks(site: Site) -> Sequence[FileSystem]:
    """What data is kept on."""
    storage = site.settings.storage
    places = {"data": storage.data_dir, "spool": storage.spool_dir, "database": site.database.path}
    return file_systems({name: place for name, place in places.items() if place})
