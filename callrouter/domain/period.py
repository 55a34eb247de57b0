"""Periods of local dates, as reports and statements are asked for them."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import NamedTuple, Self

from callrouter.domain.span import Span
from callrouter.domain.tally import Grain
from callrouter.domain.wallclock import instant_of, midnight

_DAY = timedelta(days=1)
_MEAN_DAYS = {Grain.DAY: 1, Grain.MONTH: 30.44, Grain.YEAR: 365.25}


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

    def parts(self, coarsest: Grain = Grain.YEAR) -> list["Part"]:
        """The whole years inside, months beside them, days at the edges: few counts tell of however long a period.

        An edge that is most of a month or a year is the whole of it, less what lies beside the edge.
        """
        if coarsest is Grain.DAY:
            return [Part(coarsest, self)]
        begin = self.first if coarsest.start(self.first) == self.first else coarsest.next_start(self.first)
        after = coarsest.start(self.last + _DAY)
        if begin > after:
            return _edge(self, coarsest)
        found = []
        if self.first < begin:
            found += _edge(type(self)(self.first, begin - _DAY), coarsest)
        if begin < after:
            found.append(Part(coarsest, type(self)(begin, after - _DAY)))
        if after <= self.last:
            found += _edge(type(self)(after, self.last), coarsest)
        return found

    def span(self, zone: tzinfo) -> Span:
        """From the midnight that begins it to the one that ends it, by the clocks of *zone*."""
        first, after = midnight(self.first), midnight(self.last + _DAY)
        return Span(instant_of(first, zone), instant_of(after, zone))


class Part(NamedTuple):
    """The counts of one *grain* that begin in a *period*: to be added up or, with a *sign* of -1, taken away."""

    grain: Grain
    period: Period
    sign: int = 1

    @property
    def cells(self) -> int:
        """How many counts that is."""
        return round(self.period.days / _MEAN_DAYS[self.grain])


def _edge(period: Period, grain: Grain) -> list[Part]:
    """A piece of one month or year in finer parts, or as the whole less what lies beside: whichever is fewer counts."""
    finer = tuple(Grain)[tuple(Grain).index(grain) - 1]
    whole = Period(grain.start(period.first), grain.next_start(period.first) - _DAY)
    beside = [part for piece in _beside(period, whole) for part in piece.parts(finer)]
    less = [Part(grain, whole), *(part._replace(sign=-part.sign) for part in beside)]
    return min(period.parts(finer), less, key=lambda parts: sum(part.cells for part in parts))


def _beside(period: Period, whole: Period) -> Iterator[Period]:
    """What *whole* has before and after *period*, which lies in it."""
    if whole.first < period.first:
        yield Period(whole.first, period.first - _DAY)
    if period.last < whole.last:
        yield Period(period.last + _DAY, whole.last)


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _earlier(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
