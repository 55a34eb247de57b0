"""Where the schedule in force is read from."""

from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.database import Database
from callrouter.calllog.published import latest_published, published_text
from callrouter.schedule.watched import Contents, FileSource, ScheduleSource, Signature, UnreadableError
from callrouter.settings import ScheduleLocation


@dataclass(frozen=True, slots=True)
class PublishedSource:
    """The schedule that was published last in a database."""

    database: Database

    @property
    def kind(self) -> str:
        return "database"

    @property
    def place(self) -> str:
        return self.database.shown_url

    def signature(self) -> Signature | None:
        try:
            with self.database.reading() as connection:
                latest = latest_published(connection)
        except SQLAlchemyError:
            return None
        return (latest.number,) if latest else None

    def contents(self) -> Contents:
        try:
            with self.database.reading() as connection:
                latest = latest_published(connection)
                text = published_text(connection, latest.publication.version) if latest else None
        except SQLAlchemyError as error:
            raise UnreadableError("cannot be read: {why}", why=str(error).splitlines()[0]) from None
        if latest is None or text is None:
            raise UnreadableError("holds no published schedule; publish one with: callrouter schedule publish FILE")
        return Contents(text.encode(), (latest.number,))


def schedule_source(location: ScheduleLocation, database: Database) -> ScheduleSource:
    """Where the schedule is read from: a file, or what was last published in *database*."""
    if location == "database":
        return PublishedSource(database)
    return FileSource(location)
