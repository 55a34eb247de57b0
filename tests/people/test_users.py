"""Users, one-time links and passwords: what is kept, what is refused, what the audit log says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import NoteRow, OneTimeLinkRow, UserRow
from callrouter.domain.words import Role
from callrouter.people import links, passwords, users
from callrouter.people.first import first_link
from callrouter.people.passwords import Weakness
from callrouter.people.users import UserError
from tests.calllog.upon import one_upon_another
from tests.people.somebody import BY, COMPANIES, HASHED, NOON, PASSWORD, added, deeds


def test_there_is_no_user_by_default(database: Database) -> None:
    with database.reading() as connection:
        assert users.users(connection) == []


def test_a_user_is_known_whatever_the_case(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, " Anna.Berg@Example.SE ", Role.ADMINISTRATOR, None, BY)
        assert users.required(connection, "ANNA.BERG@example.se").name == "anna.berg@example.se"
        assert users.find(connection, "anna.berg@example.se") == users.User("anna.berg@example.se", Role.ADMINISTRATOR)
    assert deeds(database) == [("root", "user-add", "user anna.berg@example.se")]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda c: users.add(c, "anna", Role.REVIEWER, None, BY), "There is a user anna already."),
        (lambda c: users.add(c, "ANNA", Role.REVIEWER, None, BY), "There is a user anna already."),
        (lambda c: users.add(c, "a b", Role.REVIEWER, None, BY), "A name has 1 to 60 letters"),
        (lambda c: users.add(c, "", Role.REVIEWER, None, BY), "A name has 1 to 60 letters"),
        (lambda c: users.add(c, "x" * 61, Role.REVIEWER, None, BY), "A name has 1 to 60 letters"),
        (lambda c: users.add(c, "<b>", Role.REVIEWER, None, BY), "A name has 1 to 60 letters"),
        (lambda c: users.add(c, "bo", Role.CONTRACTOR, None, BY), "A contractor belongs to a company"),
        (lambda c: users.add(c, "bo", Role.REVIEWER, "Nordbevakning AB", BY), "Only a contractor belongs to a company"),
        (lambda c: users.change(c, "bo", Role.REVIEWER, None, BY), "There is no user bo. The users are: anna."),
        (lambda c: users.disable(c, "bo", BY), "There is no user bo."),
        (lambda c: users.enable(c, "anna", BY), "anna is not disabled."),
        (lambda c: links.made(c, "bo", BY), "There is no user bo."),
    ],
    ids=[
        *("taken", "taken in capitals", "blank", "empty", "long", "markup", "no company", "a company too many"),
        *("change nobody", "disable nobody", "enable", "link for nobody"),
    ],
)
def test_what_cannot_be(database: Database, asked: Callable[[Connection], object], sentence: str) -> None:
    added(database)
    before = deeds(database)
    with pytest.raises(UserError, match=sentence), database.writing() as connection:
        asked(connection)
    assert deeds(database) == before


@pytest.mark.parametrize(
    ("role", "to_role", "company"),
    [
        (Role.REVIEWER, Role.CONTRACTOR, "Nordbevakning AB"),
        (Role.CONTRACTOR, Role.CONTRACTOR, "Trygg Vakt AB"),
        (Role.CONTRACTOR, Role.REVIEWER, None),
    ],
    ids=["to a company", "to another", "away from one"],
)
def test_what_somebody_has_written_does_not_change_hands(
    database: Database, role: Role, to_role: Role, company: str | None
) -> None:
    """A company reads the notes of its users, by the company that they have now."""
    added(database, role=role)
    with database.writing() as connection:
        users.change(connection, "anna", to_role, company, BY)
        users.change(connection, "anna", role, COMPANIES.get(role), BY)
        note = {"day": NOON.date(), "call_id": "CA1", "at": NOON, "who": "anna", "text": "Orolig"}
        connection.execute(insert(NoteRow), [note])
    with pytest.raises(UserError, match="anna has written notes"), database.writing() as connection:
        users.change(connection, "anna", to_role, company, BY)


def test_a_role_that_this_release_does_not_know_may_do_nothing(database: Database) -> None:
    with database.writing() as connection:
        row = {"name": "anna", "role": "owner", "made_at": NOON, "made_by": "root"}
        connection.execute(insert(UserRow), [row])
        assert users.find(connection, "anna") is None


def test_a_link_sets_a_password_once(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
        secret = links.made(connection, "anna", BY)
        (kept,) = connection.execute(select(OneTimeLinkRow.key)).scalars()
        assert secret not in kept
        named = links.meant_for(connection, secret, NOON)
        assert named
        assert not named.has_password
        assert links.use(connection, secret, HASHED, NOON) == named
        assert links.use(connection, secret, HASHED, NOON) is None
        assert users.required(connection, "anna").has_password
    assert [deed for _, deed, _ in deeds(database)] == ["user-add", "user-link", "password-set"]


def test_of_two_who_use_a_link_at_once_one_sets_the_password(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
        secret = links.made(connection, "anna", BY)

    def use(connection: Connection) -> users.User | None:
        return links.use(connection, secret, HASHED, NOON)

    assert [bool(user) for user in one_upon_another(database, use, use)] == [True, False]
    assert [deed for _, deed, _ in deeds(database)].count("password-set") == 1


def test_of_two_links_made_at_once_one_is_good(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)

    def make(connection: Connection) -> str:
        return links.made(connection, "anna", BY)

    first, second = one_upon_another(database, make, make)
    with database.reading() as connection:
        assert links.meant_for(connection, first, NOON) is None
        assert links.meant_for(connection, second, NOON)


@pytest.mark.parametrize(
    ("spoil", "later"),
    [
        (str, links.LASTS),
        (lambda c: links.made(c, "anna", BY), timedelta(0)),
        (lambda c: users.disable(c, "anna", BY), timedelta(0)),
    ],
    ids=["a day later", "a newer link", "disabled"],
)
def test_a_link_that_is_over(database: Database, spoil: Callable[[Connection], object], later: timedelta) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
        secret = links.made(connection, "anna", BY)
        spoil(connection)
        assert links.use(connection, secret, HASHED, NOON + later) is None


def test_a_link_from_before_somebody_was_disabled_stays_dead(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
        secret = links.made(connection, "anna", BY)
        users.disable(connection, "anna", BY)
        users.enable(connection, "anna", BY)
        assert links.meant_for(connection, secret, NOON) is None
        assert links.use(connection, secret, HASHED, NOON) is None
        assert links.use(connection, links.made(connection, "anna", BY), HASHED, NOON)


def test_no_link_is_made_for_who_is_disabled(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "root", Role.ADMINISTRATOR, None, BY)
        users.disable(connection, "root", BY)
        with pytest.raises(UserError, match="root is disabled since 2026-11-23: let them sign in again first"):
            links.made(connection, "root", BY)
        assert first_link(connection, BY) is None


def test_the_first_link_is_made_until_somebody_can_sign_in(database: Database) -> None:
    with database.writing() as connection:
        lost = first_link(connection, BY)
        again = first_link(connection, replace(BY, at=NOON + timedelta(minutes=1)))
        assert lost
        assert again
        assert links.use(connection, lost, HASHED, NOON) is None
        user = links.use(connection, again, HASHED, NOON)
        assert user
        assert (user.name, user.role) == ("root", Role.ADMINISTRATOR)
        assert first_link(connection, BY) is None


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        (PASSWORD, None),
        ("häst batteri klammer", None),
        ("🐎🔋📎🎺 tolv tecken!", None),
        ("elva tecken", Weakness.SHORT),
        ("x" * 257, Weakness.LONG),
        ("aaaaaaaaaaaaaaaa", Weakness.EASY),
        ("abababababababab", Weakness.EASY),
        ("Callrouter2026!!", Weakness.EASY),
        ("lösenordlösenord", Weakness.EASY),
        ("1q2w3e4r5t6y", Weakness.EASY),
        ("IloveYouForever", Weakness.EASY),  # as it leaks in lower case
        ("grönt i Exempelby", Weakness.EASY),
        ("half a pair \ud800", None),
        ("Anna bor i Solna", Weakness.NAMED),
    ],
)
def test_which_passwords_are_refused(password: str, weakness: Weakness | None) -> None:
    assert passwords.weakness(password, "anna", ["Exempelby kommun", "IT"]) is weakness


def test_a_password_is_kept_as_argon2id_alone() -> None:
    assert HASHED.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hashed(PASSWORD) != HASHED
    assert passwords.fits(HASHED, PASSWORD)
    assert not passwords.fits(HASHED, PASSWORD + " ")
    assert not passwords.fits(None, PASSWORD)
    assert not passwords.fits("not a hash", PASSWORD)
    assert not passwords.fits(HASHED, "half a pair \ud800")
