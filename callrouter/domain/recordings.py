"""How long a message that a caller left may be kept, as its unit says."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta, tzinfo

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import require_aware
from callrouter.domain.wallclock import instant_of, wall_time

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}


def recording_kept_until(schedule: Schedule, unit: Unit, recorded_at: datetime) -> datetime | None:
    """The instant (UTC) after which a message left at *unit* at *recorded_at* (aware) must be gone.

    None: the unit does not say; then the retention of recordings alone does. Where both do, the earlier one holds.

    Raises:
        ValueError: *recorded_at* is naive.
    """
    if unit.recordings_kept is None:
        return None
    return _after(unit.recordings_kept, require_aware(recorded_at), schedule.zone)


def _after(keep: str, at: datetime, zone: tzinfo) -> datetime:
    """*keep* (such as `6 months`) after *at* on the wall clock; where the later month lacks the day: its last one."""
    count, unit = keep.split()
    length, kind, wall = int(count), unit.removesuffix("s"), wall_time(at, zone)
    try:
        if kind in _DAYS:
            return instant_of(wall + timedelta(days=length * _DAYS[kind]), zone)
        year, month = divmod(wall.year * 12 + wall.month - 1 + length * _MONTHS[kind], 12)
        day = min(wall.day, monthrange(year, month + 1)[1])
        return instant_of(wall.replace(year=year, month=month + 1, day=day), zone)
    except (ValueError, OverflowError):  # beyond the last year of the calendar
        return _NEVER


def takes_messages(schedule: Schedule, unit: Unit) -> str | None:
    """The first destination on the ways of *unit* where callers may leave a message, if any."""
    for start in (unit.open, unit.closed):
        name: str | None = start
        while name is not None:
            destination = schedule.destinations[name]
            if destination.voicemail:
                return name
            name = destination.then
    return None
