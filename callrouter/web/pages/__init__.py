"""The pages, one module a family: each gives a blueprint; its endpoints stand in web/access.py."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from callrouter.web import api, auth, faults, rendering
from callrouter.web.pages import (
    account,
    administration,
    audit,
    back_ups,
    by_hand,
    call_backs,
    calls,
    company,
    disputes,
    exports,
    hand_over,
    holds,
    home,
    language,
    opening_hours,
    phone_network,
    provider,
    public_statements,
    reports,
    retention,
    schedule,
    schedule_edit,
    schedule_history,
    sessions,
    sign_in,
    statements,
    tasks,
    today,
    users,
    welcome,
)
from callrouter.web.site import Site

Family = Callable[[Site], Blueprint]

FAMILIES: tuple[Family, ...] = (
    home.blueprint,
    today.blueprint,
    calls.blueprint,
    by_hand.blueprint,
    call_backs.blueprint,
    hand_over.blueprint,
    company.blueprint,
    schedule.blueprint,
    schedule_edit.blueprint,
    schedule_history.blueprint,
    reports.blueprint,
    statements.blueprint,
    disputes.blueprint,
    phone_network.blueprint,
    account.blueprint,
    sign_in.blueprint,
    provider.blueprint,
    welcome.blueprint,
    language.blueprint,
    opening_hours.blueprint,
    public_statements.blueprint,
    exports.blueprint,
    tasks.blueprint,
    administration.blueprint,
    users.blueprint,
    sessions.blueprint,
    audit.blueprint,
    retention.blueprint,
    holds.blueprint,
    back_ups.blueprint,
    api.blueprint,
)

MOST_BYTES = 64_000
"""A form of these pages has some hundred bytes; a family that needs more says so itself."""

_YEAR = 365 * 24 * 3600


class _Number(IntegerConverter):
    """The number of a row; of one that no row will ever have there is no page, whatever is done there.

    A pattern, not a limit: what fails a limit has matched before that, and is answered as a wrong method.
    """

    regex = r"\d{1,9}"


def create_pages(site: Site, families: Iterable[Family] = FAMILIES) -> Flask:
    """Put the pages together: a Flask application of their own, none of whose hooks a webhook ever meets."""
    app = Flask("callrouter.web")
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=100,
        SEND_FILE_MAX_AGE_DEFAULT=_YEAR,
        APPLICATION_ROOT=urlsplit(site.public_url).path or "/",
    )
    app.url_map.converters["int"] = _Number
    app.url_map.merge_slashes = False  # `//x` is no page, and no reason to send anybody anywhere
    rendering.prepare(app, frozenset() if site.network else frozenset({"phone_network.page"}), site.title_of)
    faults.prepare(app, site)
    app.before_request(lambda: auth.admit(site))
    app.after_request(lambda response: auth.sealed_up(site, response))
    for family in families:
        app.register_blueprint(family(site))
    if site.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=site.proxies)  # type: ignore[method-assign]
    return app
