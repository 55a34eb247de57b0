"""Signing in: who gets in, who is slowed down, and when a session is over."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import SessionRow, SignInAttemptRow
from callrouter.domain.words import Role
from callrouter.people import attempts, links, sessions, users
from callrouter.people.sign_in import Refusal, SignedIn, sign_out, sign_out_everywhere
from tests.people.somebody import BY, HASHED, NOON, added, deeds, door, typed

MINUTE = timedelta(minutes=1)


def signed_in(database: Database) -> str:
    entered = door(database).with_password(typed(), NOON)
    assert isinstance(entered, SignedIn)
    return entered.secret


def is_known(database: Database, secret: str, later: timedelta = timedelta(0)) -> bool:
    with database.reading() as connection:
        return sessions.holder(connection, secret, NOON + later) is not None


def test_who_knows_the_password_gets_in(database: Database) -> None:
    user = added(database)
    entered = door(database).with_password(typed(name=" Anna "), NOON)
    assert isinstance(entered, SignedIn)
    assert entered.user.name == user.name
    with database.reading() as connection:
        row = sessions.holder(connection, entered.secret, NOON)
        assert row
        assert row.name == "anna"
        assert connection.execute(select(SessionRow.key)).scalars().all() != [entered.secret]
    assert deeds(database)[-1] == ("anna", "sign-in", "user anna")


@pytest.mark.parametrize(
    "credentials",
    [typed("fyra katter i solen"), typed(name="bo"), typed(name=""), typed(name="x" * 500), typed("\0\ud800")],
    ids=["password", "nobody", "empty", "long", "odd"],
)
def test_who_does_not_know_it_is_told_the_same(database: Database, credentials: object) -> None:
    added(database)
    assert door(database).with_password(credentials, NOON) is Refusal.WRONG  # type: ignore[arg-type]


def test_and_it_is_written_as_often(sqlite_url: str) -> None:
    """What is written takes time, too: by it a name of nobody would be told from one of somebody."""
    with closing(WatchedDatabase(sqlite_url)) as database:
        added(database)
        told = []
        for name in ("anna", "bo"):
            database.wrote.clear()
            assert door(database).with_password(typed("fyra katter i solen", name=name), NOON) is Refusal.WRONG
            told.append([*database.wrote])
    assert told == [[True, True]] * 2


class WatchedDatabase(Database):
    """A database that keeps of each writing transaction whether it wrote."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.wrote: list[bool] = []

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            driver: Any = connection.connection.driver_connection
            before = driver.total_changes
            yield connection
            self.wrote.append(driver.total_changes > before)


