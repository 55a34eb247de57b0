"""The schedule as its page shows it: what each day of a year is, who is on call, and what happens at a time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice

from callrouter.domain.control import Control
from callrouter.domain.oncall import Rota, Shift
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.until import YEARS, NotATimeError
from callrouter.domain.words import DecidedBy
from callrouter.schedule.format.reading import version_of
from callrouter.schedule.preview.asked_time import AskedTime, asked_time
from callrouter.schedule.preview.explain import Explanation, OnCall, Stop, explain, on_call
from callrouter.schedule.preview.year import Day, UnitYear
from callrouter.web.texts import Text
from callrouter.web.unit_now import day_name

_SHIFTS_SHOWN = 8
_SHIFTS_WITHIN = timedelta(days=70)
_LONGEST_LINE = 160
_NUMBER = re.compile(r"(?<![\w.:])(?:\+|0)\d[\d \-]{5,}\d")
"""What may be a telephone number: a plus or a nought, and many digits. No date and no time looks like that."""


class Sign(StrEnum):
    """What a day is: as the week says, or not."""

    OPEN = "open"
    CLOSED = "closed"
    OTHER = "other"
    SHUT = "shut"


SIGNS: Mapping[Sign, tuple[Text, Text]] = {
    Sign.OPEN: (Text("Ö", "O"), Text("öppet som vanligt", "open as usual")),
    Sign.CLOSED: (Text("S", "C"), Text("stängt som vanligt", "closed as usual")),
    Sign.OTHER: (Text("A", "D"), Text("avvikande: öppet andra tider", "deviating: open at other times")),
    Sign.SHUT: (Text("X", "X"), Text("avvikande: stängt, annars öppet", "deviating: closed, otherwise open")),
}
"""The letter of each, and what it means."""


_SIGN = {(True, True): Sign.OTHER, (True, False): Sign.SHUT, (False, True): Sign.OPEN, (False, False): Sign.CLOSED}
"""By whether a day deviates, and whether it is open at all."""


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of the strip. *name*: what makes it differ, or the holiday that it is."""

    day: Day
    sign: Sign
    name: Text

    @property
    def is_notable(self) -> bool:
        """Whether it differs or has a name. A weekend in a season, closed as ever, does neither."""
        is_named = bool(self.name.en) and self.day.plan.decided_by is not DecidedBy.SEASON
        return bool(self.day.deviates or is_named or self.day.clock_change or self.day.is_undecided)


def year_days(of: UnitYear) -> tuple[tuple[YearDay, ...], ...]:
    """The days of *of*, month by month."""
    days = [_year_day(of.unit, day) for day in of.days]
    return tuple(tuple(each for each in days if each.day.date.month == month) for month in range(1, 13))


def notable(months: tuple[tuple[YearDay, ...], ...]) -> list[tuple[date, date, YearDay]]:
    """What differs from the usual week, and what has a name: first and last date of days in a row that are alike."""
    found: list[tuple[date, date, YearDay]] = []
    for each in (each for month in months for each in month if each.is_notable):
        day = each.day.date
        if found and day - found[-1][1] <= timedelta(days=3) and _alike(found[-1][2], each):
            found[-1] = (found[-1][0], day, found[-1][2])
        else:
            found.append((day, day, each))
    return found


def _alike(one: YearDay, other: YearDay) -> bool:
    """Whether two days are named in one row: of the same rule, with the same hours, and nothing more to be said."""
    is_plain = not (one.day.clock_change or one.day.is_undecided or other.day.clock_change or other.day.is_undecided)
    same = (one.name, one.day.plan.decided_by, one.day.plan.ranges) == (
        other.name,
        other.day.plan.decided_by,
        other.day.plan.ranges,
    )
    return is_plain and same and bool(one.name.en)


def _year_day(unit: Unit, day: Day) -> YearDay:
    return YearDay(day, _SIGN[day.deviates, bool(day.plan.ranges)], _name(unit, day))


def _name(unit: Unit, day: Day) -> Text:
    if day.name and not day.as_usual:
        return day_name(unit.hours.rules, day.date, day.plan)
    return Text(day.as_usual, day.as_usual)


@dataclass(frozen=True, slots=True)
class Duties:
    """Who of a rota is on call now, and the shifts from now on."""

    rota: Rota
    now: OnCall
    shifts: tuple[Shift, ...]


def duties(schedule: Schedule, at: datetime) -> list[Duties]:
    """The duties of each rota, from *at* (aware) on."""
    return [
        Duties(rota, on_call(rota, at), tuple(islice(rota.shifts(at, at + _SHIFTS_WITHIN), _SHIFTS_SHOWN)))
        for rota in schedule.rotas.values()
    ]


@dataclass(frozen=True, slots=True)
class Answer:
    """What happens to a call to *unit* at *time*. *rule*: the line of the file that says so, numbers hidden."""

    unit: Unit
    time: AskedTime
    found: Explanation
    rule: str

    @property
    def first(self) -> Stop | None:
        """Where a phone rings first."""
        return next((stop for stop in self.found.stops if stop.rings), None)


def answer(schedule: Schedule, unit: Unit, typed: str, control: Control, content: bytes) -> Answer:
    """Say what happens to a call to *unit* at *typed*; *content*: the file, if it is the one in force.

    Raises:
        NotATimeError: *typed* is no time.
    """
    time = asked_time(_read(typed), schedule.zone)
    found = explain(schedule, unit, time.at, control)
    return Answer(unit, time, found, _line(schedule, content, found.decision.line))


def _read(typed: str) -> datetime:
    try:
        at = datetime.fromisoformat(typed.strip())
    except ValueError as error:
        raise NotATimeError(typed) from error
    if at.year not in YEARS:
        raise NotATimeError(typed, is_far=True)
    return at


def _line(schedule: Schedule, content: bytes, number: int | None) -> str:
    if number is None or version_of(content) != schedule.version:
        return ""
    lines = list(_lines(content))
    return _NUMBER.sub("***", lines[number - 1]).strip()[:_LONGEST_LINE] if number <= len(lines) else ""


def _lines(content: bytes) -> Iterator[str]:
    text = content.decode("utf-8-sig", errors="replace")
    yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
