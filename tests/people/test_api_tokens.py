"""API tokens: what is kept, what is refused, when one is good, what the audit log says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import ApiTokenRow
from callrouter.domain.call_filter import EVERYTHING, Sight
from callrouter.domain.words import Scope
from callrouter.people import api_tokens
from callrouter.people.users import UserError
from tests.people.somebody import BY, NOON, deeds

NORD = Sight("Nordbevakning AB")
LATER = NOON + timedelta(days=1)


def made(database: Database, name: str = "wallboard", *scopes: Scope, sight: Sight = EVERYTHING) -> str:
    with database.writing() as connection:
        return api_tokens.add(connection, name, scopes or [Scope.STATUS], sight, None, BY)


def test_a_token_is_kept_as_its_hash_alone(database: Database) -> None:
    token = made(database, "Wallboard", Scope.STATUS, Scope.SCHEDULE, sight=Sight(unit="larm"))
    with database.reading() as connection:
        row = connection.execute(select(ApiTokenRow.__table__)).one()
        assert not any(token[len(row.prefix) :] in str(value) for value in row)
        found = api_tokens.shown(connection, token)
        assert api_tokens.shown(connection, token[:-1]) is None
        assert api_tokens.shown(connection, row.key) is None
    assert found
    assert (found.name, found.sight) == ("wallboard", Sight(unit="larm"))
    assert found.scopes == {Scope.STATUS, Scope.SCHEDULE}
    assert token.startswith(found.prefix)
    assert len(token) - len(found.prefix) > 32
    assert deeds(database) == [("root", "api-token-add", "api token wallboard")]


def test_two_tokens_are_never_the_same(database: Database) -> None:
    assert made(database, "one") != made(database, "other")


def test_when_it_is_good(database: Database) -> None:
    with database.writing() as connection:
        api_tokens.add(connection, "wallboard", [Scope.STATUS], EVERYTHING, LATER, BY)
        token = api_tokens.find(connection, "wallboard")
    assert token
    ends = [(NOON, True), (LATER - timedelta(microseconds=1), True), (LATER, False)]
    assert [(at, token.is_good(at)) for at, _ in ends] == ends
    assert replace(token, ends_at=None).is_good(LATER)
    assert not replace(token, revoked_at=NOON).is_good(NOON)


def test_a_revoked_one_stays_known(database: Database) -> None:
    token = made(database)
    with database.writing() as connection:
        api_tokens.revoke(connection, "WALLBOARD", BY)
        found = api_tokens.shown(connection, token)
    assert found
    assert not found.is_good(NOON)
    assert [action for _, action, _ in deeds(database)] == ["api-token-add", "api-token-revoke"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda c: api_tokens.add(c, "wallboard", [Scope.CALLS], EVERYTHING, None, BY), "There is, or was, a token"),
        (lambda c: api_tokens.add(c, "a b", [Scope.CALLS], EVERYTHING, None, BY), "A name has 1 to 60 letters"),
        (lambda c: api_tokens.add(c, "x", [], EVERYTHING, None, BY), "A token reads something: give a scope"),
        (
            lambda c: api_tokens.add(c, "x", [Scope.CALLS, Scope.STATUS], NORD, None, BY),
            "nothing else, not status:read",
        ),
        (lambda c: api_tokens.add(c, "x", [Scope.CALLS], NORD, NOON, BY), "A token ends later than now"),
        (lambda c: api_tokens.revoke(c, "x", BY), "There is no token x. The tokens are: wallboard."),
    ],
    ids=["taken", "blank", "no scope", "more than a company's", "over", "revoke nothing"],
)
def test_what_cannot_be(database: Database, asked: Callable[[Connection], object], sentence: str) -> None:
    made(database)
    with pytest.raises((UserError, api_tokens.TokenError), match=sentence), database.writing() as connection:
        asked(connection)
    assert len(deeds(database)) == 1


def test_a_scope_of_a_later_release_opens_nothing(database: Database) -> None:
    row = {
        "name": "x",
        "key": "k",
        "prefix": "p",
        "scopes": "calls:read users:write",
        "made_at": NOON,
        "made_by": "root",
    }
    with database.writing() as connection:
        connection.execute(insert(ApiTokenRow), [row])
        found = api_tokens.find(connection, "x")
    assert found
    assert found.scopes == {Scope.CALLS}
