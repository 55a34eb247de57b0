"""What people are told by mail and SMS."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table


class OutboxRow(Table):
    """A notice to one *address*, once; *facts*: what its text is made of when it is sent. Nothing of a caller's in it.

    *next_at*: when it is tried next, or how long whoever tries it right now has for that; None: it is over.
    """

    __tablename__ = "outbox"

    kind: Mapped[str] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    facts: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
