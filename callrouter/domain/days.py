"""The rules of a day: ranges on the wall clock, and the weeks, seasons, exceptions and holidays that set them.

A rule is the same on whichever *line* of the file it stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from callrouter.domain.words import DecidedBy

MINUTES_A_DAY = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, order=True)
class WallRange:
    """From *start* until just before *end*, in minutes since local midnight; past 1440: the next day."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < MINUTES_A_DAY and self.start < self.end <= self.start + MINUTES_A_DAY):
            raise ValueError(f"not a range of one day: minutes {self.start} to {self.end}")

    def __str__(self) -> str:
        """Write the range as the file does: `10:00-15:00`, `20:00-03:00`, `00:00-24:00`."""
        end = self.end if self.end <= MINUTES_A_DAY else self.end - MINUTES_A_DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"


ALL_DAY = (WallRange(0, MINUTES_A_DAY),)


def in_words(ranges: Iterable[WallRange]) -> str:
    """Write *ranges* as the file does; none is `closed`."""
    return ", ".join(map(str, ranges)) or "closed"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What the rule in force says of one date: open during *ranges*, or closed all day; *line* of the file."""

    ranges: tuple[WallRange, ...]
    decided_by: DecidedBy
    reason: str
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class WeekEntry:
    """One line of a week: *weekdays* (0 is Monday) and when they are open."""

    weekdays: tuple[int, ...]
    ranges: tuple[WallRange, ...]
    line: int | None = field(default=None, compare=False)

    def __str__(self) -> str:
        """Write the line as the file does: `mon-fri 10:00-15:00`."""
        return f"{days_in_words(self.weekdays)} {in_words(self.ranges)}"


def days_in_words(weekdays: tuple[int, ...]) -> str:
    """Write *weekdays* as the file does: `mon-fri`, `tue, thu`."""
    first, last = weekdays[0], weekdays[-1]
    if len(weekdays) > 2 and weekdays == tuple(range(first, last + 1)):
        return f"{WEEKDAYS[first]}-{WEEKDAYS[last]}"
    return ", ".join(WEEKDAYS[day] for day in weekdays)


@dataclass(frozen=True, slots=True)
class Version:
    """The week that holds from the date *since*, until a later version. A day not listed is closed."""

    since: date
    entries: tuple[WeekEntry, ...]
    line: int | None = field(default=None, compare=False)

    def plans(self) -> tuple[DayPlan, ...]:
        """Return the plan of each weekday, Monday first."""
        return _week(self.entries, DecidedBy.HOURS, "", f" (from {self.since})", self.line)


@dataclass(frozen=True, slots=True)
class YearlyPeriod:
    """The same days every year as (month, day), both included; may wrap the new year.

    The end 02-29 means the end of February, whatever the year.
    """

    first: tuple[int, int]
    last: tuple[int, int]

    def covers(self, day: date) -> bool:
        """Say whether *day* is one of them."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def __str__(self) -> str:
        """Write the period as the file does: `06-15..08-15`."""
        days = (f"{month:02}-{day:02}" for month, day in (self.first, self.last))
        return "..".join(dict.fromkeys(days))


@dataclass(frozen=True, slots=True)
class DatePeriod:
    """The dates from *first* to *last*, both included; without a last: until further notice."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Say whether *day* is one of them."""
        return self.first <= day and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        """Write the period as the file does: `2026-12-28..2026-12-30`."""
        if self.first == self.last:
            return str(self.first)
        return f"{self.first}..{self.last or ''}"


@dataclass(frozen=True, slots=True)
class Season:
    """A week that replaces the hours during a period."""

    period: YearlyPeriod | DatePeriod
    entries: tuple[WeekEntry, ...]
    line: int | None = field(default=None, compare=False)

    def plans(self) -> tuple[DayPlan, ...]:
        """Return the plan of each weekday, Monday first."""
        return _week(self.entries, DecidedBy.SEASON, f"season {self.period}: ", "", self.line)


@dataclass(frozen=True, slots=True)
class HoursException:
    """One-off hours for some dates: they beat every other rule of the file."""

    period: DatePeriod
    ranges: tuple[WallRange, ...]
    why: str = ""
    line: int | None = field(default=None, compare=False)

    def plan(self) -> DayPlan:
        """Return what each of its dates becomes."""
        words = ", ".join(filter(None, (self.why, in_words(self.ranges))))
        return DayPlan(self.ranges, DecidedBy.EXCEPTION, f"exception {self.period}: {words}", self.line)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date with a holiday's name. Without a plan it is open as usual.

    A red date makes the working day before it a day of its own.
    """

    name: str
    plan: DayPlan | None
    is_red: bool


@dataclass(frozen=True, slots=True)
class Holidays:
    """The special dates of some decades, and the hours of a working day before a red one, if it has its own."""

    days: Mapping[date, SpecialDay]
    before_red: tuple[WallRange, ...] | None = None
    line: int | None = field(default=None, compare=False)

    def eve_plan(self, tomorrow: SpecialDay) -> DayPlan | None:
        """Return what a working day before *tomorrow* becomes; None: nothing special."""
        if self.before_red is None or not tomorrow.is_red:
            return None
        reason = f"day before {tomorrow.name}: {in_words(self.before_red)}"
        return DayPlan(self.before_red, DecidedBy.DAY_BEFORE, reason, self.line)


def _week(
    entries: tuple[WeekEntry, ...], decided_by: DecidedBy, before: str, after: str, line: int | None
) -> tuple[DayPlan, ...]:
    plans = [DayPlan((), decided_by, f"{before}{weekday} is not listed{after}", line) for weekday in WEEKDAYS]
    for entry in entries:
        for weekday in entry.weekdays:
            plans[weekday] = DayPlan(entry.ranges, decided_by, f"{before}{entry}{after}", entry.line)
    return tuple(plans)
