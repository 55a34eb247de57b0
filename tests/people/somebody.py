"""Users for tests."""

from datetime import UTC, datetime

from callrouter.calllog.audit import entries
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.people import links, passwords, users
from callrouter.people.sign_in import Credentials, Door
from callrouter.people.users import By, User
from callrouter.sealing import Stamp

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


def deeds(database: Database) -> list[tuple[str, str, str]]:
    """The audit log: who, what, to whom."""
    with database.reading() as connection:
        return [(each.deed.who, each.deed.action, each.deed.subject) for each in entries(connection)]
