"""Who may ask for what: every page, every role, and nobody."""

import re
from urllib.parse import unquote

import pytest
from flask import Blueprint, Flask
from werkzeug.test import TestResponse

from callrouter.domain.call_filter import EVERYTHING
from callrouter.domain.words import Role, Scope
from callrouter.people import api_tokens
from callrouter.web.access import ACCESS, POLLED, admits
from callrouter.web.navigation import PAGES
from callrouter.web.pages import FAMILIES
from callrouter.web.site import Site
from tests.people.somebody import BY
from tests.web.pages.house import House

MATRIX: list[tuple[tuple[Role | None, ...], dict[str, str]]] = [
    (
        (None, *Role),
        {
            "static": "/static/mark.svg",
            "opening_hours.page": "/opening-hours",
            "opening_hours.json_": "/opening-hours.json",
            "opening_hours.linked": "/opening-hours.jsonld",
            "opening_hours.calendar": "/opening-hours.ics",
            "public_statements.data_protection": "/data-protection",
            "public_statements.accessibility": "/accessibility",
            "api.openapi": "/api/v1/openapi.json",
            "sign_in.form": "/sign-in",
            "sign_in.enter": "POST /sign-in",
            "sign_in.leave": "POST /sign-out",
            "provider.there": "/sign-in/provider",
            "provider.back": "/sign-in/provider/back",
            "welcome.form": "/welcome/x",
            "welcome.set_password": "POST /welcome/x",
            "language.switch": "POST /language",
        },
    ),
    (
        tuple(Role),
        {
            "home.home": "/",
            "account.page": "/account",
            "account.change_password": "POST /account/password",
            "account.leave_everywhere": "POST /account/sign-out-everywhere",
            "account.end_session": "POST /account/sessions/end",
        },
    ),
    (
        tuple(Role),
        {
            "calls.page": "/calls",
            "calls.call": "/calls/2026-11-23/CA1",
            "calls.now": "/calls/2026-11-23/CA1/now",
            "calls.show_number": "POST /calls/2026-11-23/CA1/number",
            "calls.note": "POST /calls/2026-11-23/CA1/notes",
        },
    ),
    (
        (Role.ADMINISTRATOR, Role.REVIEWER),
        {
            "calls.find_caller": "POST /calls/caller",
            "calls.review": "POST /calls/2026-11-23/CA1/review",
            "calls.follow_up": "POST /calls/2026-11-23/CA1/follow-ups",
            "calls.follow_up_done": "POST /calls/2026-11-23/CA1/follow-ups/1",
            "calls.listen": "POST /calls/2026-11-23/CA1/messages/RE1",
            "calls.message": "/calls/2026-11-23/CA1/messages/RE1",
            "today.page": "/today",
            "today.calls": "/today/calls",
            "today.units": "/today/units",
            "today.desk": "/today/desk",
            "call_backs.page": "/call-backs",
            "call_backs.list_": "/call-backs/list",
            "call_backs.take": "POST /call-backs/2026-11-23/CA1/take",
            "call_backs.settle": "POST /call-backs/2026-11-23/CA1/settle",
            "call_backs.form": "/call-backs/1",
            "call_backs.done": "POST /call-backs/1/done",
            "call_backs.let_go": "POST /call-backs/1/let-go",
            "hand_over.page": "/hand-over",
            "hand_over.tick_off": "POST /hand-over/tick",
            "schedule.page": "/schedule",
            "reports.page": "/reports",
            "reports.callers": "/reports/callers",
            "reports.file": "/reports/total.csv",
            "statements.of_company": "/reports/contract/Nordbevakning%20AB/2026-11",
            "statements.file_of_company": "/reports/contract/Nordbevakning%20AB/2026-11.csv",
            "disputes.disputed": "/reports/disputes/1",
            "disputes.settle": "POST /reports/disputes/1",
            "phone_network.page": "/phone-network",
            "phone_network.ring": "POST /phone-network/calls",
            "phone_network.call": "/phone-network/calls/x",
            "phone_network.now": "/phone-network/calls/x/now",
            "phone_network.act": "POST /phone-network/calls/x",
            "exports.page": "/exports",
            "exports.ask": "POST /exports",
            "exports.fetch": "POST /exports/x",
            "tasks.own": "/exports/now",
            "tasks.stop": "POST /tasks/x/stop",
        },
    ),
    (
        (Role.ADMINISTRATOR,),
        {
            "by_hand.form": "/units/trygghetscenter/by-hand",
            "by_hand.make": "POST /units/trygghetscenter/by-hand",
            "by_hand.end": "POST /overrides/1/end",
            "schedule_edit.form": "/schedule/edit",
            "schedule_edit.review": "POST /schedule/edit",
            "schedule_edit.problems": "POST /schedule/edit/problems",
            "schedule_edit.save": "POST /schedule/edit/save",
            "schedule_edit.download": "POST /schedule/edit/text",
            "schedule_history.page": "/schedule/history",
            "schedule_history.version": "/schedule/history/abc",
            "exports.ask_research": "POST /exports/research",
            "tasks.of_kind": "/administration/tasks/audit",
            "administration.page": "/administration",
            "administration.settings": "/administration/settings",
            "administration.health": "/administration/health",
            "administration.health_now": "/administration/health/now",
            "users.page": "/administration/users",
            "users.add": "POST /administration/users",
            "users.user": "/administration/users/x",
            "users.change": "POST /administration/users/x",
            "users.disable": "POST /administration/users/x/disable",
            "users.enable": "POST /administration/users/x/enable",
            "users.reset": "POST /administration/users/x/link",
            "sessions.page": "/administration/sessions",
            "sessions.end": "POST /administration/sessions/end",
            "audit.page": "/administration/audit",
            "audit.check": "POST /administration/audit/check",
            "retention.page": "/administration/retention",
            "retention.run": "POST /administration/retention",
            "retention.count": "POST /administration/retention/preview",
            "retention.protocol": "/administration/retention/protocol",
            "retention.protocol_csv": "/administration/retention/protocol.csv",
            "holds.page": "/administration/holds",
            "holds.add": "POST /administration/holds",
            "holds.lift": "POST /administration/holds/1/lift",
            "back_ups.page": "/administration/back-ups",
            "back_ups.make": "POST /administration/back-ups",
            "back_ups.check": "POST /administration/back-ups/check",
        },
    ),
    (
        (Role.CONTRACTOR,),
        {
            "company.page": "/company",
            "statements.own": "/company/statement",
            "statements.own_file": "/company/statement/2026-11.csv",
            "disputes.form": "/company/calls/x/dispute",
            "disputes.make": "POST /company/calls/x/dispute",
            "disputes.withdraw": "POST /company/disputes/1/withdraw",
        },
    ),
]
"""Who is admitted to which endpoint, and an address of each: said once more, so that no slip of the table passes."""

