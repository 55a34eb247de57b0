"""A time as somebody asks for it, and what becomes of it on a night when the clocks change."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from callrouter.domain.wallclock import instant_of, wall_time
from callrouter.schedule.preview.clock_changes import ClockChange, clock_change, is_repeated


@dataclass(frozen=True, slots=True)
class AskedTime:
    """The instant *at* (aware) that is meant. *missing*: the local time asked for, if the clocks of *zone* skip it."""

    at: datetime
    zone: tzinfo
    missing: datetime | None = None

    @property
    def local(self) -> datetime:
        """What the clocks show then, with its offset."""
        return self.at.astimezone(self.zone)

    @property
    def change(self) -> ClockChange | None:
        """The change of the clocks on that local date, if there is one."""
        return clock_change(self.local.date(), self.zone)

    @property
    def other(self) -> datetime | None:
        """The same time of the clocks once more, where it comes twice; None: it does not."""
        local = self.local
        return local.replace(fold=1 - local.fold) if is_repeated(self.at, self.zone) else None

    @property
    def is_second(self) -> bool:
        """Whether the clocks show this time for the second time."""
        return bool(self.local.fold)


def asked_time(typed: datetime, zone: tzinfo) -> AskedTime:
    """What *typed* means: wall clock of *zone*, or with an offset as it stands.

    Of a time that comes twice the first one is meant, of one that never comes the end of the gap.
    """
    if typed.tzinfo:
        return AskedTime(typed, zone)
    at = instant_of(typed, zone)
    return AskedTime(at, zone, None if wall_time(at, zone) == typed else typed)
