"""Dates, periods and durations of the file."""

import re
from datetime import date, datetime, timedelta

from callrouter.domain.days import DatePeriod, YearlyPeriod
from callrouter.domain.wallclock import midnight
from callrouter.schedule.format.text import Unreadable, tidy
from callrouter.schedule.format.times import clock_time

_YEARS = range(1970, 2200)
_UNITS_OF_TIME = {
    "hour": "hour", "hours": "hour", "timme": "hour", "timmar": "hour",
    "day": "day", "days": "day", "dag": "day", "dagar": "day", "dygn": "day",
    "week": "week", "weeks": "week", "vecka": "week", "veckor": "week",
    "month": "month", "months": "month", "månad": "month", "månader": "month",
    "year": "year", "years": "year", "år": "year",
}  # fmt: skip


def day(text: str) -> date:
    """Read `2026-11-23`."""
    word = tidy(text)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        raise Unreadable("'{word}' is not a date; expected YYYY-MM-DD, such as 2026-11-23", word=word)
    try:
        found = date.fromisoformat(word)
    except ValueError:
        raise Unreadable("'{word}' is not in the calendar; expected a date such as 2026-11-23", word=word) from None
    if found.year not in _YEARS:
        text = "'{word}' is out of reach; expected a year from {first} to {last}"
        raise Unreadable(text, word=word, first=_YEARS[0], last=_YEARS[-1])
    return found


def moment(text: str) -> datetime:
    """Read `2008-06-02 08:00` as naive local time."""
    first, _, clock = tidy(text).replace("T", " ").partition(" ")
    minutes = clock_time(clock)
    if minutes is None:
        raise Unreadable("'{text}' is not a date with a time; expected e.g. 2026-11-23 08:00", text=tidy(text))
    return midnight(day(first)) + timedelta(minutes=minutes)


def dates(text: str) -> DatePeriod:
    """Read `A..B`, `A..` or `A`; both days included."""
    first, last = _ends(text)
    start = day(first)
    end = start if last is None else day(last) if last else None
    if end is not None and end < start:
        raise Unreadable("'{text}' ends before it begins; expected the earlier date first", text=tidy(text))
    return DatePeriod(start, end)


def season(text: str) -> DatePeriod | YearlyPeriod:
    """Read a period of every year, `MM-DD..MM-DD`, or of dates."""
    ends = _ends(text)
    if not re.fullmatch(r"[0-9]{2}-[0-9]{2}", ends[0]):
        return dates(text)
    first = _day_of_year(ends[0])
    return YearlyPeriod(first, first if ends[1] is None else _day_of_year(ends[1]))


def _day_of_year(text: str) -> tuple[int, int]:
    try:
        found = day(f"2024-{text}")  # a leap year: it has a 29 February
    except Unreadable:
        raise Unreadable("'{text}' is not a day of the year; expected MM-DD, such as 06-15..08-15", text=text) from None
    return found.month, found.day


def moments(text: str) -> tuple[datetime, datetime | None]:
    """Read a period as naive local times, the end excluded: with clock times as written, of whole days otherwise."""
    first, last = _ends(text)
    start = _edge(first, is_end=False)
    end = _edge(first if last is None else last, is_end=True) if last != "" else None
    if end is not None and end <= start:
        raise Unreadable(
            "'{text}' ends before it begins; expected e.g. 2026-12-24 08:00..2026-12-25 08:00", text=tidy(text)
        )
    return start, end


def _edge(text: str, *, is_end: bool) -> datetime:
    if " " in text or "T" in text:
        return moment(text)
    return midnight(day(text)) + timedelta(days=is_end)


def _ends(text: str) -> tuple[str, str | None]:
    """Part `A..B`; the second is empty for `A..` and None for `A`."""
    first, dots, last = tidy(text).partition("..")
    return first.strip(), last.strip() if dots else None


def shift(text: str) -> timedelta:
    """Read how long a shift lasts, on the wall clock: `12 hours`, `1 day`, `2 weeks`."""
    count, unit = _duration(text)
    if unit not in ("hour", "day", "week") or not 1 <= count <= 1000:
        raise Unreadable("'{text}' is no length of a shift; expected e.g. 12 hours, 1 day or 2 weeks", text=tidy(text))
    return timedelta(**{f"{unit}s": count})


def keep(text: str) -> str:
    """Read how long something is kept: `30 days`, `6 months`, `2 years`."""
    count, unit = _duration(text)
    if unit not in ("day", "week", "month", "year") or not 1 <= count <= 10_000:
        raise Unreadable("'{text}' is no time to keep something; expected e.g. 30 days or 6 months", text=tidy(text))
    return f"{count} {unit}{'s' if count > 1 else ''}"


def _duration(text: str) -> tuple[int, str]:
    match = re.fullmatch(r"([0-9]{1,5})\s*([^\W\d]+)", tidy(text))
    if not match:
        return 0, ""
    return int(match[1]), _UNITS_OF_TIME.get(match[2].casefold(), "")
