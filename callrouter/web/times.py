"""Instants as people read them, in the zone of the schedule: `i dag 17:00`, `fredag 4 december 08:00`."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from callrouter.domain.days import MINUTES_A_DAY, WallRange
from callrouter.domain.reopening import MONTHS, WEEKDAYS
from callrouter.schedule.preview.clock_changes import is_repeated
from callrouter.web.texts import Language, Text

_TODAY, _TOMORROW, _YESTERDAY = Text("i dag", "today"), Text("i morgon", "tomorrow"), Text("i går", "yesterday")
_NOW = Text("nu", "now")
_ALL_DAY = Text("dygnet runt", "around the clock")
_CLOSED = Text("stängt", "closed")
_WITHIN_A_WEEK = 7


@dataclass(frozen=True)
class Times:
    """How instants are written in *language*, by the clocks of *zone*, seen from *now*.

    A page asks what day it is a hundred times, so it has no slots.
    """

    language: Language
    zone: tzinfo
    now: datetime

    @cached_property
    def today(self) -> date:
        """The local date of *now*."""
        return self.now.astimezone(self.zone).date()

    def clock(self, at: datetime) -> str:
        """Write `17:00`; in the hour that comes twice `02:30 (+01:00)`."""
        local = at.astimezone(self.zone)
        return f"{local.hour:02}:{local.minute:02}{self._offset(local)}"

    def seconds(self, at: datetime) -> str:
        """Write `17:00:05`; in the hour that comes twice the offset too."""
        return f"{at.astimezone(self.zone).isoformat()[11:19]}{self._offset(at)}"

    def exact(self, at: datetime) -> str:
        """Write `2026-12-04 17:00:05`; in the hour that comes twice the offset too."""
        return f"{at.astimezone(self.zone).isoformat(' ')[:19]}{self._offset(at)}"

    def when(self, at: datetime) -> str:
        """Write `i dag 17:00`, `i morgon 08:00`, `fredag 4 december 08:00`."""
        return f"{self.near_day(at.astimezone(self.zone).date())} {self.clock(at)}"

    def until(self, at: datetime) -> str:
        """Write `17:00` of today's times, which nobody calls `i dag 17:00` after "till"; the others as `when` does."""
        is_today = at.astimezone(self.zone).date() == self.today
        return self.clock(at) if is_today else self.when(at)

    def by(self, at: datetime) -> str:
        """Write `fredag 4 december` of a deadline at the end of that day, as it was typed; others as `when` does."""
        local = at.astimezone(self.zone)
        return self.when(at) if local.time() != time() else self.near_day(local.date() - timedelta(days=1))

    def near_day(self, day: date) -> str:
        """Write `i dag`, `i morgon`, `fredag 4 december`, and the year if it is another one."""
        match (day - self.today).days:
            case 0:
                return _TODAY.said(self.language)
            case 1:
                return _TOMORROW.said(self.language)
            case -1:
                return _YESTERDAY.said(self.language)
            case _:
                return self.day(day) if day.year != self.today.year else self.day(day).rpartition(" ")[0]

    def day(self, day: date) -> str:
        """Write `fredag 4 december 2026`."""
        month, weekday = MONTHS[self.language][day.month - 1], WEEKDAYS[self.language][day.weekday()]
        return f"{weekday} {day.day} {month} {day.year}"

    def hours(self, ranges: tuple[WallRange, ...]) -> str:
        """Write the hours of a day: `08:00–12:00, 13:00–17:00`, `stängt`. No line is broken within a range."""
        if not ranges:
            return _CLOSED.said(self.language)
        if [wall.end - wall.start for wall in ranges] == [MINUTES_A_DAY]:
            return _ALL_DAY.said(self.language)
        return ", ".join(str(wall).replace("-", "\u2060–\u2060") for wall in ranges)

    def zone_said(self) -> str:
        """Write `Europe/Stockholm, nu UTC+01:00`: what stands above may be of summer."""
        return f"{self.zone}, {_NOW.said(self.language)} UTC{self.now.astimezone(self.zone).isoformat()[-6:]}"

    def wall(self, at: datetime) -> str:
        """Write an instant as the fields of a form have it: `2026-12-04T08:00`."""
        return f"{at.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def _offset(self, at: datetime) -> str:
        return f" ({at.astimezone(self.zone).isoformat()[-6:]})" if is_repeated(at, self.zone) else ""


def in_duration(span: timedelta) -> str:
    """Write `2 d 4 h`, `17 h 30 min`, `2 min`: two units at most."""
    minutes = max(0, int(span.total_seconds()) // 60)
    counts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join([f"{count} {unit}" for count, unit in counts if count][:2]) or "0 min"


def in_seconds(seconds: int) -> str:
    """Write `45 s`, `2 min 5 s`, `1 h 2 min`: two units at most. No line is broken within.

    The provider tells whole seconds: who hangs up at once has ended the call a little before it came.
    """
    seconds = max(0, seconds)
    counts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return "\u00a0".join([f"{count}\u00a0{unit}" for count, unit in counts if count][:2]) or "0\u00a0s"
