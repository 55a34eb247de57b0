"""What people type when they decide something by hand: an end, and a line of text."""

import re
from datetime import datetime, timedelta, tzinfo

from callrouter.domain.wallclock import instant_of, midnight, wall_time

CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
YEARS = range(1970, 2200)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotATimeError(ValueError):
    """The text is no time. *is_far*: it is one, in a year that nobody can mean."""

    def __init__(self, text: str, *, is_far: bool = False) -> None:
        super().__init__(text)
        self.is_far = is_far


def read_until(typed: str, zone: tzinfo, now: datetime) -> datetime:
    """The instant that *typed* means, wall clock of *zone*; a date means the end of that day, a time that of today.

    Raises:
        NotATimeError: it is none.
    """
    text = typed.strip()
    if match := CLOCK.fullmatch(text):
        today = midnight(wall_time(now, zone).date())
        return instant_of(today + timedelta(hours=int(match[1]), minutes=int(match[2])), zone)
    return _instant(text, zone, days=1)


def read_since(typed: str, zone: tzinfo) -> datetime:
    """The instant that *typed* means, wall clock of *zone*; a date means its beginning.

    Raises:
        NotATimeError: it is none.
    """
    return _instant(typed.strip(), zone, days=0)


def _instant(text: str, zone: tzinfo, days: int) -> datetime:
    """A date means so many *days* after its beginning."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotATimeError(text) from error
    if at.year not in YEARS:
        raise NotATimeError(text, is_far=True)
    if _DATE.fullmatch(text):
        at += timedelta(days=days)
    return at if at.tzinfo else instant_of(at, zone)


def in_one_line(text: str) -> str:
    """*text* in one line that every database, page and terminal takes."""
    printable = "".join(each if each.isprintable() else " " for each in text.encode(errors="replace").decode())
    return " ".join(printable.split())
