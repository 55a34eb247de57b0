"""The schedule in the database: several machines share what was published last; and who saved which version, why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.tables import SchedulePublicationRow, ScheduleVersionRow

_FILE = "file "
_FOUND = (_FILE, "database ", "last-good ")
"""How *by* begins where nobody is known: the kind of source that a version was found in, and then which one."""


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
    with database.writing() as connection:
        append(connection, _deed(new))
        _keep(database, connection, text, new)
        put()


def save_to_file(database: Database, text: str, new: Publication, put: Callable[[], None]) -> None:
    """Save *new*, whose file is *text*, to its file, by *put*: that it is meant stands first, and then that it is done.

    *put* is called while nobody else can save, after all else: what it raises undoes everything. If the database fails
    between the two, whoever sees the version in force notes that it is (`came_into_force`).

    Raises:
        SQLAlchemyError: the database cannot be written. The file may have been.
    """
    with database.writing() as connection:
        number = _keep(database, connection, text, new, is_meant=True)
    try:
        with database.writing() as connection:
            _note_saved(connection, number, new)
            put()
    except SQLAlchemyError:
        raise
    except Exception:
        with database.writing() as connection:
            connection.execute(delete(SchedulePublicationRow).where(SchedulePublicationRow.id == number))
        raise


def came_into_force(connection: Connection, version: str, by: str, at: datetime) -> None:
    """Note that *version* is in force since *at*, found as *by* says. In a writing transaction.

    Whoever meant to save it has. A file that was changed outside of here gets a row of its own, unless the history of
    that file tells of it already: another process may have seen it first, and a restart is no change.
    """
    row = SchedulePublicationRow
    meant = select(row.__table__).where(row.hash == version, row.is_meant.is_(True)).order_by(row.id.desc())
    found = connection.execute(meant).first()
    if found:
        _note_saved(connection, found.id, Publication(version, found.published_at, found.by, found.why, found.file))
    if by.startswith(_FILE):
        file = by.removeprefix(_FILE)
        if [each.version for each in history(connection, file, 1)] != [version]:
            connection.execute(insert(row).values(hash=version, published_at=at, by=by, file=file))


def _keep(
    database: Database, connection: Connection, text: str, new: Publication, *, is_meant: bool | None = None
) -> int:
    version = {"hash": new.version, "text": text, "first_seen": new.published_at, "by": new.by}
    connection.execute(database.insert_new(ScheduleVersionRow), [version])
    row = {"hash": new.version, "published_at": new.published_at, "by": new.by, "why": new.why, "file": new.file}
    made = insert(SchedulePublicationRow).values(row | {"is_meant": is_meant})
    return int(connection.execute(made.returning(SchedulePublicationRow.id)).scalar_one())


def _note_saved(connection: Connection, number: int, new: Publication) -> None:
    """Only once, whoever comes first."""
    meant = (SchedulePublicationRow.id == number, SchedulePublicationRow.is_meant.is_(True))
    if connection.execute(update(SchedulePublicationRow).where(*meant).values(is_meant=None)).rowcount == 1:
        append(connection, _deed(new))


def _deed(new: Publication) -> Deed:
    facts = {"version": new.version, "file": new.file}
    return Deed(new.by, "schedule", f"schedule {new.version[:8]}", facts, new.published_at)


def history(connection: Connection, file: str | None, limit: int) -> list[Publication]:
    """What was saved to *file* (None: published), and the versions in force that came otherwise; the newest first.

    Those were changed outside of here: *by* says where they were found, and there is no why. The first time that a
    version was found stands beside its text; each later time is a row like those that were saved.
    """
    row, version = SchedulePublicationRow, ScheduleVersionRow
    mine = and_(row.file.is_(None) if file is None else row.file == file, row.is_meant.is_(None))
    saved = select(row.hash, row.published_at, row.by, row.why, row.file).where(mine).order_by(row.id.desc())
    found = (
        select(version.hash, version.first_seen, version.by)
        .where(or_(*(version.by.startswith(kind) for kind in _FOUND)))
        .order_by(version.first_seen.desc())
    )
    several = [Publication(*each) for query in (saved, found) for each in connection.execute(query.limit(limit))]
    return sorted(several, key=lambda each: each.published_at, reverse=True)[:limit]
