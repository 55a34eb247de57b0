"""Whether a database is whole: its file, its tables, and the log in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog.backup import Progress, problems_of
from callrouter.calllog.catching_up import unprojected
from callrouter.calllog.database import Database
from callrouter.calllog.revisions import newest_revision, revision_of
from callrouter.calllog.tables import CallEventRow, CallRow

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found.

    *problems*: what is wrong with the file. *unfolded_calls*: calls whose row does not hold all their events. *calls*,
    *events* and *unfolded_calls* are None where they could not be counted. *checksums*: whether PostgreSQL guards its
    own pages; None on SQLite.
    """

    problems: tuple[str, ...]
    revision: str | None = None
    expected_revision: str = ""
    calls: int | None = None
    events: int | None = None
    newest_event: datetime | None = None
    unfolded_calls: int | None = None
    checksums: bool | None = None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is damaged."""
        return not self.problems

    @property
    def is_up_to_date(self) -> bool:
        """Whether the tables are those of this program, and every call is folded."""
        return self.revision == self.expected_revision and not self.unfolded_calls


def check(database: Database, tell: Progress, *, quick: bool = False) -> Checkup:
    """Look at everything, change nothing; *tell* hears of the days whose calls are compared.

    Raises:
        SQLAlchemyError: PostgreSQL cannot be asked.
        sqlite3.Error: the file cannot be looked at.
    """
    problems = tuple(problems_of(database.path, quick=quick)) if database.path else ()
    try:
        return _asked(database, problems, tell)
    except SQLAlchemyError as error:
        if not database.path:
            raise
        cause = getattr(error, "orig", None) or error
        return Checkup((*problems, f"the log cannot be read: {cause}"), expected_revision=newest_revision())


def _asked(database: Database, problems: tuple[str, ...], tell: Progress) -> Checkup:
    with database.reading() as connection:
        revision = revision_of(connection)
        checksums = None if database.path else connection.execute(text("SHOW data_checksums")).scalar_one() == "on"
    known = Checkup(problems, revision, newest_revision(), checksums=checksums)
    return known if revision != known.expected_revision else _counted(database, known, tell)


def _counted(database: Database, known: Checkup, tell: Progress) -> Checkup:
    with database.reading_at_length() as connection:
        calls = connection.execute(select(func.count()).select_from(CallRow)).scalar_one()
        events, newest = connection.execute(select(func.count(), func.max(CallEventRow.at))).one()
        days = list(_days(connection))
    unfolded = 0
    for number, day in enumerate(days, 1):
        unfolded += len(unprojected(database, day))
        tell(number, len(days))
    return Checkup(
        known.problems, known.revision, known.expected_revision, calls, events, newest, unfolded, known.checksums
    )


def _days(connection: Connection) -> Iterator[date]:
    """The days that have events; each is found in the key, whatever the number of events."""
    first = func.min(CallEventRow.day)
    day = connection.execute(select(first)).scalar()
    while day:
        yield day
        day = connection.execute(select(first).where(CallEventRow.day > day)).scalar()
