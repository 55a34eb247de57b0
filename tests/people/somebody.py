"""Users for tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.people import links, passwords, users
from callrouter.people.sign_in import Credentials, Door
from callrouter.people.users import By, User
from callrouter.sealing import Stamp

T = TypeVar("T")

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # 12:00 in Stockholm
BY = By("root", NOON)
PASSWORD = "fyra hundar i solen"
HASHED = passwords.hashed(PASSWORD)
COMPANIES = {Role.CONTRACTOR: "Nordbevakning AB"}


def added(database: Database, name: str = "anna", role: Role = Role.REVIEWER) -> User:
    """A user with PASSWORD."""
    with database.writing() as connection:
        user = users.add(connection, name, role, COMPANIES.get(role), BY)
        links.set_password(connection, user, HASHED, NOON)
    return user


def door(database: Database) -> Door:
    return Door(database, Stamp("a key for tests that is long enough", "sign-in attempt"))


def typed(password: str = PASSWORD, name: str = "anna", address: str = "192.0.2.1") -> Credentials:
    return Credentials(name, password, address)


def one_upon_another(database: Database, *deeds: Callable[[Connection], T]) -> list[T]:
    """What two deeds return of which the second begins while the first is done, and not yet for all to see."""
    is_done, may_commit = Event(), Event()
    first, second = deeds

    def slowly() -> T:
        with database.writing() as connection:
            told = first(connection)
            is_done.set()
            assert may_commit.wait(20)
            return told

    def then() -> T:
        with database.writing() as connection:
            return second(connection)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(slowly)
        assert is_done.wait(20)
        other = threads.submit(then)
        with pytest.raises(TimeoutError):
            other.result(0.3)  # it waits
        may_commit.set()
        return [slow.result(20), other.result(20)]


def deeds(database: Database) -> list[tuple[str, str, str]]:
    """The audit log: who, what, to whom."""
    with database.reading() as connection:
        return [(each.deed.who, each.deed.action, each.deed.subject) for each in entries(connection)]
