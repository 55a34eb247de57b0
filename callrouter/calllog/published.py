"""The schedule in the database: several machines share what was published last; and who saved which version, why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.tables import SchedulePublicationRow, ScheduleVersionRow


@dataclass(frozen=True, slots=True)
class Publication:
    """The publishing of a schedule version (the hash of its file): when (aware), by which user, and why.

    *file*: it was saved there, for one machine, instead of published for all that share the database.
    """

    version: str
    published_at: datetime
    by: str
    why: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with its number in the database; the highest number is in force."""

    number: int
    publication: Publication


def latest_published(connection: Connection) -> Published | None:
    """The publication in force, or None if nothing was ever published."""
    row = SchedulePublicationRow
    newest = (
        select(row.id, row.hash, row.published_at, row.by, row.why)
        .where(row.file.is_(None))
        .order_by(row.id.desc())
        .limit(1)
    )
    found = connection.execute(newest).one_or_none()
    return Published(found.id, Publication(*found[1:])) if found else None


def published_text(connection: Connection, version: str) -> str:
    """The file of a published version.

    Raises:
        NoResultFound: no version has this hash.
    """
    return connection.execute(select(ScheduleVersionRow.text).where(ScheduleVersionRow.hash == version)).scalar_one()


def text_of(connection: Connection, version: str) -> str | None:
    """The file of a version that was ever in force or saved; None: there is no such."""
    return connection.execute(select(ScheduleVersionRow.text).where(ScheduleVersionRow.hash == version)).scalar()


def publish(database: Database, text: str, new: Publication, put: Callable[[], None] = lambda: None) -> None:
    """Put *new*, whose file is *text*, into force on every machine that reads this database.

    *put* is called while nobody else can publish, after all else: what it raises undoes everything.
    """
    version = {"hash": new.version, "text": text, "first_seen": new.published_at, "by": new.by}
    row = {
        "hash": new.version,
        "published_at": new.published_at,
        "by": new.by,
        "why": new.why,
        "file": new.file,
    }
    facts = {"version": new.version, "file": new.file}
    with database.writing() as connection:
        append(connection, Deed(new.by, "schedule", f"schedule {new.version[:8]}", facts, new.published_at))
        connection.execute(database.insert_new(ScheduleVersionRow), [version])
        connection.execute(insert(SchedulePublicationRow), [row])
        put()


def history(connection: Connection, file: str | None, limit: int) -> list[Publication]:
    """What was saved to *file* (None: published), and the versions in force that came otherwise; the newest first.

    Those were changed outside of here: *by* says where they were found, and there is no why.
    """
    row, version = SchedulePublicationRow, ScheduleVersionRow
    mine = row.file.is_(None) if file is None else row.file == file
    saved = select(row.hash, row.published_at, row.by, row.why, row.file).where(mine).order_by(row.id.desc())
    found = (
        select(version.hash, version.first_seen, version.by)
        .where(version.hash.not_in(select(row.hash)))
        .order_by(version.first_seen.desc())
    )
    several = [Publication(*each) for query in (saved, found) for each in connection.execute(query.limit(limit))]
    return sorted(several, key=lambda each: each.published_at, reverse=True)[:limit]
