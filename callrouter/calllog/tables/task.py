"""Long work that somebody asked for on the pages."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from callrouter.calllog.tables.base import Table


class TaskRow(Table):
    """A task: what, who, how far it is, how it ended. *beat_at*: its process lived then."""

    __tablename__ = "task"

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    by: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    beat_at: Mapped[datetime]
    asked: Mapped[dict[str, Any]]
    started_at: Mapped[datetime | None]
    done: Mapped[int]
    total: Mapped[int]
    cancelled_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    result: Mapped[dict[str, Any]]
    file: Mapped[str | None]