BY_TOKEN = {
    "api.calls": "/api/v1/calls",
    "api.call": "/api/v1/calls/2026-11-23/x",
    "api.schedule": "/api/v1/schedule",
    "api.status": "/api/v1/status",
    "api.reports": "/api/v1/reports",
}
"""No role opens these, and no session: tests/web/api holds which scope does."""

PATHS = BY_TOKEN | {endpoint: path for _, paths in MATRIX for endpoint, path in paths.items()}
ADMITTED = dict.fromkeys(BY_TOKEN, ()) | {endpoint: admitted for admitted, paths in MATRIX for endpoint in paths}

FORM = {Role.CONTRACTOR: "/company"}
"""Where each role finds a form with its token."""


def asked(house: House, role: Role | None, wanted: str) -> TestResponse:
    browser = house.signed_in(role) if role else house.browser()
    method, _, path = wanted.rpartition(" ")
    if method == "POST":
        at = FORM.get(role, "/today") if role else "/sign-in"
        return browser.post(path, at=at)
    return browser.get(path)


def test_every_page_stands_in_the_table_and_nothing_else(house: House) -> None:
    endpoints = {rule.endpoint for rule in house.app.url_map.iter_rules()}
    assert endpoints == set(ACCESS) == set(PATHS)
    assert set(ACCESS) >= POLLED
    assert set(ACCESS) >= {endpoint for endpoint, _ in PAGES}


def test_each_address_of_the_matrix_leads_to_its_endpoint(house: House) -> None:
    adapter = house.app.url_map.bind("")
    ways = {endpoint: path.rpartition(" ") for endpoint, path in PATHS.items()}
    found = {name: adapter.match(unquote(path), method=method or "GET")[0] for name, (method, _, path) in ways.items()}
    assert found == {endpoint: endpoint for endpoint in PATHS}


def met(answer: TestResponse) -> str:
    """How somebody was met."""
    if answer.headers.get("Location", "").partition("?")[0] == "/sign-in":
        return "sent to sign in"
    if answer.status_code == 401:
        return "sent to sign in" if 'href="/sign-in' in answer.text else "asked for a token"
    return {403: "refused", 200: "admitted", 303: "admitted", 404: "admitted", 422: "admitted"}[answer.status_code]


def expected(endpoint: str, role: Role | None) -> str:
    if endpoint == "sign_in.leave":
        return "sent to sign in"  # whoever it was
    if endpoint in BY_TOKEN:
        return "asked for a token"
    if role in ADMITTED[endpoint]:
        return "sent to sign in" if endpoint == "account.leave_everywhere" else "admitted"
    return "refused" if role else "sent to sign in"


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_the_matrix(house: House, role: Role | None) -> None:
    found = {endpoint: met(asked(house, role, path)) for endpoint, path in PATHS.items()}
    assert found == {endpoint: expected(endpoint, role) for endpoint in PATHS}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_another_method_gets_nobody_further(house: House, method: str) -> None:
    inside = {endpoint: path.rpartition(" ")[2] for endpoint, path in PATHS.items() if None not in ADMITTED[endpoint]}
    client = house.browser().client
    answers = {
        name: client.open(path, method=method, base_url=house.public_url, buffered=True)
        for name, path in inside.items()
    }
    assert {name: answer.data for name, answer in answers.items() if answer.status_code not in (303, 401, 405)} == {}


