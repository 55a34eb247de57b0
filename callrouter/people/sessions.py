"""Sessions: who is signed in, as rows in the database, so that one that is ended is over at once, everywhere.

Limits as NIST SP 800-63B-4 has them for AAL2 (an hour without use, and a day at most); here a working day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, CursorResult, bindparam, delete, func, insert, or_, select, update

from callrouter.calllog.tables import SessionRow, UserRow
from callrouter.people import secrets

IDLE = timedelta(hours=1)
"""A session that nobody has used for so long is over."""
LONGEST = timedelta(hours=12)
"""And none lasts longer than this."""

NOTED_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was used last: a write for each page would be in the recorder's way."""


_HOLDER = (
    select(UserRow.__table__, SessionRow.seen_at)
    .join(SessionRow, SessionRow.user == UserRow.name)
    .where(SessionRow.key == bindparam("key"), UserRow.disabled_at.is_(None))
    .where(SessionRow.seen_at > bindparam("seen_after"), SessionRow.began_at > bindparam("begun_after"))
)
"""Made once: every page asks it."""


def begin(connection: Connection, user: str, at: datetime) -> str:
    """Sign *user* in; returns the secret for the cookie. Sessions that are over are removed on the way."""
    connection.execute(delete(SessionRow).where(_is_over(at)))
    secret = secrets.made()
    row = {"key": secrets.key_of(secret), "user": user, "began_at": at, "seen_at": at}
    connection.execute(insert(SessionRow), [row])
    return secret


def holder(connection: Connection, secret: str, at: datetime) -> Any | None:
    """The row of the user who holds *secret*, with the `seen_at` of the session; None if it is over."""
    asked = {"key": secrets.key_of(secret), "seen_after": at - IDLE, "begun_after": at - LONGEST}
    return connection.execute(_HOLDER, asked).one_or_none()


def is_to_be_noted(seen_at: datetime, at: datetime) -> bool:
    """Whether it is time to note that the session is in use."""
    return at - seen_at >= NOTED_EVERY


def note(connection: Connection, secret: str, at: datetime) -> None:
    """Note that the session is in use."""
    connection.execute(update(SessionRow).where(SessionRow.key == secrets.key_of(secret)).values(seen_at=at))


def count(connection: Connection, user: str, at: datetime) -> int:
    """In how many browsers *user* is signed in."""
    lasting = select(func.count()).where(SessionRow.user == user, ~_is_over(at))
    return connection.execute(lasting).scalar_one()


@dataclass(frozen=True, slots=True)
class Session:
    """A browser in which *user* is signed in; *key* names the session, and opens nothing."""

    key: str
    user: str
    began_at: datetime
    seen_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it is over at the latest, if nobody uses it any more."""
        return min(self.seen_at + IDLE, self.began_at + LONGEST)


def lasting(connection: Connection, at: datetime, user: str | None = None) -> list[Session]:
    """The sessions that last, of one user or (None) of all, the last used first."""
    query = select(SessionRow.__table__).where(~_is_over(at)).order_by(SessionRow.seen_at.desc(), SessionRow.key)
    rows = connection.execute(query if user is None else query.where(SessionRow.user == user))
    return [Session(row.key, row.user, row.began_at, row.seen_at) for row in rows]


def end_one(connection: Connection, key: str, user: str | None = None) -> str | None:
    """End the session *key* of *user* (None: of anybody); returns whose it was, None if there is no such."""
    query = select(SessionRow.user).where(SessionRow.key == key)
    whose = connection.execute(query).scalar_one_or_none()
    if whose is None or user not in (None, whose):
        return None
    connection.execute(delete(SessionRow).where(SessionRow.key == key))
    return whose


def end(connection: Connection, secret: str) -> None:
    """Sign out."""
    connection.execute(delete(SessionRow).where(SessionRow.key == secrets.key_of(secret)))


def end_all(connection: Connection, user: str) -> int:
    """Sign *user* out everywhere; returns in how many browsers that was."""
    removed: CursorResult[Any] = connection.execute(delete(SessionRow).where(SessionRow.user == user))
    return removed.rowcount


def _is_over(at: datetime) -> Any:
    return or_(SessionRow.seen_at <= at - IDLE, SessionRow.began_at <= at - LONGEST)
