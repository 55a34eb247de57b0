"""Users: who may sign in, as what."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from callrouter.domain.words import Role
from callrouter.people import links, sessions, users
from callrouter.people.users import By, Reason, User, UserError
from callrouter.web.notices import notice
from callrouter.web.refused import Refused
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

REASONS: Mapping[Reason, Text] = {
    Reason.NO_NAME: Text(
        "Ett namn har 1 till 60 bokstäver, siffror och . _ @ + -, inga mellanslag.",
        "A name has 1 to 60 letters, digits and . _ @ + -, no blanks.",
    ),
    Reason.TAKEN: Text("Det finns redan en användare med det namnet.", "There is a user of that name already."),
    Reason.UNKNOWN: Text("Det finns ingen sådan användare.", "There is no such user."),
    Reason.DISABLED: Text("Användaren är redan avstängd.", "The user is disabled already."),
    Reason.ENABLED: Text("Användaren är inte avstängd.", "The user is not disabled."),
    Reason.NEEDS_COMPANY: Text("Välj vilket företag användaren hör till.", "Choose the company of the user."),
    Reason.NEEDS_NO_COMPANY: Text(
        "Bara ett bevakningsföretags användare hör till ett företag.", "Only a contractor belongs to a company."
    ),
    Reason.HAS_WRITTEN: Text(
        "Användaren har skrivit anteckningar, som då skulle byta läsare. Lägg till en användare med ett annat namn, och"
        " stäng av den här.",
        "The user has written notes, which would change readers. Add a user of another name, and disable this one.",
    ),
    Reason.NO_LINK: Text(
        "Användaren är avstängd. Låt personen logga in igen, och gör länken sedan.",
        "The user is disabled. Let them sign in again, and make the link then.",
    ),
}
OWN = Text(
    "Din egen roll kan du inte ta ifrån dig. Be en annan administratör.",
    "You cannot take your own role away. Ask another administrator.",
)
_NO_ROLE = Text("Välj en roll.", "Choose a role.")


def blueprint(site: Site) -> Blueprint:
    """The list, and a page for each."""
    routes = Blueprint("users", __name__, url_prefix="/administration/users")

    @routes.get("")
    def page() -> Response:
        return _page(site, None)

    @routes.post("")
    def add() -> Response:
        return _added(site)

    @routes.get("/<name>")
    def user(name: str) -> Response:
        return _user(site, name, None)

    @routes.post("/<name>")
    def change(name: str) -> Response:
        return _done(site, name, "user-changed", lambda connection, by: _change(connection, name, by))

    @routes.post("/<name>/disable")
    def disable(name: str) -> Response:
        return _done(site, name, "user-disabled", lambda connection, by: _disable(connection, name, by))

    @routes.post("/<name>/enable")
    def enable(name: str) -> Response:
        return _done(site, name, "user-enabled", lambda connection, by: users.enable(connection, name, by))

    @routes.post("/<name>/link")
    def reset(name: str) -> Response:
        return _linked(site, name)

    return routes


def _page(site: Site, error: Text | None) -> Response:
    with site.database.reading() as connection:
        known = users.users(connection)
    has_provider = site.identity_provider is not None
    values: dict[str, Any] = {"users": known, "typed": request.form, "companies": _companies(site), "roles": list(Role)}
    values |= {
        "has_provider": has_provider,
        "can": {each for each in known if each.can_sign_in(has_provider=has_provider)},
    }
    said = error.said(visit().language) if error else ""
    return render("users.html", 422 if error else 200, error=said, notice=notice(), **values)


def _user(site: Site, name: str, error: Text | None) -> Response:
    with site.database.reading() as connection:
        shown = users.find(connection, name)
        if shown is None:
            abort(404)
        browsers = sessions.count(connection, shown.name, visit().at)
    companies = sorted({*_companies(site), *filter(None, [shown.company])})
    can = shown.can_sign_in(has_provider=site.identity_provider is not None)
    values = {"shown": shown, "can_sign_in": can, "companies": companies, "roles": list(Role), "browsers": browsers}
    said = error.said(visit().language) if error else ""
    return render("user.html", 422 if error else 200, error=said, notice=notice(), **values)


def _added(site: Site) -> Response:
    """Add a user, and show the link at which they set a password: here, and never again."""
    try:
        role, company = _role()
        with site.database.writing() as connection:
            user = users.add(connection, request.form.get("name", ""), role, company, _by())
            secret = links.made(connection, user.name, _by())
    except (Refused, UserError) as error:
        return _page(site, _said(error))
    return _link(site, user, secret, is_new=True)


def _linked(site: Site, name: str) -> Response:
    try:
        with site.database.writing() as connection:
            secret = links.made(connection, name, _by())
            user = users.required(connection, name)
            site.door.forget_attempts(connection, user.name)
    except UserError as error:
        return _user(site, name, _said(error))
    return _link(site, user, secret, is_new=False)


def _link(site: Site, user: User, secret: str, *, is_new: bool) -> Response:
    address = site.public_url + url_for("welcome.form", secret=secret)
    hours = int(links.LASTS.total_seconds() // 3600)
    return render("user_link.html", shown=user, address=address, hours=hours, is_new=is_new)


def _done(site: Site, name: str, done: str, work: Callable[[Connection, By], Any]) -> Response:
    try:
        with site.database.writing() as connection:
            work(connection, _by())
    except (Refused, UserError) as error:
        return _user(site, name, _said(error))
    return redirect(url_for("users.user", name=name, done=done), 303)


def _change(connection: Connection, name: str, by: By) -> None:
    role, company = _role()
    if name == by.who and role is not Role.ADMINISTRATOR:
        raise Refused(OWN)
    users.change(connection, name, role, company, by)


def _disable(connection: Connection, name: str, by: By) -> None:
    if name == by.who:
        raise Refused(OWN)
    users.disable(connection, name, by)


def _role() -> tuple[Role, str | None]:
    """The role that was chosen, and the company where the role has one."""
    if request.form.get("role") not in set(Role):
        raise Refused(_NO_ROLE)
    role = Role(request.form["role"])
    return role, (request.form.get("company") or None) if role is Role.CONTRACTOR else None


def _said(error: Refused | UserError) -> Text:
    return error.text if isinstance(error, Refused) else REASONS[error.reason]


def _by() -> By:
    return By(signed_in().name, visit().at)


def _companies(site: Site) -> list[str]:
    """Those of the schedule's contracts."""
    schedule = site.loaded().schedule
    return schedule.companies if schedule else []