def test_a_user_without_a_password_cannot_sign_in(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
    assert door(database).with_password(typed(""), NOON) is Refusal.WRONG


def test_a_disabled_user_cannot_sign_in(database: Database) -> None:
    added(database)
    with database.writing() as connection:
        users.disable(connection, "anna", BY)
    assert door(database).with_password(typed(), NOON) is Refusal.WRONG
    assert deeds(database)[-1] == ("anna", "sign-in-refused", "user anna")


@pytest.mark.parametrize("deed", ["password", "disabled"])
def test_nor_while_that_is_being_done(database: Database, url: str, deed: str) -> None:
    """A session that begins beside a new password, or beside being disabled, would outlast it."""
    user = added(database)

    def change(connection: Connection) -> None:
        if deed == "password":
            links.set_password(connection, user, "another", NOON)
        else:
            users.disable(connection, "anna", BY)

    late = LateDatabase(url)
    with ThreadPoolExecutor(1) as threads:
        entering = threads.submit(door(late).with_password, typed(), NOON)
        assert late.is_judged.wait(20)
        with database.writing() as connection:
            change(connection)
            late.may_go_on.set()
            with pytest.raises(TimeoutError):
                entering.result(0.3)  # it waits
        assert entering.result(20) is Refusal.WRONG
    late.close()
    with database.reading() as connection:
        assert sessions.lasting(connection, NOON) == []


class LateDatabase(Database):
    """A database that lets others write between the judging of a password and what comes of it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.is_judged, self.may_go_on = Event(), Event()
        self._writings = count()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        if next(self._writings) == 1:
            self.is_judged.set()
            assert self.may_go_on.wait(20)
        with super().writing() as connection:
            yield connection


class TestThrottle:
    def fail(self, database: Database, times: int, **changed: str) -> None:
        for _ in range(times):
            door(database).with_password(typed(**{"password": "wrong wrong wrong"} | changed), NOON)

    def test_who_guesses_must_wait(self, database: Database) -> None:
        added(database)
        self.fail(database, attempts.MOST_FROM_ONE_PLACE)
        assert door(database).with_password(typed(), NOON) is Refusal.TOO_OFTEN
        assert door(database).with_password(typed(), NOON + attempts.WINDOW - MINUTE) is Refusal.TOO_OFTEN
        assert isinstance(door(database).with_password(typed(), NOON + attempts.WINDOW), SignedIn)

    def test_who_is_elsewhere_is_not_kept_out_by_it(self, database: Database) -> None:
        added(database)
        self.fail(database, attempts.MOST_FROM_ONE_PLACE)
        assert isinstance(door(database).with_password(typed(address="192.0.2.2"), NOON), SignedIn)

    def test_many_places_for_one_name(self, database: Database) -> None:
        added(database)
        guesses = [attempts.Guess("one name", f"place {each}") for each in range(attempts.MOST_IN_ALL + 1)]
        with database.writing() as connection:
            admitted = [attempts.admitted(connection, guess, NOON) for guess in guesses]
        assert admitted == [True] * attempts.MOST_IN_ALL + [False]

    def test_many_names_from_one_place(self, database: Database) -> None:
        guesses = [attempts.Guess(f"name {each}", "one place") for each in range(attempts.MOST_IN_ALL + 1)]
        with database.writing() as connection:
            admitted = [attempts.admitted(connection, guess, NOON) for guess in guesses]
        assert admitted == [True] * attempts.MOST_IN_ALL + [False]

    def test_who_gets_in_begins_anew(self, database: Database) -> None:
        added(database)
        for _ in range(3):
            self.fail(database, attempts.MOST_FROM_ONE_PLACE - 1)
            assert isinstance(door(database).with_password(typed(), NOON), SignedIn)

    def test_many_at_once_are_no_way_around(self, database: Database) -> None:
        added(database)
        together, found = Barrier(8), list[object]()

        def guess() -> None:
            together.wait(10)
            found.append(door(database).with_password(typed("wrong wrong wrong"), NOON))

        threads = [Thread(target=guess) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert Counter(found) == {Refusal.TOO_OFTEN: 3, Refusal.WRONG: 5}

    def test_nothing_that_was_typed_is_kept(self, database: Database) -> None:
        added(database)
        door(database).with_password(typed("my dog's name", name="my-password-by-mistake"), NOON)
        with database.reading() as connection:
            kept = str(connection.execute(select(SignInAttemptRow.__table__)).all())
        assert "mistake" not in kept
        assert "192.0.2.1" not in kept


class TestSession:
    @pytest.mark.parametrize(
        "deed",
        [
            lambda c: users.disable(c, "anna", BY),
            lambda c: users.change(c, "anna", Role.ADMINISTRATOR, None, BY),
            lambda c: sessions.end_all(c, "anna"),
            lambda c: links.use(c, links.made(c, "anna", BY), HASHED, NOON),
        ],
        ids=["disabled", "another role", "signed out everywhere", "another password"],
    )
    def test_it_is_over_when(self, database: Database, deed: Callable[[Connection], object]) -> None:
        added(database)
        secret = signed_in(database)
        assert is_known(database, secret)
        with database.writing() as connection:
            deed(connection)
        assert not is_known(database, secret)

    def test_it_ends_unused(self, database: Database) -> None:
        added(database)
        secret = signed_in(database)
        assert is_known(database, secret, sessions.IDLE - MINUTE)
        assert not is_known(database, secret, sessions.IDLE)

    def test_it_ends_however_much_it_is_used(self, database: Database) -> None:
        added(database)
        secret = signed_in(database)
        later = timedelta(0)
        while later < sessions.LONGEST - MINUTE:
            later = min(later + sessions.IDLE - MINUTE, sessions.LONGEST - MINUTE)
            assert is_known(database, secret, later)
            with database.writing() as connection:
                sessions.note(connection, secret, NOON + later)
        assert not is_known(database, secret, sessions.LONGEST)

    def test_signing_out_ends_this_one_alone(self, database: Database) -> None:
        user = added(database)
        here, there = signed_in(database), signed_in(database)
        sign_out(database, user, here, NOON)
        assert (is_known(database, here), is_known(database, there)) == (False, True)
        sign_out_everywhere(database, user, NOON)
        assert not is_known(database, there)
        assert [deed for _, deed, _ in deeds(database)][-2:] == ["sign-out", "sign-out-everywhere"]

    def test_those_that_are_over_are_not_kept(self, database: Database) -> None:
        added(database)
        signed_in(database)
        with database.writing() as connection:
            sessions.begin(connection, "anna", NOON + sessions.IDLE)
            assert len(connection.execute(select(SessionRow.key)).all()) == 1

    def test_a_secret_of_nobody(self, database: Database) -> None:
        added(database)
        signed_in(database)
        assert not is_known(database, "x" * 43)
        assert not is_known(database, "\udcff")


class TestVouchedFor:
    def test_the_name_counts_the_first_time_then_the_subject(self, database: Database) -> None:
        without_password(database)
        first = door(database).as_vouched_for("https://id.example.se 17", "Anna", NOON)
        renamed = door(database).as_vouched_for("https://id.example.se 17", "anna.berg", NOON)
        another = door(database).as_vouched_for("https://id.example.se 18", "anna", NOON)
        assert isinstance(first, SignedIn)
        assert isinstance(renamed, SignedIn)
        assert renamed.user.name == "anna"
        assert another is Refusal.UNKNOWN

    def test_who_was_never_added_does_not_get_in(self, database: Database) -> None:
        assert door(database).as_vouched_for("https://id.example.se 17", "anna", NOON) is Refusal.UNKNOWN
        assert door(database).as_vouched_for("https://id.example.se 17", "a b", NOON) is Refusal.UNKNOWN

    def test_who_is_disabled_does_not_get_in(self, database: Database) -> None:
        without_password(database)
        assert isinstance(door(database).as_vouched_for("17", "anna", NOON), SignedIn)
        with database.writing() as connection:
            users.disable(connection, "anna", BY)
        assert door(database).as_vouched_for("17", "anna", NOON) is Refusal.UNKNOWN

    def test_a_name_does_not_open_what_has_a_password(self, database: Database) -> None:
        """Whoever can choose their name at the provider would be whoever they like here."""
        anna, bo = added(database), added(database, "bo")
        for by in (None, bo):
            assert door(database).as_vouched_for("17", "anna", NOON, by) is Refusal.SIGN_IN_FIRST
        assert deeds(database)[-1] == ("anna", "sign-in-refused", "user anna")
        assert isinstance(door(database).as_vouched_for("18", "anna", NOON, anna), SignedIn)
        assert isinstance(door(database).as_vouched_for("18", "anna", NOON), SignedIn)
        assert door(database).as_vouched_for("17", "anna", NOON, anna) is Refusal.UNKNOWN


def without_password(database: Database) -> None:
    with database.writing() as connection:
        users.add(connection, "anna", Role.REVIEWER, None, BY)
