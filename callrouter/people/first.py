"""The first user: somebody must be able to sign in to a service that was started to be looked at."""

from sqlalchemy import Connection

from callrouter.domain.words import Role
from callrouter.people import links, users
from callrouter.people.users import By


def first_link(connection: Connection, by: By) -> str | None:
    """The secret of a link by which *by* becomes the first administrator.

    None as soon as anybody has a password, or where *by* is disabled.
    """
    known = users.users(connection)
    if any(user.has_password for user in known):
        return None
    name = users.name_of(by.who)
    user = next((user for user in known if user.name == name), None)
    if user is None:
        users.add(connection, name, Role.ADMINISTRATOR, None, by)
    elif user.disabled_at:
        return None
    return links.made(connection, name, by)
