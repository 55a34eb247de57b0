"""One-time links: how a user sets a password without anybody else ever knowing it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.tables import OneTimeLinkRow, UserRow
from callrouter.people import secrets, sessions
from callrouter.people.users import By, Reason, User, UserError, required, user_in

LASTS = timedelta(hours=24)


def made(connection: Connection, name: str, by: By) -> str:
    """The secret of a new link for the user called *name*; links made before are dead.

    Raises:
        UserError: there is no such user, or they are disabled: it would be good as soon as they are not.
    """
    user = required(connection, name)
    if user.disabled_at:
        since = f"{user.disabled_at:%Y-%m-%d}"
        raise UserError(f"{user.name} is disabled since {since}: let them sign in again first.", Reason.NO_LINK)
    secret = secrets.made()
    connection.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.user == user.name))
    row = {"key": secrets.key_of(secret), "user": user.name, "made_at": by.at, "made_by": by.who}
    connection.execute(insert(OneTimeLinkRow), [row | {"ends_at": by.at + LASTS}])
    append(connection, Deed(by.who, "user-link", f"user {user.name}", {}, by.at))
    return secret


def meant_for(connection: Connection, secret: str, at: datetime) -> User | None:
    """The user whom the link is for; None if it is used up, too old, or the user is disabled."""
    query = select(UserRow.__table__).join(OneTimeLinkRow, OneTimeLinkRow.user == UserRow.name)
    lasting = (OneTimeLinkRow.key == secrets.key_of(secret), OneTimeLinkRow.ends_at > at, UserRow.disabled_at.is_(None))
    row = connection.execute(query.where(*lasting)).one_or_none()
    return user_in(row) if row else None


def use(connection: Connection, secret: str, password: str, at: datetime) -> User | None:
    """Set the *password* (a hash) of the user whom the link is for, once. They are signed out everywhere."""
    user = meant_for(connection, secret, at)
    used_up = connection.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.key == secrets.key_of(secret)))
    if user is None or used_up.rowcount == 0:  # of two at once, one waits here for the other, and finds nothing
        return None
    set_password(connection, user, password, at)
    return user


def set_password(connection: Connection, user: User, password: str, at: datetime) -> None:
    """Set the *password* (a hash) of *user*, who is signed out everywhere; links for it are dead."""
    connection.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.user == user.name))
    connection.execute(update(UserRow).where(UserRow.name == user.name).values(password=password))
    sessions.end_all(connection, user.name)
    append(connection, Deed(user.name, "password-set", f"user {user.name}", {}, at))
