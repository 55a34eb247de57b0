"""Who may sign in, who is signed in, which programs may read. Of secrets only hashes: what is read opens nothing."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table


class UserRow(Table):
    """Somebody who may sign in; *subject*: who that is at the identity provider, once they came from there.

    Never removed, only disabled: the audit log speaks of them for years.
    """

    __tablename__ = "user"
    __table_args__ = (Index("ix_user_subject", "subject", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    company: Mapped[str | None]
    password: Mapped[str | None]
    subject: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    disabled_at: Mapped[datetime | None]


class SessionRow(Table):
    """A browser that is signed in; *key* is the hash of what its cookie holds. Ended means removed."""

    __tablename__ = "session"

    key: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SignInAttemptRow(Table):
    """A sign-in that was tried and did not succeed: keyed hashes of the name and of where it came from."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    whence: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class OneTimeLinkRow(Table):
    """A link by which a user sets a password, once; *key* is the hash of what stands in the link."""

    __tablename__ = "one_time_link"

    key: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ends_at: Mapped[datetime]


class ApiTokenRow(Table):
    """What a program reads the API with; *key* is the hash of it, *prefix* its beginning, *scopes* with blanks between.

    Never removed, only revoked: the audit log speaks of them for years.
    """

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_key", "key", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    prefix: Mapped[str]
    scopes: Mapped[str]
    company: Mapped[str | None]
    unit: Mapped[str | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    ends_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
