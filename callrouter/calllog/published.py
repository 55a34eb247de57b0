"""The schedule in the database: several machines share the version that was published last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import SchedulePublicationRow, ScheduleVersionRow


@dataclass(frozen=True, slots=True)
class Publication:
    """One publishing of a schedule version (its hash); the highest *id* is in force."""

    id: int
    version: str
    published_at: datetime
    by: str
    why: str | None


def latest_publication(connection: Connection) -> Publication | None:
    """The publication in force, or None if nothing was ever published."""
    row = SchedulePublicationRow
    newest = select(row.id, row.hash, row.published_at, row.by, row.why).order_by(row.id.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    return Publication(*found) if found else None


def published_text(connection: Connection, publication: Publication) -> str:
    """The schedule file of *publication*, as it was published."""
    of_version = select(ScheduleVersionRow.text).where(ScheduleVersionRow.hash == publication.version)
    return connection.execute(of_version).scalar_one()


def publish(database: Database, version: str, text: str, by: str, why: str | None, at: datetime) -> None:
    """Put the version with the hash *version* into force at *at* (aware), on every machine that reads this database."""
    known = {"hash": version, "text": text, "first_seen": at, "by": by}
    row = {"hash": version, "published_at": at, "by": by, "why": why}
    with database.writing() as connection:
        connection.execute(database.insert_new(ScheduleVersionRow), [known])
        connection.execute(insert(SchedulePublicationRow), [row])
