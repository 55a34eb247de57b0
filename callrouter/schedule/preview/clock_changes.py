"""The nights when the clocks change: hours that come twice, and hours that never come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from callrouter.domain.wallclock import instant_of, midnight

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The instant (UTC) at which the clocks jump from the offset *before* to the offset *after*."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def is_forward(self) -> bool:
        """Whether the clocks skip a time; otherwise a time comes twice."""
        return self.after > self.before

    @property
    def shown_before(self) -> datetime:
        """The local time (naive) that the clocks would show without the jump."""
        return self.at.astimezone(timezone(self.before)).replace(tzinfo=None)

    @property
    def shown_after(self) -> datetime:
        """The local time (naive) that they show instead."""
        return self.at.astimezone(timezone(self.after)).replace(tzinfo=None)


@lru_cache(maxsize=1000)
def clock_change(day: date, zone: tzinfo) -> ClockChange | None:
    """Return the change of the clocks of *zone* on the local date *day*, if there is one."""
    early = instant_of(midnight(day), zone) - _SECOND
    late = instant_of(midnight(day + _DAY), zone) - _SECOND
    before, after = _offset(early, zone), _offset(late, zone)
    if before == after:
        return None
    while late - early > _SECOND:
        middle = early + (late - early) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if _offset(middle, zone) == before:
            early = middle
        else:
            late = middle
    return ClockChange(late, before, after)


def is_repeated(at: datetime, zone: tzinfo) -> bool:
    """Say whether the clocks of *zone* show the time of *at* (aware) twice."""
    local = at.astimezone(zone)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _offset(at: datetime, zone: tzinfo) -> timedelta:
    return at.astimezone(UTC).astimezone(zone).utcoffset() or timedelta(0)
