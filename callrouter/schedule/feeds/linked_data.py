"""Opening hours as schema.org has them (JSON-LD), for web sites and the search engines that read them.

Sources: schema.org/OpeningHoursSpecification (a range that closes before it opens ends on the next day) and Google's
page on LocalBusiness (opens = closes = 00:00: closed all day; 00:00 to 23:59: open all day).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from callrouter.domain.days import MINUTES_A_DAY, WallRange
from callrouter.domain.hours import OpeningHours
from callrouter.domain.schedule import Unit
from callrouter.schedule.feeds.export import Days, Deviation, UsualWeek, Week, deviations, usual_weeks
from callrouter.swedish import heard

Json = dict[str, Any]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ALL_DAY_CLOSED = {"opens": "00:00", "closes": "00:00"}
_DAY = timedelta(days=1)


def _nothing_by_hand(_unit: Unit, _period: Days) -> Mapping[date, Deviation]:
    return {}


def linked_data(
    units: Iterable[Unit],
    period: Days,
    language: str = "en",
    by_hand: Callable[[Unit, Days], Mapping[date, Deviation]] = _nothing_by_hand,
) -> Json:
    """Return *units* with the weeks that hold in *period*, and the special hours of its holidays and exceptions.

    *language* is that of what is said of these: `sv` or `en`. *by_hand*: the days that are otherwise by hand.
    """
    return {"@context": "https://schema.org", "@graph": [_unit(unit, period, language, by_hand) for unit in units]}


def _unit(unit: Unit, period: Days, language: str, by_hand: Callable[[Unit, Days], Mapping[date, Deviation]]) -> Json:
    days = _with_tail(unit.hours, period)
    weeks = [entry for week in usual_weeks(unit.hours.rules, days) for entry in _usual(week, days.first)]
    found = {each.day: each for each in deviations(unit.hours.rules, days)} | dict(by_hand(unit, days))
    special = list(_specials((found[day] for day in sorted(found)), language))
    return {
        "@type": "GovernmentOffice",
        "name": unit.title,
        "telephone": [number.e164 for number in unit.numbers],
        "openingHoursSpecification": weeks,
        "specialOpeningHoursSpecification": special,
    }


def _with_tail(hours: OpeningHours, period: Days) -> Days:
    """Begin a day earlier if that day's hours run past midnight: they belong to the day they start on."""
    yesterday = period.first - _DAY
    if any(wall.end > MINUTES_A_DAY for wall in hours.rules.plan(yesterday).ranges):
        return Days(yesterday, period.last)
    return period


def _usual(usual: UsualWeek, first: date) -> Iterator[Json]:
    """Yield the entries of a week. The one in force on the *first* day needs no beginning."""
    begins = None if usual.first == first else usual.first
    for weekdays, times in _grouped(usual.week):
        yield _entry(times, begins, usual.last, dayOfWeek=[_DAYS[day] for day in weekdays])


def _grouped(week: Week) -> Iterator[tuple[list[int], Json]]:
    """Yield times with the weekdays that have them, in the order of the week; the closed days come last."""
    ranges = dict.fromkeys(wall for of_day in week for wall in of_day)
    for wall in ranges:
        yield [day for day, of_day in enumerate(week) if wall in of_day], _times(wall)
    if closed := [day for day, of_day in enumerate(week) if not of_day]:
        yield closed, _ALL_DAY_CLOSED


def _specials(found: Iterable[Deviation], language: str) -> Iterator[Json]:
    """Yield the special hours; days in a row to which the same rule gives the same hours make one entry."""
    numbered = enumerate(found)
    for _, same in groupby(numbered, key=lambda one: (one[1].day - one[0] * _DAY, one[1].ranges, one[1].reason)):
        days = [deviation for _, deviation in same]
        first, last = days[0], days[-1]
        for times in map(_times, first.ranges) if first.ranges else (_ALL_DAY_CLOSED,):
            yield _entry(times, first.day, last.day, description=heard(first.reason, language))


def _entry(times: Json, begins: date | None, ends: date | None, **others: Any) -> Json:
    valid = {"validFrom": begins and begins.isoformat(), "validThrough": ends and ends.isoformat()}
    given = {name: value for name, value in valid.items() if value}
    return {"@type": "OpeningHoursSpecification", **others, **times, **given}


def _times(wall: WallRange) -> Json:
    is_all_day = wall.end - wall.start == MINUTES_A_DAY
    return {"opens": _clock(wall.start), "closes": _clock(wall.end - is_all_day)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
