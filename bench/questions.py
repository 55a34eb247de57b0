"""What is asked of a log of any size: as the product asks it, and the same rows by hand through the bare driver."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from bench.databases import plain_url
from callrouter.calllog import reports
from callrouter.calllog.database import Database
from callrouter.calllog.searching import page
from callrouter.domain.call_filter import CallFilter, SoughtCaller
from callrouter.domain.period import Period
from callrouter.domain.report import GroupBy
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.words import Disposition

UNIT = "unit-03"
PAGE = 50

_NEWEST = (
    "SELECT c.*, n.number FROM call c LEFT JOIN caller n ON n.day = c.day AND n.call_id = c.call_id"
    " WHERE {} ORDER BY c.received_at DESC, c.call_id DESC LIMIT 50"
)
_CELLS = (
    "SELECT unit, start, value, counts FROM tally WHERE origin = 'real' AND unit = ?"
    ' AND "by" = ? AND grain = ? AND start BETWEEN ? AND ?'
)


@dataclass(frozen=True, slots=True)
class Question:
    """Something asked: *ours* and its *floor*, and what it may take at ten million calls (ms)."""

    what: str
    goal: float
    ours: Callable[[], object]
    floor: Callable[[], object]


class Driver:
    """The bare driver; its statements mark a value with `?`."""

    def __init__(self, url: str) -> None:
        self._is_sqlite = url.startswith("sqlite")
        self._connection: Any = (
            sqlite3.connect(url.removeprefix("sqlite:///"))
            if self._is_sqlite
            else psycopg.connect(plain_url(url), options="-c timezone=UTC")
        )

    def all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows."""
        text = statement if self._is_sqlite else statement.replace("?", "%s")
        rows: list[tuple[Any, ...]] = self._connection.execute(text, values).fetchall()
        self._connection.rollback()
        return rows

    def last_day(self) -> datetime:
        """The first instant of the last day (UTC) that calls came on."""
        return datetime.fromisoformat(str(self.all("SELECT max(day) FROM call")[0][0])).replace(tzinfo=UTC)

    def days(self) -> tuple[date, date]:
        """The first and the last day (UTC) that calls came on."""
        ((first, last),) = self.all("SELECT (SELECT min(day) FROM call), (SELECT max(day) FROM call)")
        return date.fromisoformat(str(first)), date.fromisoformat(str(last))

    def instant(self, at: datetime) -> object:
        """An instant as the driver takes it."""
        return at.replace(tzinfo=None).isoformat(" ", "microseconds") if self._is_sqlite else at

    def merged(self, *values: object) -> dict[str, int]:
        """The counts of the cells that *values* name, added up."""
        total: dict[str, int] = {}
        for *_, counts in self.all(_CELLS, *values):
            for name, count in (json.loads(counts) if isinstance(counts, str) else counts).items():
                total[name] = total.get(name, 0) + count
        return total


def questions(url: str, database: Database, end: datetime) -> Iterator[Question]:
    """What is asked, about some unit, caller and days up to *end* of the database at *url*."""
    driver = Driver(url)
    yield from _pages(driver, database, end - timedelta(days=200))
    yield from _reports(driver, database, end)


def _pages(driver: Driver, database: Database, day: datetime) -> Iterator[Question]:
    """The newest calls, of all and of some; and those of a *day* long ago."""
    tomorrow = day + timedelta(days=1)
    key, key_id = driver.all("SELECT key, key_id FROM caller WHERE day = ? AND key IS NOT NULL LIMIT 1", day.date())[0]

    def newest(what: str, wanted: CallFilter, where: str, *values: object) -> Question:
        def ours() -> object:
            with database.reading() as connection:
                return page(connection, wanted, PAGE).calls

        return Question(what, 5, ours, lambda: driver.all(_NEWEST.format(where), *values))

    yield newest("newest page", CallFilter(), "1 = 1")
    yield newest("newest page of a unit", CallFilter(unit=UNIT), "c.unit = ?", UNIT)
    yield newest(
        "page of a unit and a day",
        CallFilter(unit=UNIT, since=day, until=tomorrow),
        "c.unit = ? AND c.received_at >= ? AND c.received_at < ?",
        *(UNIT, driver.instant(day), driver.instant(tomorrow)),
    )
    for outcome in (Disposition.UNANSWERED, Disposition.ABANDONED):
        yield newest(
            f"page of an outcome: {outcome}", CallFilter(disposition=outcome), "c.disposition = ?", outcome.value
        )
    yield newest(
        "page of a unit and an outcome",
        CallFilter(unit=UNIT, disposition=Disposition.MESSAGE),
        "c.unit = ? AND c.disposition = ?",
        *(UNIT, Disposition.MESSAGE.value),
    )
    yield newest("one caller's history", CallFilter(caller=SoughtCaller(key, key_id)), "n.key = ?", key)


def _reports(driver: Driver, database: Database, end: datetime) -> Iterator[Question]:
    """A whole month, a whole year, and the 365 days up to *end*: those begin and end within a month."""
    some = (end - timedelta(days=62)).date()
    month, year = Period.month(some.year, some.month), Period.year(some.year)
    days = Period((end - timedelta(days=364)).date(), end.date())

    def report(what: str, period: Period, unit: str, by: GroupBy | None = None) -> Question:
        about = reports.Asked(period, unit=unit)

        def ours() -> object:
            with database.reading() as connection:
                return reports.groups(connection, about, by) if by else reports.total(connection, about)

        kind, grain = "hour" if by else "all", "year" if period == year else "month"
        return Question(what, 50, ours, lambda: driver.merged(unit, kind, grain, period.first, period.last))

    yield report("a month by hour, a unit", month, UNIT, GroupBy.HEAT)
    yield report("a month by hour, all units", month, ALL_UNITS, GroupBy.HEAT)
    yield report("a year, a unit", year, UNIT)
    yield report("a year, all units", year, ALL_UNITS)
    yield report("a year by hour, all units", year, ALL_UNITS, GroupBy.HEAT)
    yield report("365 days, all units", days, ALL_UNITS)
    yield report("365 days by hour, all units", days, ALL_UNITS, GroupBy.HEAT)


def count(database: Database) -> int:
    """How many calls there are, as far as the counts know."""
    with database.reading() as connection:
        known = reports.counted_period(connection, "real")
        return reports.total(connection, reports.Asked(known)).offered if known else 0
