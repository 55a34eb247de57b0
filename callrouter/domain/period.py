"""Periods of local dates, as reports and statements are asked for them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Self

from callrouter.domain.span import Span
from callrouter.domain.tally import Grain
from callrouter.domain.wallclock import instant_of, midnight

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The local dates from *first* to *last*, both included.

    Raises:
        ValueError: it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period ends on or after its first day, got {self}")

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    @classmethod
    def month(cls, year: int, month: int) -> Self:
        """A calendar month."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def year(cls, year: int) -> Self:
        """A calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def days(self) -> int:
        """How many dates."""
        return (self.last - self.first).days + 1

    def covers(self, day: date) -> bool:
        """Whether *day* is one of its dates."""
        return self.first <= day <= self.last

    def until(self, day: date) -> Self:
        """Without what lies after *day*; the same if all of it does."""
        return type(self)(self.first, min(self.last, day)) if day >= self.first else self

    def days_before(self) -> Self:
        """As many days, just before."""
        return type(self)(self.first - timedelta(days=self.days), self.first - _DAY)

    def months_before(self, months: int) -> Self:
        """The same dates *months* earlier; where the month has no such date, or this one ends a month: its last."""
        last = _earlier(self.last, months)
        ends_month = (self.last + _DAY).day == 1
        return type(self)(_earlier(self.first, months), _end_of_month(last) if ends_month else last)

    def before(self, today: date) -> Self:
        """What a report compares it with: the same days of the month or year before, or as many days, up to *today*."""
        past = self.until(today)
        if self == type(self).year(self.first.year):
            return past.months_before(12)
        return (
            past.months_before(1) if self == type(self).month(self.first.year, self.first.month) else past.days_before()
        )

    def from_begin_of_year(self) -> Self:
        """Since the year of its first date began: the same calls, where none had come before."""
        return type(self)(date(self.first.year, 1, 1), self.last)

    def to_end_of_year(self) -> Self:
        """Until the year of its last date ends: the same calls, where none has come later."""
        return type(self)(self.first, date(self.last.year, 12, 31))

    def widened(self) -> Self:
        """With a day more at each end: no local date is further from its UTC date."""
        return type(self)(self.first - _DAY, self.last + _DAY)

    def parts(self, coarsest: Grain = Grain.YEAR) -> Iterator[tuple[Grain, Self]]:
        """The whole years inside, months beside them, days at the edges: few counts tell of however long a period."""
        *finer, grain = tuple(Grain)[: tuple(Grain).index(coarsest) + 1]
        if not finer:
            yield grain, self
            return
        begin = self.first if grain.start(self.first) == self.first else grain.next_start(self.first)
        after = grain.start(self.last + _DAY)
        if begin >= after:
            yield from self.parts(finer[-1])
            return
        if self.first < begin:
            yield from type(self)(self.first, begin - _DAY).parts(finer[-1])
        yield grain, type(self)(begin, after - _DAY)
        if after <= self.last:
            yield from type(self)(after, self.last).parts(finer[-1])

    def span(self, zone: tzinfo) -> Span:
        """From the midnight that begins it to the one that ends it, by the clocks of *zone*."""
        first, after = midnight(self.first), midnight(self.last + _DAY)
        return Span(instant_of(first, zone), instant_of(after, zone))


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _earlier(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
