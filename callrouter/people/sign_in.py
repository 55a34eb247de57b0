"""Signing in and out: with a password, or as whom the identity provider vouches for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.tables import UserRow
from callrouter.people import attempts, passwords, sessions
from callrouter.people.attempts import Guess
from callrouter.people.users import User, UserError, held, name_of, user_in


class Refusal(StrEnum):
    """Why nobody is signed in."""

    WRONG = "wrong"
    TOO_OFTEN = "too-often"
    UNKNOWN = "unknown"
    NOT_VOUCHED = "not-vouched"
    SIGN_IN_FIRST = "sign-in-first"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user, and the secret of the session that has begun."""

    user: User
    secret: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed, and the address that it came from."""

    name: str
    password: str
    address: str


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in. *stamp* makes keyed hashes of names and addresses."""

    database: Database
    stamp: Callable[[str], str]

    def with_password(self, typed: Credentials, at: datetime) -> SignedIn | Refusal:
        """Sign in whoever knows the password. It is judged outside of any transaction, for it takes its time."""
        try:
            name = name_of(typed.name)
        except UserError:
            name = ""
        guess = Guess(self.stamp(f"name {name}"), self.stamp(f"address {typed.address}"))
        with self.database.writing() as connection:
            if not attempts.admitted(connection, guess, at):
                return Refusal.TOO_OFTEN
            row = connection.execute(select(UserRow.__table__).where(UserRow.name == name)).one_or_none()
        is_right = passwords.fits(row.password if row else None, typed.password)
        with self.database.writing() as connection:
            now = held(connection, UserRow.name == name)
            is_same = row and now and now.password == row.password  # still the one that was judged
            if now and is_same and is_right and not now.disabled_at:
                attempts.forget(connection, guess.name)
                return _begin(connection, now, "password", at) or Refusal.WRONG
            if now:
                append(connection, Deed(now.name, "sign-in-refused", f"user {now.name}", {}, at))
            else:
                attempts.note_again(connection, guess, at)
        return Refusal.WRONG

    def as_vouched_for(
        self, subject: str, typed: str, at: datetime, signed_in: User | None = None
    ) -> SignedIn | Refusal:
        """Sign in the user whom the provider knows as *subject*: at the first time, the one who has that name here.

        Nobody gets in who was not added before. Who has a password here shows first that they know it: they are
        *signed_in* in the same browser.
        """
        with self.database.writing() as connection:
            row = connection.execute(select(UserRow.__table__).where(UserRow.subject == subject)).one_or_none()
            row = row or _named(connection, typed)
            if row is None:
                return Refusal.UNKNOWN
            if row.subject is None:
                if row.password and (signed_in is None or signed_in.name != row.name):
                    append(connection, Deed(row.name, "sign-in-refused", f"user {row.name}", {"by": "provider"}, at))
                    return Refusal.SIGN_IN_FIRST
                _bind(connection, row.name, subject, at)
            return _begin(connection, row, "provider", at) or Refusal.UNKNOWN

    def forget_attempts(self, connection: Connection, name: str) -> None:
        """Let the user called *name* try anew."""
        attempts.forget(connection, self.stamp(f"name {name}"))


def sign_out(database: Database, user: User, secret: str, at: datetime) -> None:
    """End one session."""
    with database.writing() as connection:
        sessions.end(connection, secret)
        append(connection, Deed(user.name, "sign-out", f"user {user.name}", {}, at))


def sign_out_everywhere(database: Database, user: User, at: datetime) -> None:
    """End all sessions of *user*."""
    with database.writing() as connection:
        ended = sessions.end_all(connection, user.name)
        append(connection, Deed(user.name, "sign-out-everywhere", f"user {user.name}", {"sessions": ended}, at))


def end_session(database: Database, key: str, by: User, at: datetime, *, of_anybody: bool = False) -> bool:
    """End the session *key*: one of their own, or *of_anybody*; False: there is no such."""
    with database.writing() as connection:
        whose = sessions.end_one(connection, key, None if of_anybody else by.name)
        if whose:
            append(connection, Deed(by.name, "session-end", f"user {whose}", {}, at))
    return whose is not None


def _begin(connection: Connection, row: Row[Any], how: str, at: datetime) -> SignedIn | None:
    user = user_in(row)
    if user is None or user.disabled_at:
        return None
    append(connection, Deed(user.name, "sign-in", f"user {user.name}", {"by": how}, at))
    return SignedIn(user, sessions.begin(connection, user.name, at))


def _named(connection: Connection, typed: str) -> Row[Any] | None:
    """The user of that name; none who is known by another subject, or is disabled."""
    try:
        name = name_of(typed)
    except UserError:
        return None
    return held(connection, UserRow.name == name, UserRow.subject.is_(None), UserRow.disabled_at.is_(None))


def _bind(connection: Connection, name: str, subject: str, at: datetime) -> None:
    """Let the user called *name* be known by *subject* from now on."""
    connection.execute(update(UserRow).where(UserRow.name == name).values(subject=subject))
    append(connection, Deed(name, "user-bind", f"user {name}", {}, at))