def test_a_token_opens_no_page(house: House) -> None:
    """Whatever its scopes: programs have the API."""
    with house.database.writing() as connection:
        token = api_tokens.add(connection, "all", list(Scope), EVERYTHING, None, BY)
    shown = {"Authorization": f"Bearer {token}"}
    pages = {name: path for name, path in PATHS.items() if name not in BY_TOKEN and " " not in path}
    client = house.browser().client
    answers = {
        name: client.get(path, headers=shown, base_url=house.public_url, buffered=True) for name, path in pages.items()
    }
    found = {name: met(answer) for name, answer in answers.items()}
    assert found == {endpoint: expected(endpoint, None) for endpoint in pages}


def test_what_does_not_stand_in_the_table_is_refused_to_everybody(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    def family(_site: Site) -> Blueprint:
        routes = Blueprint("forgotten", __name__)
        routes.add_url_rule("/forgotten", "page", lambda: "secret")
        return routes

    house.rebuild((*FAMILIES, family))
    for browser in (house.browser(), house.signed_in(Role.ADMINISTRATOR)):
        answer = browser.get("/forgotten")
        assert (answer.status_code, "secret" in answer.text) == (403, False)
    assert "no row in web/access.py" in caplog.text


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("admitted", [None, *Scope])
def test_no_role_opens_what_has_no_row_or_needs_a_token(admitted: Scope | None, role: Role | None) -> None:
    assert not admits(admitted, role)


@pytest.mark.parametrize(
    ("role", "home", "shown"),
    [
        (Role.ADMINISTRATOR, "/today", ["/today"]),
        (Role.REVIEWER, "/today", ["/today"]),
        (Role.CONTRACTOR, "/company", ["/company"]),
    ],
)
def test_each_role_has_its_home_and_its_navigation(house: House, role: Role, home: str, shown: list[str]) -> None:
    browser = house.signed_in(role)
    assert browser.get("/").headers["Location"] == home
    page = browser.get("/account").text
    assert [path for path in ("/today", "/company") if f'href="{path}"' in page] == shown


def test_only_an_administrator_is_offered_control_by_hand(house: House) -> None:
    assert "by-hand" in house.signed_in(Role.ADMINISTRATOR).get("/today").text
    assert "by-hand" not in house.signed_in(Role.REVIEWER).get("/today").text


def test_a_changed_role_holds_at_once(house: House) -> None:
    browser = house.signed_in(Role.REVIEWER)
    with house.database.writing() as connection:
        connection.exec_driver_sql("UPDATE user SET role = 'contractor', company = 'Nordbevakning AB'")
    assert browser.get("/today").status_code == 403


def test_nothing_is_changed_by_looking(house: House) -> None:
    """No endpoint that changes anything answers GET, and none that shows something takes POST."""
    app: Flask = house.app
    methods = {rule.endpoint: (rule.methods or set()) - {"HEAD", "OPTIONS"} for rule in app.url_map.iter_rules()}
    assert {endpoint: "POST" for endpoint, path in PATHS.items() if path.startswith("POST ")} == {
        endpoint: "POST" for endpoint, allowed in methods.items() if allowed == {"POST"}
    }
    assert all(len(allowed) == 1 for allowed in methods.values())


def test_what_was_refused_stands_in_the_log(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.signed_in(Role.REVIEWER).get("/administration/users")
    assert "refused: a reviewer asked for users.page" in caplog.text


@pytest.mark.parametrize(
    ("path", "marked"),
    [("/schedule/edit", "/schedule"), ("/schedule/history", "/schedule"), ("/units/trygghetscenter/by-hand", "/today")],
)
def test_a_page_below_another_marks_its_entry(house: House, path: str, marked: str) -> None:
    page = house.signed_in(Role.ADMINISTRATOR).get(path).text
    assert re.findall(r'href="([^"]+)" aria-current="page"', page)[:1] == [marked]


def test_a_number_that_no_row_can_have_is_not_there(house: House) -> None:
    browsers = {role: house.signed_in(role) for role in Role}
    rules = [rule for rule in house.app.url_map.iter_rules() if "<int:" in rule.rule]
    assert len(rules) >= 6
    for rule in rules:
        path = re.sub("<int:[^>]+>", str(2**31), rule.rule).replace("<day>", "2026-11-23").replace("<call_id>", "CA1")
        for browser in browsers.values():
            answer = browser.post(path, at="/account") if "POST" in (rule.methods or ()) else browser.get(path)
            assert answer.status_code == 404, path
