"""The first user: somebody must be able to sign in to a service that was started to be looked at."""

from sqlalchemy import Connection

from callrouter.domain.words import Role
from callrouter.people import links, users
from callrouter.people.users import By


def first_link(connection: Connection, by: By) -> str | None:
    """The secret of a link by which *by* becomes the first administrator; None as soon as anybody has a password."""
    known = users.users(connection)
    if any(user.has_password for user in known):
        return None
    name = users.name_of(by.who)
    if name not in {user.name for user in known}:
        users.add(connection, name, Role.ADMINISTRATOR, None, by)
    return links.made(connection, name, by)
