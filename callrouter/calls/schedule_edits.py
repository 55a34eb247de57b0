"""The schedule edited by people: judged, compared with what holds, asked of the calls that were, and saved."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from callrouter.calllog import published
from callrouter.calllog.database import Database
from callrouter.calllog.published import Publication
from callrouter.calls.backtest import Bounded, backtest_for
from callrouter.calls.schedule_places import SchedulePlace
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Origin
from callrouter.schedule.format.problems import ScheduleErrors
from callrouter.schedule.format.reading import Reading, read, version_of
from callrouter.schedule.preview.difference import Difference, difference

DAYS_AHEAD = 400
DAYS_BACK = timedelta(days=90)
SECONDS = 8.0
"""How long a back-test may keep somebody waiting: a quarter of a million calls take less."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A text that somebody wrote from the version *base*, *who* it was and *why*."""

    text: str
    base: str
    who: str
    why: str

    @property
    def version(self) -> str:
        """The version that it would be."""
        return version_of(self.text)


class ChangedMeanwhileError(Exception):
    """Somebody else has saved since: nothing was written."""


class NotWrittenError(Exception):
    """The place cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a text amounts to. *found*, *tested*: None where it has errors, or where no schedule is in force."""

    reading: Reading
    found: Difference | None = None
    tested: Bounded | None = None


def review(database: Database, text: str, current: Schedule | None, at: datetime, origin: Origin) -> Review:
    """Judge *text*, and compare it with the *current* schedule: in the days to come, and for the calls of 90 days.

    Raises:
        SQLAlchemyError: the log cannot be read.
    """
    reading = read(text, at)
    if reading.schedule is None:
        return Review(reading)
    found = difference(current, reading.schedule, at, DAYS_AHEAD) if current else None
    tested = backtest_for(SECONDS, database, reading.schedule, (at - DAYS_BACK, at), origin)
    return Review(reading, found, tested)


def save(database: Database, place: SchedulePlace, edit: Edit, at: datetime) -> None:
    """Put *edit* into force: with warnings, but never with errors, and only over the version it was made from.

    Raises:
        ScheduleErrors: it has errors; all of them.
        ChangedMeanwhileError: another version has come into its place.
        NotWrittenError: the place cannot be written.
        SQLAlchemyError: the database cannot be written.
    """
    reading = read(edit.text, at)
    if reading.schedule is None:
        raise ScheduleErrors(reading.errors)
    new = Publication(edit.version, at, edit.who, edit.why, place.file)
    try:
        keep = published.save_to_file if new.file else published.publish
        keep(database, edit.text, new, _put(place, edit))
    except SQLAlchemyError:
        if version_of(place.content()) != edit.version:
            raise  # else it is in force, and its history follows when that is seen


def _put(place: SchedulePlace, edit: Edit) -> Callable[[], None]:
    def put() -> None:
        if version_of(place.content()) != edit.base:
            raise ChangedMeanwhileError
        try:
            place.put(edit.text.encode())
        except OSError as error:
            raise NotWrittenError(error.strerror or str(error)) from error

    return put
