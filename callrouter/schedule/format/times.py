"""Times of the wall clock: ranges of a day, weekdays, and their English and Swedish spellings."""

import re
from datetime import time
from itertools import pairwise

from callrouter.domain.days import MINUTES_A_DAY, WallRange
from callrouter.schedule.format.problems import similar
from callrouter.schedule.format.text import Unreadable, filled, tidy

_DASH = "[-\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}]"
_CLOCK = r"([0-9]{1,2})(?:[:.]([0-9]{2}))?"
_RANGE = re.compile(rf"{_CLOCK}\s*{_DASH}\s*{_CLOCK}")
_CLOSED = ("closed", "stängt")

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday mån måndag måndagar",
            "tue tues tuesday tis tisdag tisdagar",
            "wed wednesday ons onsdag onsdagar",
            "thu thur thurs thursday tor tors torsdag torsdagar",
            "fri friday fre fredag fredagar",
            "sat saturday lör lördag lördagar",
            "sun sunday sön söndag söndagar",
        )
    )
    for name in names.split()
}

WEEKDAY_NAMES = tuple(_WEEKDAYS)


def ranges(text: str) -> tuple[WallRange, ...]:
    """Read `10:00-15:00`, several with commas, or `closed`; return them in order."""
    if tidy(text).casefold() in _CLOSED:
        return ()
    found = sorted(_range(part.strip()) for part in filled(text).split(","))
    for before, after in pairwise(found):
        if after.start < before.end:
            text = "{before} and {after} overlap; expected ranges that do not, such as 08:00-12:00, 13:00-17:00"
            raise Unreadable(text, before=before, after=after)
    return tuple(found)


def _range(text: str) -> WallRange:
    match = _RANGE.fullmatch(text)
    if not match:
        hint = similar(text, _CLOSED)
        raise Unreadable(
            "'{text}' is not a range of times; expected e.g. 10:00-15:00, or closed{hint}", text=text, hint=hint
        )
    start, end = _minute(*match.group(1, 2)), _minute(*match.group(3, 4))
    if start == MINUTES_A_DAY:
        raise Unreadable(
            "'{text}' starts at 24:00, which is only an end; expected a start from 00:00 to 23:59", text=text
        )
    if start == end:
        raise Unreadable("'{text}' ends when it starts; expected e.g. 10:00-15:00; all day is 00:00-24:00", text=text)
    return WallRange(start, end if end > start else end + MINUTES_A_DAY)


def clock_time(text: str) -> int | None:
    """Read `08:00` as minutes since midnight; None: it is no time of the clock."""
    match = re.fullmatch(_CLOCK, text)
    return _minute(*match.group(1, 2)) if match else None


def _minute(hour: str, minute: str | None) -> int:
    minutes = int(hour) * 60 + int(minute or 0)
    if int(minute or 0) > 59 or minutes > MINUTES_A_DAY:
        raise Unreadable("there is no time {time}; expected 00:00 to 24:00", time=f"{hour}:{minute or '00'}")
    return minutes


def weekdays(text: str) -> tuple[int, ...]:
    """Read `mon-fri`, `tue, thu`, `mån-fre`; 0 is Monday."""
    days = [day for part in tidy(text).split(",") for day in _weekday_range(part.strip())]
    if len(days) != len(set(days)):
        raise Unreadable("'{text}' names a day twice; expected each once", text=tidy(text))
    return tuple(days)


def _weekday_range(text: str) -> list[int]:
    ends = [_weekday(word) for word in re.split(rf"\s*{_DASH}\s*", text)]
    if len(ends) > 2:
        raise Unreadable("'{text}' is no range of weekdays; expected e.g. mon-fri", text=text)
    first, last = ends[0], ends[-1]
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _weekday(word: str) -> int:
    number = _WEEKDAYS.get(word.casefold().rstrip("."))
    if number is None:
        hint = similar(word, _WEEKDAYS)
        raise Unreadable("'{word}' is no weekday; expected e.g. mon-fri or tue, thu{hint}", word=word, hint=hint)
    return number


def weekly_time(text: str) -> tuple[tuple[int, ...], time]:
    """Read `mon 09:30`."""
    days, _, clock = tidy(text).rpartition(" ")
    minutes = clock_time(clock) if days else None
    if minutes is None or minutes == MINUTES_A_DAY:
        raise Unreadable("'{text}' is no weekday with a time; expected e.g. mon 09:30", text=tidy(text))
    return weekdays(days), time(minutes // 60, minutes % 60)
