"""Reports: what merged counts of the tally say. Sums, shares and times, each with how many calls it speaks of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.hours import OpeningHours
from callrouter.domain.measures import Level, Share, Times
from callrouter.domain.period import Period
from callrouter.domain.schedule import Unit, same_hours
from callrouter.domain.tally import ANSWERED_IN, GAVE_UP_IN, LEG, TAKEN_IN, By, seconds_counted
from callrouter.domain.words import Disposition, Outcome


class GroupBy(StrEnum):
    """What a report tells apart. `heat` is weekday and hour together: `1-08` is Monday from 8 to 9."""

    UNIT = "unit"
    STATE = "state"
    WEEKDAY = "weekday"
    HOUR = "hour"
    HEAT = "heat"
    DESTINATION = "destination"
    COMPANY = "company"
    PERSON = "person"
    DAY = "day"
    MONTH = "month"

    @property
    def is_offer(self) -> bool:
        """Whether it tells apart whom calls were offered to, each call once for each of them."""
        return self in (GroupBy.DESTINATION, GroupBy.COMPANY, GroupBy.PERSON)

    @property
    def cells(self) -> By:
        """The cells of the tally that it is summed from."""
        if self in (GroupBy.WEEKDAY, GroupBy.HOUR, GroupBy.HEAT):
            return By.HOUR
        return By(self.value) if self.is_offer or self is GroupBy.STATE else By.ALL

    def key(self, unit: str, start: date, value: str) -> str:
        """The group of a cell's counts."""
        return _KEYS[self](unit, start, value)


_KEYS: Mapping[GroupBy, Callable[[str, date, str], str]] = {
    GroupBy.UNIT: lambda unit, _start, _value: unit,
    GroupBy.WEEKDAY: lambda _unit, _start, value: value.partition("-")[0],
    GroupBy.HOUR: lambda _unit, _start, value: value.partition("-")[2],
    GroupBy.DAY: lambda _unit, start, _value: start.isoformat(),
    GroupBy.MONTH: lambda _unit, start, _value: start.isoformat()[:7],
} | dict.fromkeys(
    (GroupBy.STATE, GroupBy.HEAT, GroupBy.DESTINATION, GroupBy.COMPANY, GroupBy.PERSON),
    lambda _unit, _start, value: value,
)


@dataclass(frozen=True)
class Figures:
    """The figures of some merged counts (domain/tally.py); what a cell does not count is 0.

    Times are taken from among the counts once, so it has no slots.
    """

    counts: Mapping[str, int]

    def __getitem__(self, measure: str) -> int:
        return self.counts.get(measure, 0)

    @property
    def offered(self) -> int:
        """All finished calls, but for blocked ones."""
        return self["offered"]

    @property
    def answered(self) -> int:
        """Those of which somebody talked with the caller."""
        return self["answered"]

    @property
    def by_nobody(self) -> int:
        """Those that were offered, and not answered."""
        return self.offered - self.answered

    @property
    def answer_rate(self) -> Share:
        """Answered of offered."""
        return Share(self.answered, self.offered)

    @property
    def abandoned(self) -> Share:
        """Abandoned of offered."""
        return Share(self[Disposition.ABANDONED], self.offered)

    @cached_property
    def to_answer(self) -> Times:
        """From arrival until answered."""
        return Times(seconds_counted(self.counts, ANSWERED_IN))

    @cached_property
    def gave_up(self) -> Times:
        """From arrival until the caller of an abandoned call went."""
        return Times(seconds_counted(self.counts, GAVE_UP_IN))

    @cached_property
    def taken(self) -> Times:
        """From the first ring at a destination, company or person until answered there: what a contract promises."""
        return Times(seconds_counted(self.counts, TAKEN_IN))

    @property
    def talked_seconds(self) -> int:
        """Of all answered calls together."""
        return self["talked-seconds"]

    @property
    def mean_talk(self) -> float | None:
        """Per answered call."""
        return self.talked_seconds / self.answered if self.answered else None

    @property
    def legs(self) -> dict[Outcome, int]:
        """How the phones that were rung ended, of an offer: a call may have rung several."""
        return {outcome: count for outcome in Outcome if (count := self[f"{LEG}{outcome}"])}

    def level(self, target: ServiceTarget) -> Level:
        """How many of the offered calls were answered within the target's seconds after arrival."""
        return Level(target, Share(self.to_answer.within(target.seconds), self.offered))

    def kept(self, promise: ServiceTarget) -> Level:
        """The same from the first ring at the company: what its contract promises."""
        return Level(promise, Share(self.taken.within(promise.seconds), self.offered))


@dataclass(frozen=True, slots=True)
class RepeatCallers:
    """How many known *callers* there were, how many of them *repeated* (called twice or more), by how many *calls*.

    *unknown*: calls without a caller who could be told from others.
    """

    callers: int
    repeated: int
    calls: int
    unknown: int

    @property
    def share(self) -> Share:
        """Of the callers who are known."""
        return Share(self.repeated, self.callers)


@dataclass(frozen=True, slots=True)
class Pace:
    """Calls offered in some hours of some units; *hours* of two units at once are two."""

    calls: int
    hours: float

    @property
    def per_hour(self) -> float | None:
        """None without an hour."""
        return self.calls / self.hours if self.hours else None


def complete(by: GroupBy, groups: Mapping[str, Figures], period: Period) -> Mapping[str, Figures]:
    """With the hours, weekdays, dates and months of *period* that had no call: a gap is a figure, too."""
    days = (period.first + timedelta(number) for number in range(period.days))
    keys = {
        GroupBy.WEEKDAY: lambda: [str(weekday) for weekday in range(1, 8)],
        GroupBy.HOUR: lambda: [f"{hour:02}" for hour in range(24)],
        GroupBy.DAY: lambda: list(map(str, days)),
        GroupBy.MONTH: lambda: [day.isoformat()[:7] for day in days],
    }.get(by, list)()
    return {key: groups.get(key, Figures({})) for key in sorted({*keys, *groups})} if groups else {}


def busiest(heat: Mapping[str, int], most: int) -> list[tuple[str, int]]:
    """The hours of the week with the most calls offered, at most so many."""
    hours = [(value, offered) for value, offered in heat.items() if offered]
    return sorted(hours, key=lambda hour: (-hour[1], hour[0]))[:most]


def open_hours(units: Iterable[Unit], start: datetime, end: datetime) -> float:
    """How many hours the *units* are open from *start* until *end* (aware), by the schedule as it is now."""
    opened = (len(some) * _opened(some[0].hours, start, end) for some in same_hours(units))
    return sum(opened, timedelta()) / timedelta(hours=1)


def _opened(hours: OpeningHours, start: datetime, end: datetime) -> timedelta:
    windows = hours.open_windows(start, end)
    return sum((window.end - window.start for window in windows if window.end), timedelta())
