"""Users: added, changed, disabled by hand, each with an entry in the audit log. There is none by default."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.tables import NoteRow, OneTimeLinkRow, UserRow
from callrouter.domain.words import Role
from callrouter.people import sessions

_NAME = re.compile(r"[\w.@+-]{1,60}")


class Reason(StrEnum):
    """Why something cannot be."""

    NO_NAME = "no-name"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    DISABLED = "disabled"
    ENABLED = "enabled"
    NEEDS_COMPANY = "needs-company"
    NEEDS_NO_COMPANY = "needs-no-company"
    HAS_WRITTEN = "has-written"
    NO_LINK = "no-link"


class UserError(ValueError):
    """What was asked for cannot be: a sentence that says why, and the *reason* for whoever says it otherwise."""

    def __init__(self, sentence: str, reason: Reason) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in, unless *disabled_at* says since when not. A contractor belongs to a *company*.

    *is_bound*: the identity provider knows them, and vouches for them.
    """

    name: str
    role: Role
    company: str | None = None
    has_password: bool = False
    disabled_at: datetime | None = None
    is_bound: bool = False

    def can_sign_in(self, *, has_provider: bool) -> bool:
        """Whether they can, as they stand: with a password, or where an identity provider vouches for them."""
        return self.disabled_at is None and (self.has_password or has_provider)


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and when (aware)."""

    who: str
    at: datetime


def name_of(typed: str) -> str:
    """The name that *typed* stands for: users are told apart by it, whatever the case.

    Raises:
        UserError: it cannot be a name.
    """
    name = unicodedata.normalize("NFKC", typed).strip().casefold()
    if not _NAME.fullmatch(name):
        raise UserError(f"A name has 1 to 60 letters, digits and . _ @ + -, got {typed!r}.", Reason.NO_NAME)
    return name


def add(connection: Connection, typed: str, role: Role, company: str | None, by: By) -> User:
    """Add a user, who cannot sign in before a password is set.

    Raises:
        UserError: the name is taken or none, or role and company do not fit.
    """
    name = name_of(typed)
    _require_company(role, company)
    if find(connection, name):
        raise UserError(f"There is a user {name} already.", Reason.TAKEN)
    row = {"name": name, "role": role.value, "company": company, "made_at": by.at, "made_by": by.who}
    connection.execute(insert(UserRow), [row])
    _tell(connection, "user-add", name, by, {"role": role.value, "company": company})
    return User(name, role, company)


def find(connection: Connection, name: str) -> User | None:
    """The user called *name*."""
    row = connection.execute(select(UserRow.__table__).where(UserRow.name == name)).one_or_none()
    return user_in(row) if row else None


def held(connection: Connection, *which: ColumnElement[bool]) -> Row[Any] | None:
    """The row of the user of *which* that holds, kept from others' changes until this writing transaction ends.

    On SQLite nobody else writes at all. Else a session could begin, or a link be made, beside the deed that ends it.
    """
    return connection.execute(select(UserRow.__table__).where(*which).with_for_update()).one_or_none()


def users(connection: Connection) -> list[User]:
    """All users, by name."""
    return [
        user for row in connection.execute(select(UserRow.__table__).order_by(UserRow.name)) if (user := user_in(row))
    ]


def change(connection: Connection, name: str, role: Role, company: str | None, by: By) -> User:
    """Give a user another role; whoever is signed in as them is signed out.

    Raises:
        UserError: there is no such user, role and company do not fit, or what they have written would change hands.
    """
    user = required(connection, name)
    _require_company(role, company)
    if company != user.company:
        _require_nothing_written(connection, user.name)
    values = {"role": role.value, "company": company}
    connection.execute(update(UserRow).where(UserRow.name == user.name).values(values))
    sessions.end_all(connection, user.name)
    _tell(connection, "user-change", user.name, by, values | {"before": user.role.value})
    return User(user.name, role, company, user.has_password, user.disabled_at)


def disable(connection: Connection, name: str, by: By) -> User:
    """Let a user sign in no more; whoever is signed in as them is signed out, and links made for them are gone.

    Raises:
        UserError: there is no such user, or they are disabled already.
    """
    user = required(connection, name)
    if user.disabled_at:
        raise UserError(f"{user.name} is disabled already, since {user.disabled_at:%Y-%m-%d}.", Reason.DISABLED)
    connection.execute(update(UserRow).where(UserRow.name == user.name).values(disabled_at=by.at))
    connection.execute(delete(OneTimeLinkRow).where(OneTimeLinkRow.user == user.name))
    sessions.end_all(connection, user.name)
    _tell(connection, "user-disable", user.name, by, {})
    return user


def enable(connection: Connection, name: str, by: By) -> User:
    """Let a disabled user sign in again.

    Raises:
        UserError: there is no such user, or they are not disabled.
    """
    user = required(connection, name)
    if not user.disabled_at:
        raise UserError(f"{user.name} is not disabled.", Reason.ENABLED)
    connection.execute(update(UserRow).where(UserRow.name == user.name).values(disabled_at=None))
    _tell(connection, "user-enable", user.name, by, {})
    return user


def required(connection: Connection, typed: str) -> User:
    """The user called so, in a writing transaction: nobody else changes them before it ends.

    Raises:
        UserError: there is none.
    """
    row = held(connection, UserRow.name == name_of(typed))
    user = user_in(row) if row else None
    if user is None:
        known = ", ".join(each.name for each in users(connection)) or "none"
        raise UserError(f"There is no user {typed}. The users are: {known}.", Reason.UNKNOWN)
    return user


def user_in(row: Row[Any]) -> User | None:
    """The user of a row of `user`; None where this release does not know the role: nobody may do anything then."""
    if row.role not in set(Role):
        return None
    has_password, is_bound = row.password is not None, row.subject is not None
    return User(row.name, Role(row.role), row.company, has_password, row.disabled_at, is_bound)


def _require_company(role: Role, company: str | None) -> None:
    if role is Role.CONTRACTOR and not company:
        raise UserError("A contractor belongs to a company: name it as the schedule does.", Reason.NEEDS_COMPANY)
    if role is not Role.CONTRACTOR and company:
        raise UserError(f"Only a contractor belongs to a company, not a {role}.", Reason.NEEDS_NO_COMPANY)


def _require_nothing_written(connection: Connection, name: str) -> None:
    """A company is told of the notes of its users: those of before must not come along, nor stay behind."""
    written = select(NoteRow.id).where(NoteRow.who == name).limit(1)
    if connection.execute(written).scalar() is not None:
        raise UserError(
            f"{name} has written notes beside calls, which another company would then read or this one would lose:"
            " add a user of another name, and disable this one.",
            Reason.HAS_WRITTEN,
        )


def _tell(connection: Connection, action: str, name: str, by: By, facts: Mapping[str, Any]) -> None:
    append(connection, Deed(by.who, action, f"user {name}", facts, by.at))
