"""A report as text, JSON or CSV, and what is to be known of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from callrouter.calllog.catching_up import missing_since
from callrouter.calllog.database import Database
from callrouter.calllog.overview import Overview, overview
from callrouter.calllog.report_data import asked_data, group_data, group_rows, overview_data
from callrouter.calllog.reports import Asked, counted_period, groups, looked_up, total, units_counted
from callrouter.calllog.spreadsheet import as_csv
from callrouter.cli.columns import Titles, titles_in_rows
from callrouter.cli.report.page import page, title
from callrouter.cli.report.tables import grouped
from callrouter.domain.goals import Goals
from callrouter.domain.period import Period
from callrouter.domain.report import Figures, GroupBy, complete
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Origin


@dataclass(frozen=True, slots=True)
class Report:
    """What is asked for, the period to compare it with, and where it is read."""

    database: Database
    schedule: Schedule | None
    asked: Asked
    compared: Period
    now: datetime

    @property
    def goals(self) -> Goals:
        """What the calls are judged against: what holds at the end of the period, or now."""
        return Goals.at_end(self.schedule, self.asked.period, self.now)

    def as_text(self, by: GroupBy | None) -> list[str]:
        """Lines for a person."""
        if not self._has_calls():
            return self._nothing()
        return list(page(self._overview(), self.goals.targets, self._titles) if by is None else self._grouped(by))

    def as_json(self, by: GroupBy | None) -> str:
        """One object."""
        if by is None:
            return _dumped(overview_data(self._overview(), self.goals))
        rows = [group_data(by, key, figures, self.goals) for key, figures in self._groups(by).items()]
        return _dumped(asked_data(self.asked) | {"by": by, "groups": rows})

    def as_csv(self, by: GroupBy | None) -> str:
        """A row a group; months without one."""
        group = by or GroupBy.MONTH
        heads, rows = group_rows(group, self._groups(group), self.goals)
        return as_csv(heads, rows) if rows else ""

    def warnings(self) -> Iterator[str]:
        """What may be missing: calls that have not been folded are not counted."""
        with self.database.reading() as connection:
            since = missing_since(connection, self.asked.period, self.now)
        if since:
            yield f"Calls since {since} may be missing: they are counted when a running service has folded them."

    @property
    def _titles(self) -> Titles:
        return titles_in_rows(lambda: self.schedule)

    def _overview(self) -> Overview:
        compared = Asked(self.compared, self.asked.origin, self.asked.unit)
        with self.database.reading_at_length() as connection:
            return overview(connection, self.asked, compared, self.schedule, self.now)

    def _groups(self, by: GroupBy) -> Mapping[str, Figures]:
        today = self.now.astimezone(self.schedule.zone if self.schedule else UTC).date()
        with self.database.reading() as connection:
            found = groups(connection, looked_up(connection, self.asked), by)
            return complete(by, found, self.asked.period.until(today))

    def _grouped(self, by: GroupBy) -> Iterator[str]:
        yield f"{title(self.asked, self._titles)}, by {by}"
        yield from grouped(by, self._groups(by), self.goals, self._titles)

    def _has_calls(self) -> bool:
        with self.database.reading() as connection:
            figures = total(connection, looked_up(connection, self.asked))
        return bool(figures.offered or figures["blocked"])

    def _nothing(self) -> list[str]:
        with self.database.reading() as connection:
            known = counted_period(connection, self.asked.origin)
            others = [o for o in Origin if o != self.asked.origin and units_counted(connection, o)]
        lines = [f"{title(self.asked, self._titles)}: no call{' of origin real' * (self.asked.origin == Origin.REAL)}."]
        lines += [f"Calls are counted from {known}: for instance `--month {known.last:%Y-%m}`."] if known else []
        lines += [f"There are calls of another origin: `--origin {other}` shows them." for other in others]
        return lines


def _dumped(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
