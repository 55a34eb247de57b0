"""Calls: searched, counted and paged by what stands in the address; a contractor's are those offered to its company."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.ledger import companies
from callrouter.calllog.searching import COUNTED_AT_A_GLANCE, LOOKED_AT, Count, count, page
from callrouter.calllog.seen import SeenCall, seen
from callrouter.calls.writing import caller_number
from callrouter.domain.call_filter import CallFilter, Sight
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import DecidedBy, Disposition, Origin, Role, State
from callrouter.people.users import User
from callrouter.web.call_page import call_address
from callrouter.web.call_search import Search, fields_for, label, read_search, sealed_caller, sight_of
from callrouter.web.dates import BACKWARDS
from callrouter.web.pages import call
from callrouter.web.rendering import render
from callrouter.web.site import Site, signed_in, visit
from callrouter.web.texts import Text

A_PAGE = 50

NO_NUMBER = Text(
    "Det är inget telefonnummer. Skriv till exempel +46 70 174 06 50.",
    "That is no telephone number. Write one such as +46 70 174 06 50.",
)

OUTCOMES = (Disposition.ANSWERED, Disposition.UNANSWERED, Disposition.ABANDONED, Disposition.MESSAGE)
"""What a list is narrowed to with one press."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A list that is one press away, and how many calls are in it."""

    text: Text
    query: str
    count: Count
    is_here: bool


def blueprint(site: Site) -> Blueprint:
    """The list, and the page of each call."""
    routes = Blueprint("calls", __name__)

    @routes.get("/calls")
    def page() -> Response:
        user = signed_in()
        return _list(site, user, read_search(site, user, request.args))

    @routes.post("/calls/caller")
    def find_caller() -> Response:
        user = signed_in()
        search = read_search(site, user, request.form)
        schedule = site.loaded().schedule
        number = caller_number(request.form.get("number", ""), schedule.countries[0] if schedule else None)
        if number is None:
            return _list(site, user, search, NO_NUMBER)
        with site.database.writing() as connection:
            append(connection, Deed(user.name, "find-caller", "calls", {}, visit().at))
        return redirect(url_for("calls.page") + search.query(caller=sealed_caller(site, number)), 303)

    call.add_to(routes, site)
    return routes


def _list(site: Site, user: User, search: Search, error: Text | None = None) -> Response:
    sight = sight_of(user)
    if search.is_backwards:
        error = BACKWARDS
    with site.database.reading() as connection:
        values = _found(connection, search, sight) if not (search.wrong or error) else _nothing()
        known = _known(site, connection, user)
    return render(
        "calls.html",
        422 if error else 200,
        search=search,
        known=known,
        fields=fields_for(user),
        label=label,
        error=error.said(visit().language) if error else "",
        looked_at=LOOKED_AT,
        call_address=call_address,
        titles=site.titles,
        discreet=site.discreet,
        **values,
    )


def _found(connection: Connection, search: Search, sight: Sight) -> Mapping[str, Any]:
    found = page(connection, search.wanted, A_PAGE, search.cursor, sight)
    counted = cache(lambda wanted: count(connection, wanted, sight, COUNTED_AT_A_GLANCE))
    return {
        "days": _by_day(seen(each, sight) for each in found.calls),
        "newer": search.query(page=str(found.newer)) if found.newer else "",
        "older": search.query(page=str(found.older)) if found.older else "",
        "looked_back_to": found.older.received_at if found.older and len(found.calls) < A_PAGE else None,
        "count": counted(search.wanted),
        "facets": list(_facets(search, sight, counted)),
    }


def _by_day(calls: Iterable[SeenCall]) -> list[tuple[date, list[SeenCall]]]:
    """By the local date of arrival."""
    zone = visit().zone
    days = groupby(calls, lambda call: call.record.received_at.astimezone(zone).date())
    return [(day, list(of_day)) for day, of_day in days]


def _nothing() -> Mapping[str, Any]:
    return {
        "days": (),
        "newer": "",
        "older": "",
        "looked_back_to": None,
        "count": Count(0, is_exact=True),
        "facets": (),
    }


def _facets(search: Search, sight: Sight, counted: Callable[[CallFilter], Count]) -> Iterator[Facet]:
    """The same search with each outcome; what is not reviewed, and what is to be done, is for the desk."""

    def facet(text: Text, is_here: bool, wanted: CallFilter, **changed: str | None) -> Facet:  # noqa: FBT001 - two of a kind
        return Facet(text, search.query(**changed), counted(wanted), is_here)

    here = search.wanted.disposition
    yield facet(Text("Alla", "All"), here is None, search.but(disposition=None), disposition=None)
    for outcome in OUTCOMES:
        yield facet(FACETS[outcome], here is outcome, search.but(disposition=outcome), disposition=outcome.value)
    if sight.company is None:
        is_here = search.wanted.is_reviewed is False
        other = None if is_here else "no"
        yield facet(Text("Ej granskade", "Not reviewed"), is_here, search.but(is_reviewed=False), reviewed=other)
        is_here = search.wanted.has_follow_up
        other = None if is_here else "yes"
        yield facet(Text("Att följa upp", "To follow up"), is_here, search.but(has_follow_up=True), follow_up=other)


FACETS: Mapping[str, Text] = {
    Disposition.ANSWERED: Text("Besvarade", "Answered"),
    Disposition.UNANSWERED: Text("Obesvarade", "Unanswered"),
    Disposition.ABANDONED: Text("Övergivna", "Abandoned"),
    Disposition.MESSAGE: Text("Meddelanden", "Messages"),
}


def _destinations(schedule: Schedule, user: User) -> list[str]:
    """By their titles; a company is told of those alone that it has, had or will have a contract for."""
    places = list(schedule.destinations.values())
    if user.role is Role.CONTRACTOR:
        places = [each for each in places if user.company in [contract.company for contract in each.contracts]]
    return [each.name for each in sorted(places, key=lambda each: each.title)]


def _known(site: Site, connection: Connection, user: User) -> Mapping[str, Any]:
    """What can be chosen from, by the name of its field."""
    schedule = site.loaded().schedule
    is_company = user.role is Role.CONTRACTOR
    return {
        "unit": site.titles,
        "destination": _destinations(schedule, user) if schedule else (),
        "person": sorted(schedule.people) if schedule and not is_company else (),
        "category": schedule.review.categories if schedule else (),
        "company": () if is_company else companies(connection),
        "disposition": list(Disposition),
        "state": list(State),
        "decided_by": list(DecidedBy),
        "origin": list(Origin),
    }
