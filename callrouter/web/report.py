"""A report for its page: read in one short transaction, drawn, each chart with its finding and its table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from callrouter.calllog.overview import Overview, overview
from callrouter.calllog.report_data import figures_data, flat, group_rows
from callrouter.calllog.reports import Asked, groups, looked_up, total
from callrouter.domain.goals import Goals
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, GroupBy, complete
from callrouter.domain.schedule import Schedule

WAITS_WIDTH, WAITS_UNTIL = 10, 120
_MOST_DAYS = 62
"""In a longer period the trend is told by months."""

AT_MOST: Mapping[str, str] = {"statement_timeout": "30s"}
"""How long PostgreSQL may look through single calls for a page: somebody waits, and a thread is held."""

Table = tuple[list[str], list[list[object]]]


class Wait(NamedTuple):
    """How many calls were answered, and how many given up, between so many seconds and just before so many more."""

    from_seconds: int
    before_seconds: int | None
    answered: int
    abandoned: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the page shows of a period. *trend*: by day or, of a long period, by month."""

    shown: Overview
    trend: Mapping[str, Figures]
    companies: Mapping[str, Figures]
    goals: Goals

    @property
    def by_month(self) -> bool:
        """Whether the trend is told by months."""
        return grain_of(self.shown.asked.period) is GroupBy.MONTH


def grain_of(period: Period) -> GroupBy:
    """What the trend of *period* tells apart."""
    return GroupBy.DAY if period.days <= _MOST_DAYS else GroupBy.MONTH


def read(connection: Connection, asked: Asked, schedule: Schedule | None, now: datetime, today: date) -> Report:
    """Read it. *today* is the local date: what is to come of the period is no gap."""
    compared = Asked(asked.period.before(today), asked.origin, asked.unit)
    grain = grain_of(asked.period)
    shown = overview(connection, asked, compared, schedule, now, in_full=False)
    return Report(
        shown=shown,
        trend=complete(grain, groups(connection, shown.asked, grain), asked.period.until(today)),
        companies=groups(connection, shown.asked, GroupBy.COMPANY),
        goals=Goals.at_end(schedule, asked.period, now),
    )


def table(connection: Connection, asked: Asked, name: str, schedule: Schedule | None, now: datetime) -> Table:
    """The table called *name* for a file: `total`, `waits`, or what a report tells apart.

    Raises:
        ValueError: there is no such table.
    """
    goals, asked = Goals.at_end(schedule, asked.period, now), looked_up(connection, asked)
    if name == "total":
        row = flat(figures_data(total(connection, asked), goals.targets))
        return list(row), [list(row.values())]
    if name == "waits":
        return list(Wait._fields), [list(each) for each in waits(total(connection, asked))]
    by = GroupBy(name)
    local = now.astimezone(schedule.zone if schedule else UTC).date()
    heads, rows = group_rows(by, complete(by, groups(connection, asked, by), asked.period.until(local)), goals)
    return heads or [by.value], rows


def waits(figures: Figures) -> list[Wait]:
    """How many calls were answered, and abandoned, after how many seconds."""
    answered = figures.to_answer.binned(WAITS_WIDTH, WAITS_UNTIL)
    abandoned = figures.gave_up.binned(WAITS_WIDTH, WAITS_UNTIL)
    begins = range(0, WAITS_UNTIL + 1, WAITS_WIDTH)
    return list(map(Wait, begins, [*begins[1:], None], answered, abandoned))
