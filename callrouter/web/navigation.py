"""What a user finds in the navigation: the pages that the table of access opens to them, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass

from callrouter.people.users import User
from callrouter.web.access import ACCESS, admits
from callrouter.web.texts import Text

PAGES: tuple[tuple[str, Text], ...] = (
    ("today.page", Text("I dag", "Today")),
    ("company.page", Text("Företaget", "Company")),
    ("call_backs.page", Text("Ring upp", "Call back")),
    ("hand_over.page", Text("Överlämning", "Hand-over")),
    ("calls.page", Text("Samtal", "Calls")),
    ("schedule.page", Text("Schema", "Schedule")),
    ("reports.page", Text("Rapporter", "Reports")),
    ("phone_network.page", Text("Telefonnätet", "Phone network")),
    ("statements.own", Text("Redovisning", "Statement")),
    ("exports.page", Text("Uttag", "Exports")),
    ("administration.page", Text("Administration", "Administration")),
)
"""By endpoint. A page family that is to be found adds itself here."""


ADMINISTRATION: tuple[tuple[str, Text], ...] = (
    ("administration.page", Text("Översikt", "Overview")),
    ("users.page", Text("Användare", "Users")),
    ("sessions.page", Text("Inloggningar", "Sessions")),
    ("audit.page", Text("Granskningslogg", "Audit log")),
    ("retention.page", Text("Gallring", "Retention")),
    ("holds.page", Text("Gallringsspärrar", "Legal holds")),
    ("back_ups.page", Text("Säkerhetskopior", "Back-ups")),
    ("administration.settings", Text("Inställningar", "Settings")),
    ("administration.health", Text("Hälsa", "Health")),
)
"""The pages of the administration, by endpoint."""

_ALONE = frozenset({"administration.page", "administration.settings", "administration.health"})
"""Pages that share their family with others."""

FAMILY = {
    **{endpoint.partition(".")[0]: ("administration",) for endpoint, _ in ADMINISTRATION},
    "by_hand": ("today",),
    "schedule_edit": ("schedule",),
    "schedule_history": ("schedule",),
    "statements": ("statements", "reports"),
    "disputes": ("statements", "reports"),
}
"""Whose entry of the navigation is marked on the pages of a family, where that is another one's, or one role's."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation."""

    endpoint: str
    text: Text
    is_here: bool


def entries(user: User | None, here: str, absent: frozenset[str] = frozenset()) -> Iterator[Entry]:
    """Yield what *user* may go to; *here* is the endpoint of the page that is shown. Nobody: nothing.

    *absent*: what this service does not have.
    """
    family = here.partition(".")[0]
    for endpoint, text in PAGES if user else ():
        if endpoint not in absent and admits(ACCESS[endpoint], user.role if user else None):
            yield Entry(endpoint, text, endpoint.partition(".")[0] in FAMILY.get(family, (family,)))


def administration(here: str) -> Iterator[Entry]:
    """Yield the pages of the administration; *here* is the endpoint of the page that is shown."""
    for endpoint, text in ADMINISTRATION:
        is_part = here.partition(".")[0] == endpoint.partition(".")[0] and endpoint not in _ALONE
        yield Entry(endpoint, text, endpoint == here or (is_part and here not in _ALONE))
