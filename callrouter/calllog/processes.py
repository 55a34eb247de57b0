"""By which version of the schedule each process that answers does so, as all that share a database tell each other."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import ProcessRow

LIVES = timedelta(seconds=25)
"""Who has told nothing for so long is gone."""


@dataclass(frozen=True, slots=True)
class Process:
    """It answers by that *version* of the schedule (None: by none) *since* then (aware)."""

    name: str
    version: str | None
    since: datetime


def own_name() -> str:
    """How this process is called among all of all machines."""
    return f"{socket.gethostname()}:{os.getpid()}"


def tell(database: Database, own: Process, at: datetime) -> list[Process]:
    """Let the others know of *own* at *at* (aware), forget the dead, and return the others that live.

    Raises:
        SQLAlchemyError, OSError: the database cannot be written.
    """
    row = {"name": own.name, "schedule": own.version, "since": own.since, "beat_at": at}
    gone = delete(ProcessRow).where((ProcessRow.name == own.name) | (ProcessRow.beat_at < at - LIVES))
    with database.unsynced(), database.writing() as connection:
        connection.execute(gone)
        connection.execute(database.insert_new(ProcessRow).values(row))
        rows = connection.execute(select(ProcessRow.__table__).where(ProcessRow.name != own.name)).all()
    return [Process(row.name, row.schedule, row.since) for row in rows]
