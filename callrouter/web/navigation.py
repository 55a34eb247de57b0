"""What a user finds in the navigation: the pages that the table of access opens to them, in this order."""

from collections.abc import Iterator
from dataclasses import dataclass

from callrouter.people.users import User
from callrouter.web.access import ACCESS, admits
from callrouter.web.texts import Text

PAGES: tuple[tuple[str, Text], ...] = (
    ("today.page", Text("I dag", "Today")),
    ("call_backs.page", Text("Ring upp", "Call back")),
    ("hand_over.page", Text("Överlämning", "Hand-over")),
    ("calls.page", Text("Samtal", "Calls")),
    ("schedule.page", Text("Schema", "Schedule")),
    ("reports.page", Text("Rapporter", "Reports")),
    ("phone_network.page", Text("Telefonnätet", "Phone network")),
    ("company.page", Text("Företaget", "Company")),
    ("statements.own", Text("Redovisning", "Statement")),
)
"""By endpoint. A page family that is to be found adds itself here."""


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
            yield Entry(endpoint, text, endpoint.partition(".")[0] == family)
