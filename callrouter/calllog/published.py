"""The schedule in the database: several machines share the version that was published last."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from callrouter.calllog.database import Database
from callrouter.calllog.tables import SchedulePublicationRow, ScheduleVersionRow


@dataclass(frozen=True, slots=True)
class Publication:
    """The publishing of a schedule version (the hash of its file): when (aware), by which user, and why."""

    version: str
    published_at: datetime
    by: str
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with its number in the database; the highest number is in force."""

    number: int
    publication: Publication


def latest_published(connection: Connection) -> Published | None:
    """The publication in force, or None if nothing was ever published."""
    row = SchedulePublicationRow
    newest = select(row.id, row.hash, row.published_at, row.by, row.why).order_by(row.id.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    return Published(found.id, Publication(*found[1:])) if found else None


def published_text(connection: Connection, version: str) -> str:
    """The file of a published version.

    Raises:
        NoResultFound: no version has this hash.
    """
    return connection.execute(select(ScheduleVersionRow.text).where(ScheduleVersionRow.hash == version)).scalar_one()


def publish(database: Database, text: str, new: Publication) -> None:
    """Put *new*, whose file is *text*, into force on every machine that reads this database."""
    version = {"hash": new.version, "text": text, "first_seen": new.published_at, "by": new.by}
    row = {"hash": new.version, "published_at": new.published_at, "by": new.by, "why": new.why}
    with database.writing() as connection:
        connection.execute(database.insert_new(ScheduleVersionRow), [version])
        connection.execute(insert(SchedulePublicationRow), [row])
