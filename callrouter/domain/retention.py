"""Retention: how long each class of data may be kept, as decided. Nothing goes without a decision."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.span import require_aware
from callrouter.domain.wallclock import instant_of, midnight, wall_time
from callrouter.domain.words import Retained

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_FIRST_DAY = date(1970, 1, 1)
"""Nothing was logged before."""

_NIGHT = timedelta(days=1)
"""From one run to the next."""

_LONGEST_STEP = 5
"""Days after which the calendar has surely gone on, also from the end of February."""

_MOMENT = timedelta(microseconds=1)

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """What must be gone: all of *what* that is older than the instant *before* (UTC), and the decision that says so.

    *unit*: of this unit alone. *decided_on*: none for what a unit says by itself.
    """

    what: Retained
    before: datetime
    decision: str
    decided_on: date | None
    unit: str | None = None


def due(schedule: Schedule, at: datetime) -> tuple[Due, ...]:
    """What must be gone at *at* (aware). A decision of a day that is still to come says nothing yet."""
    today = wall_time(at, schedule.zone).date()
    decided = [
        Due(rule.what, kept_since(rule.keep, at, schedule.zone), rule.decision, rule.decided_on)
        for rule in schedule.retention
        if rule.decided_on <= today
    ]
    of_units = [_recordings_of(schedule, unit, at) for unit in schedule.units.values() if unit.recordings_kept]
    return (*decided, *of_units)


def _recordings_of(schedule: Schedule, unit: Unit, at: datetime) -> Due:
    """Messages whose time is over before the next night: a unit says how long one is kept at most."""
    keep = unit.recordings_kept or ""
    surely = kept_since(keep, at, schedule.zone)
    first = wall_time(surely, schedule.zone).date()
    later = (instant_of(midnight(first + timedelta(days=n)), schedule.zone) for n in range(_LONGEST_STEP, 0, -1))
    before = next((day for day in later if _is_over(schedule, unit, day, at + _NIGHT)), surely)
    return Due(Retained.RECORDINGS, before, f"recordings: {keep}", None, unit.name)


def _is_over(schedule: Schedule, unit: Unit, before: datetime, at: datetime) -> bool:
    """Whether the time of every message left before *before* is over at *at*."""
    end = recording_kept_until(schedule, unit, before - _MOMENT)
    return end is not None and end <= at


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


def kept_since(keep: str, at: datetime, zone: tzinfo) -> datetime:
    """The instant (UTC) before which what is kept for *keep*, such as `6 months`, may go at *at*: a midnight of *zone*.

    Months and years are those of the calendar; where the earlier month lacks the day, its last one: never too early.
    """
    count, unit = keep.split()
    length, today = int(count), wall_time(at, zone).date()
    kind = unit.removesuffix("s")
    if kind in _MONTHS:
        first = _months_before(today, length * _MONTHS[kind])
    else:
        first = today - timedelta(days=length * _DAYS[kind])
    return instant_of(midnight(max(first, _FIRST_DAY)), zone)


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < _FIRST_DAY.year:
        return _FIRST_DAY
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
