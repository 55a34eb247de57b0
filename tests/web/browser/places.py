"""Every page there is, by endpoint: its addresses, or the form that leads to it; and what is no page.

An endpoint that can be asked for and stands in none of the tables fails `test_every_page_is_looked_at`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from playwright.sync_api import Page

from callrouter.domain.words import Role
from callrouter.schedule import version_of
from callrouter.web.access import ACCESS, Audience
from tests.web.browser.lately import IN_THAT_NIGHT, LATELY, MONTH, OFFERED, REPORT
from tests.web.browser.looking import Look
from tests.web.pages.house import EXAMPLE

CALL = f"/calls/{OFFERED.day}/{OFFERED.call_id}"
DISPUTE = f"/company/calls/{OFFERED.call_id}/dispute"
FORM = "/units/trygghetscenter/by-hand?what=close"
OWN_STATEMENT = f"/company/statement/{MONTH}"
STATEMENT = f"/reports/contract/Nordbevakning%20AB/{MONTH}"
VERSION = version_of(EXAMPLE.read_bytes())

PLACES: Mapping[str, tuple[str, ...]] = {
    "opening_hours.page": ("/opening-hours?lang={language}", "/opening-hours?lang={language}&unit=larm"),
    "public_statements.data_protection": ("/data-protection?lang={language}",),
    "public_statements.accessibility": ("/accessibility?lang={language}",),
    "sign_in.form": ("/sign-in",),
    "welcome.form": ("/welcome/{secret}", "/welcome/over"),
    "provider.there": ("/sign-in/provider",),
    "account.page": ("/account",),
    "today.page": ("/today",),
    "call_backs.page": ("/call-backs", "/call-backs?unit=fältgruppen"),
    "call_backs.form": ("/call-backs/{call_back}",),
    "hand_over.page": (
        *("/hand-over", "/hand-over?unit=trygghetscenter&at={yesterday}T23:59"),
        f"/hand-over?at={IN_THAT_NIGHT}",
    ),
    "calls.page": (f"/calls?since={LATELY[-1].day}&unit=larm", "/calls?person=nobody", "/calls?since=never"),
    "calls.call": (CALL, "{waits}"),
    "by_hand.form": (FORM, FORM.replace("close", "send")),
    "company.page": ("/company",),
    "schedule.page": ("/schedule?at=2026-10-25T02:30",),
    "schedule_edit.form": ("/schedule/edit",),
    "schedule_history.page": ("/schedule/history",),
    "schedule_history.version": (f"/schedule/history/{VERSION}",),
    "reports.page": (REPORT, "/reports?from=2025-01-01&to=2025-01-31", "/reports?from=never"),
    "reports.callers": (REPORT.replace("?", "/callers?"),),
    "statements.of_company": (STATEMENT,),
    "statements.own": (OWN_STATEMENT,),
    "disputes.form": (DISPUTE,),
    "disputes.disputed": ("/reports/disputes/{dispute}",),
    "phone_network.page": ("/phone-network",),
    "exports.page": ("/exports", "/exports?disposition=answered&unit=larm"),
    "administration.page": ("/administration",),
    "administration.settings": ("/administration/settings",),
    "administration.health": ("/administration/health",),
    "users.page": ("/administration/users",),
    "users.user": ("/administration/users/bertil", "/administration/users/cecilia"),
    "sessions.page": ("/administration/sessions",),
    "audit.page": ("/administration/audit", "/administration/audit?who=nobody"),
    "retention.page": ("/administration/retention",),
    "retention.protocol": ("/administration/retention/protocol",),
    "holds.page": ("/administration/holds",),
    "back_ups.page": ("/administration/back-ups",),
}
"""By endpoint, for every role that is admitted there; what stands in braces the service that is looked at fills in."""


@dataclass(frozen=True, slots=True)
class Way:
    """A page that a press of a button leads to: from *start*, by *steps* that need no language."""

    endpoint: str
    role: Role
    start: str
    steps: Callable[[Page], None]

    def go(self, look: Look, filled: Mapping[str, str]) -> None:
        """Be there."""
        self.steps(look.at(self.start.format_map(filled)))
        look.page.wait_for_load_state()


def typed_at_the_end_of_line(page: Page, line: int, was: str, becomes: str) -> None:
    """In the editor of the schedule: what stood at the end of a line is rubbed out, and something else typed."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    for _ in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    for _ in was:
        page.keyboard.press("Backspace")
    page.keyboard.type(becomes)


def _edited(line: int, was: str, becomes: str) -> Callable[[Page], None]:
    """The end of a line of the schedule is changed, and the change reviewed."""

    def steps(page: Page) -> None:
        typed_at_the_end_of_line(page, line, was, becomes)
        with page.expect_navigation():  # the text is judged once more before it is sent
            page.locator("form[data-problems] .actions button").first.click()

    return steps


def _pressed(form: str) -> Callable[[Page], None]:
    return lambda page: page.locator(f'form[action$="{form}"] button:not([formaction])').first.click()


WAYS = (
    Way("calls.show_number", Role.REVIEWER, "{waits}", _pressed("/number")),
    Way("users.reset", Role.ADMINISTRATOR, "/administration/users/cecilia", _pressed("/link")),
    Way("phone_network.call", Role.REVIEWER, "/phone-network", _pressed("/phone-network/calls")),
    *(
        Way("schedule_edit.review", Role.ADMINISTRATOR, "/schedule/edit", _edited(*edit))
        for edit in (
            (23, "00", "30"),  # Monday to Thursday end at 17:30
            (23, "00", "99"),  # a mistake
            (36, "security", "reception"),  # calls of the last night would have gone elsewhere
        )
    ),
)

NO_PAGES = frozenset(
    {
        *("static", "home.home", "provider.back"),  # files, and what leads on
        *("opening_hours.json_", "opening_hours.linked", "opening_hours.calendar", "api.openapi"),  # feeds
        *("reports.file", "statements.file_of_company", "statements.own_file", "retention.protocol_csv"),  # files
        "calls.message",  # sound
        *("today.calls", "today.units", "today.desk", "call_backs.list_", "calls.now", "phone_network.now"),  # parts
        *("tasks.own", "tasks.of_kind", "administration.health_now"),
    }
)
"""What answers GET with something else than a page of its own."""


OTHERWISE = {
    Role.REVIEWER: {"call_backs.form", "today.page", "exports.page", "schedule.page"},
    Role.CONTRACTOR: {"calls.page", "calls.call"},
}
"""Pages that an administrator sees too, and that look otherwise to others."""


def places(role: Role | None, filled: Mapping[str, str]) -> list[str]:
    """The addresses of all pages to look at as a user of *role*; of those for everybody: *role* None."""
    mine = [paths for endpoint, paths in PLACES.items() if _is_looked_at(role, endpoint)]
    return [path.format_map(filled) for paths in mine for path in paths]


def _is_looked_at(role: Role | None, endpoint: str) -> bool:
    admitted = ACCESS[endpoint]
    if isinstance(admitted, Audience) or role is None:
        return isinstance(admitted, Audience) and role is None
    assert isinstance(admitted, frozenset)
    is_first = role in admitted and (role is Role.ADMINISTRATOR or Role.ADMINISTRATOR not in admitted)
    return is_first or endpoint in OTHERWISE.get(role, ())
