"""Which period a report is asked for, as it is typed; and which one it is compared with."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from callrouter.cli.problems import Problem
from callrouter.domain.period import Period

YEARS = range(1970, 2200)
_LAST = re.compile(r"([1-9][0-9]{0,3})([dw])")
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_MEANT_ONCE = "Say the period once: --from and --to, or --month, or --year, or --last."


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed of the period; nothing: this month so far."""

    since: str | None = None
    to: str | None = None
    month: str | None = None
    year: int | None = None
    last: str | None = None

    def periods(self, today: date) -> tuple[Period, Period]:
        """The period meant, and the one to compare it with: the same days of the month or year before, or as many days.

        Raises:
            Problem: what was typed is no period, or several.
        """
        if sum((self.month is not None, self.year is not None, self.last is not None, self._has_ends)) > 1:
            raise Problem(_MEANT_ONCE)
        period = self._period(today)
        return period, period.before(today)

    def _period(self, today: date) -> Period:
        if self.year is not None:
            return Period.year(self.year)
        if self.last is not None:
            return _last(self.last, today)
        if self._has_ends:
            return self._from_to(today)
        return month_called(self.month) if self.month is not None else Period.month(today.year, today.month)

    @property
    def _has_ends(self) -> bool:
        return self.since is not None or self.to is not None

    def _from_to(self, today: date) -> Period:
        if self.since is None:
            raise Problem("--to needs --from: the first date.")
        first, last = _date("--from", self.since), _date("--to", self.to) if self.to is not None else today
        if last < first:
            raise Problem(f"--from {first} is after --to {last}." if self.to else f"--from {first} is to come.")
        return Period(first, last)


def month_called(text: str) -> Period:
    """The month that *text* such as `2026-11` names.

    Raises:
        Problem: it names none.
    """
    found = _MONTH.fullmatch(text.strip())
    if not found or int(found[1]) not in YEARS:
        raise Problem(f"--month: expected a month such as 2026-11, got {text!r}.")
    return Period.month(int(found[1]), int(found[2]))


def _last(text: str, today: date) -> Period:
    found = _LAST.fullmatch(text.strip())
    if not found:
        raise Problem(f"--last: expected a number of days or weeks such as 30d or 4w, got {text!r}.")
    days = int(found[1]) * (7 if found[2] == "w" else 1)
    return Period(today - timedelta(days=days - 1), today)


def _date(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or day.year not in YEARS:
        raise Problem(f"{option}: expected a date such as 2026-11-23, got {text!r}.")
    return day
