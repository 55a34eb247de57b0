"""Who is answered: tokens, their scopes and ends, and what becomes of those who guess."""

from datetime import timedelta

import pytest

from callrouter.domain.call_filter import Sight
from callrouter.domain.words import Role, Scope
from callrouter.people import api_tokens, sessions
from callrouter.web.access import ACCESS
from callrouter.web.api import QUESTIONS, ROOT
from tests.people.somebody import BY, NOON, added, deeds
from tests.web.api.program import Desk, Program

SCOPED = {
    "calls": ("/calls", Scope.CALLS),
    "call": ("/calls/2026-11-23/CA1", Scope.CALLS),
    "schedule": ("/schedule", Scope.SCHEDULE),
    "status": ("/status", Scope.STATUS),
    "reports": ("/reports", Scope.REPORTS),
}
"""What opens what: said once more, so that no slip of the table passes."""


def test_each_scope_opens_its_own_questions_and_no_other(desk: Desk) -> None:
    assert set(SCOPED) == {question.name for question, _ in QUESTIONS}
    for scope in Scope:
        program = Program(desk.house, desk.token(scope, name=f"only-{scope.name}"))
        found = {name: program.ask(path).status_code != 403 for name, (path, _) in SCOPED.items()}
        assert found == {name: needed is scope for name, (_, needed) in SCOPED.items()}


def test_a_missing_scope_is_named(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    told = desk.program(Scope.STATUS).problem("/calls")
    assert (told["status"], told["title"]) == (403, "Forbidden")
    assert told["detail"] == "This needs a token with the scope calls:read; yours has status:read."
    assert "refused: a token without the scope calls:read asked for api.calls" in caplog.text


@pytest.mark.parametrize("path", [path for path, _ in SCOPED.values()])
@pytest.mark.parametrize("shown", [None, "", "callrouter_guessed", "å" * 9])
def test_without_a_token_nothing_is_told(desk: Desk, path: str, shown: str | None) -> None:
    answer = Program(desk.house, shown).ask(path)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="callrouter"')
    assert answer.content_type == "application/problem+json"
    assert "Set-Cookie" not in answer.headers


def test_a_session_opens_nothing_here(desk: Desk) -> None:
    """No cookie is looked at, so no other site can make a browser read for it."""
    administrator = added(desk.house.database, "anna", Role.ADMINISTRATOR)
    with desk.house.database.writing() as connection:
        secret = sessions.begin(connection, administrator.name, desk.house.now)
    browser = desk.house.browser()
    browser.client.set_cookie(desk.house.session_cookie, secret, domain="calls.example.se")
    assert browser.get("/today").status_code == 200
    assert [browser.get(ROOT + path).status_code for path, _ in SCOPED.values()] == [401] * len(SCOPED)


def test_another_way_to_say_who_one_is_opens_nothing(desk: Desk) -> None:
    token = desk.token()
    client = desk.house.app.test_client()
    for headers, query in (({"Authorization": f"Basic {token}"}, ""), ({}, f"?token={token}"), ({"Cookie": token}, "")):
        answer = client.get(f"/api/v1/status{query}", headers=headers, base_url=desk.house.public_url)
        assert answer.status_code == 401


def test_a_revoked_token_opens_nothing_at_once(desk: Desk) -> None:
    program = desk.program(Scope.STATUS)
    assert program.ask("/status").status_code == 200
    with desk.house.database.writing() as connection:
        api_tokens.revoke(connection, "program", BY)
    assert program.problem("/status")["detail"] == "This token opens nothing: it is unknown, revoked, or over."
    assert deeds(desk.house.database)[-1] == ("token program", "api-token-refused", "api token program")


def test_a_token_ends(desk: Desk) -> None:
    program = Program(desk.house, desk.token(Scope.STATUS, ends_at=NOON + timedelta(hours=1)))
    assert program.ask("/status").status_code == 200
    desk.house.now += timedelta(hours=1)
    assert program.ask("/status").status_code == 401


def test_it_is_known_when_it_was_used_last(desk: Desk) -> None:
    program = desk.program(Scope.STATUS)

    def used() -> object:
        with desk.house.database.reading() as connection:
            token = api_tokens.find(connection, "program")
        return token and token.used_at

    assert used() is None
    for minutes, noted in ((0, 0), (4, 0), (6, 6)):
        desk.house.now = NOON + timedelta(minutes=minutes)
        program.ask("/status")
        assert used() == NOON + timedelta(minutes=noted)


def test_who_guesses_must_wait_and_nobody_else(desk: Desk) -> None:
    good, guessing = desk.program(Scope.STATUS), Program(desk.house, "callrouter_guessed")
    assert [guessing.ask("/status").status_code for _ in range(7)] == [401] * 5 + [429] * 2
    assert int(guessing.ask("/status").headers["Retry-After"]) > 0
    assert good.ask("/status").status_code == 200
    desk.house.now += timedelta(minutes=15)
    assert guessing.ask("/status").status_code == 401


def test_nothing_of_a_token_is_told_to_who_reads_the_audit_log(desk: Desk) -> None:
    token = desk.token(Scope.CALLS, sight=Sight("Nordbevakning AB"))
    with desk.house.database.reading() as connection:
        told = str(connection.exec_driver_sql("SELECT who, subject, facts FROM audit").all())
    assert token.removeprefix(api_tokens.BEGINNING)[:6] not in told
    assert "Nordbevakning AB" in told


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("GET", "/api/", 404), ("POST", "/api/v1/status", 405), ("PUT", "/api/x", 404)],
)
def test_what_is_not_there_is_a_problem_too(desk: Desk, method: str, path: str, status: int) -> None:
    answer = desk.house.app.test_client().open(path, method=method, base_url=desk.house.public_url)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert "Set-Cookie" not in answer.headers


def test_every_question_stands_in_the_table() -> None:
    assert {name: ACCESS[f"api.{name}"] for name in SCOPED} == {name: scope for name, (_, scope) in SCOPED.items()}
