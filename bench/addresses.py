"""Which pages bench/pages.py looks at: for each route that shows something an address, or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from callrouter.domain.words import Role

Looking = Role | None
"""Who looks: a user, or (None) a program and whoever is not signed in."""

UNIT = "unit-03"
COMPANY = "Bolag 4 AB"

LEFT_OUT: Mapping[str, str] = {
    "static": "a file, not a page",
    "home.home": "leads on to another page",
    "provider.there": "leads on to the identity provider",
    "provider.back": "leads on from the identity provider",
    "calls.message": "its time is that of the provider, who keeps the message",
    "phone_network.page": "only there under --phone-network, and asks no log",
    "phone_network.call": "only there under --phone-network, and asks no log",
    "phone_network.now": "only there under --phone-network, and asks no log",
}
"""The routes that are not looked at, and why."""


@dataclass(frozen=True, slots=True)
class There:
    """What there is to look at on the day *today*: the newest call of the unit, two that were offered to the company.

    *call_back*, *dispute*, *version*, *user* and *link* name rows that bench/site.py puts there meanwhile.
    """

    today: date
    call: tuple[date, str]
    of_company: tuple[date, str]
    call_back: int
    dispute: int
    version: str
    user: str
    link: str


def addresses(there: There) -> Mapping[Looking, tuple[str, ...]]:
    """All of them, by whom they are looked at."""
    return {
        Role.ADMINISTRATOR: (
            *_of_calls(there),
            *_of_the_schedule(there),
            *_looking_back(there),
            *_administration(there),
        ),
        Role.CONTRACTOR: _of_contractors(there),
        None: (*_for_everybody(there), *_for_programs(there)),
    }


def _of_calls(there: There) -> tuple[str, ...]:
    day, call_id = there.call
    return (
        *("/today", "/today/units", "/today/calls", "/today/desk"),
        *("/call-backs", "/call-backs/list", f"/call-backs/{there.call_back}"),
        *("/hand-over", f"/hand-over?unit={UNIT}"),
        *("/calls", f"/calls?unit={UNIT}&disposition=unanswered", "/calls?state=closed"),
        *(f"/calls/{day}/{call_id}", f"/calls/{day}/{call_id}/now"),
        *("/exports", "/exports/now", "/account"),
    )


def _of_the_schedule(there: There) -> tuple[str, ...]:
    at = f"{there.today - timedelta(days=30)}T22:30"
    return (
        *(f"/schedule?unit={UNIT}", f"/schedule?unit={UNIT}&at={at}", f"/units/{UNIT}/by-hand"),
        *("/schedule/edit", "/schedule/history", f"/schedule/history/{there.version}"),
    )


def _looking_back(there: There) -> tuple[str, ...]:
    year = f"from={there.today - timedelta(days=364)}&to={there.today}"
    within = f"from={there.today - timedelta(days=404)}&to={there.today - timedelta(days=40)}"
    contract = f"/reports/contract/{COMPANY}/{there.today:%Y-%m}"
    return (
        *("/reports?period=last-month", "/reports?period=this-year", f"/reports?{year}", f"/reports?{within}"),
        *(f"/reports?unit={UNIT}", "/reports/callers?period=last-month"),
        *("/reports/unit.csv?period=last-month", "/reports/heat.xlsx?period=last-month"),
        *(contract, f"{contract}.csv", f"/reports/disputes/{there.dispute}"),
    )


def _administration(there: There) -> tuple[str, ...]:
    pages = ("users", f"users/{there.user}", "sessions", "audit", "retention", "retention/protocol")
    more = ("retention/protocol.csv", "holds", "back-ups", "tasks/back-ups", "settings", "health", "health/now")
    return ("/administration", *(f"/administration/{each}" for each in (*pages, *more)))


def _of_contractors(there: There) -> tuple[str, ...]:
    day, call_id = there.of_company
    month = f"{there.today:%Y-%m}"
    return (
        *("/company", "/company/statement", f"/company/statement/{month}", f"/company/statement/{month}.csv"),
        *("/calls?state=closed", f"/calls/{day}/{call_id}", f"/company/calls/{call_id}/dispute"),
    )


def _for_everybody(there: There) -> tuple[str, ...]:
    return (
        *("/opening-hours", f"/opening-hours?unit={UNIT}", "/opening-hours.json"),
        *("/opening-hours.jsonld", "/opening-hours.ics"),
        *("/data-protection", "/accessibility", "/sign-in", f"/welcome/{there.link}"),
    )


def _for_programs(there: There) -> tuple[str, ...]:
    day, call_id = there.call
    asked = ("calls", f"calls?unit={UNIT}&limit=200", f"calls/{day}/{call_id}", "status", "schedule")
    more = (f"schedule?unit={UNIT}", f"reports?from={there.today.replace(day=1)}&to={there.today}", "openapi.json")
    return tuple(f"/api/v1/{each}" for each in (*asked, *more))
