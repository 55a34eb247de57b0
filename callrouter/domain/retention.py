"""Retention: how long each class of data may be kept, as decided. Nothing goes without a decision."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from callrouter.domain.schedule import Retention
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.domain.words import Retained

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_FIRST_DAY = date(1970, 1, 1)
"""Nothing was logged before."""


@dataclass(frozen=True, slots=True)
class Due:
    """What must be gone: all of *what* that is older than the instant *before* (UTC), and the decision that says so."""

    what: Retained
    before: datetime
    decision: str
    decided_on: date


def due(rules: Iterable[Retention], at: datetime, zone: tzinfo) -> dict[Retained, Due]:
    """What must be gone at *at* (aware). A decision of a day that is still to come says nothing yet."""
    today = wall_time(at, zone).date()
    return {
        rule.what: Due(rule.what, kept_since(rule.keep, at, zone), rule.decision, rule.decided_on)
        for rule in rules
        if rule.decided_on <= today
    }


def kept_since(keep: str, at: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) before which what is kept for *keep*, such as `6 months`, may go at *at*: a midnight of *zone*.

    Months and years are those of the calendar; where the earlier month lacks the day, its last one: never too early.
    """
    count, unit = keep.split()
    length, today = int(count), wall_time(at, zone).date()
    kind = unit.removesuffix("s")
    if kind in _MONTHS:
        first = _months_before(today, length * _MONTHS[kind])
    else:
        first = today - timedelta(days=length * _DAYS[kind])
    return instant_of(midnight(max(first, _FIRST_DAY)), zone)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < _FIRST_DAY.year:
        return _FIRST_DAY
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
