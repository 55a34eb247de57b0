"""Opening hours where somebody holds a unit open or closed by hand: what the feeds tell is what the telephone does.

Who holds it and why is nobody's business out there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from callrouter.domain.control import Control
from callrouter.domain.days import MINUTES_A_DAY, WallRange
from callrouter.domain.decision import decide
from callrouter.domain.schedule import Schedule, Unit
from callrouter.domain.wallclock import wall_time
from callrouter.domain.words import DecidedBy, State
from callrouter.schedule.feeds.export import Days, Deviation, OpenWindow, open_windows

CHANGED = "changed for the moment"

_DAY = timedelta(days=1)


def windows_by_hand(
    schedule: Schedule, unit: Unit, windows: Sequence[OpenWindow], period: Days, control: Control
) -> Sequence[OpenWindow]:
    """The *windows* of *unit* in *period* as they really are: longer, shorter, more or fewer where it is held."""
    held = _held(unit, period, control)
    if not held:
        return windows
    known = {edge for window in windows for edge in (window.start, window.end)} | {*period.instants(unit.hours.zone)}
    first, last = min(known), max(known)
    edges = known | {edge for span in held for edge in span if first < edge < last}
    return list(_together(_open_pieces(schedule, unit, sorted(edges), windows, control)))


def days_by_hand(schedule: Schedule, unit: Unit, period: Days, control: Control) -> Mapping[date, Deviation]:
    """The days of *period* that have other hours because *unit* is held, each with those that it really has."""
    zone = unit.hours.zone
    edges = [[wall_time(edge, zone).date() for edge in span] for span in _held(unit, period, control)]
    # hours belong to the day they start on: those that run past midnight are of the day before
    days = [day for day in period if any(first - _DAY <= day <= last for first, last in edges)]
    if not days:
        return {}
    around = Days(days[0], days[-1] + _DAY)
    windows = windows_by_hand(schedule, unit, list(open_windows(unit.hours, around)), around, control)
    ranges: dict[date, list[WallRange]] = {day: [] for day in days}
    for window in windows:
        for day, wall in _walls(window, zone):
            if day in ranges:
                ranges[day].append(wall)
    usual = {day: unit.hours.rules.plan(day).ranges for day in days}
    return {
        day: Deviation(day, tuple(walls), usual[day], DecidedBy.OVERRIDE, CHANGED)
        for day, walls in ranges.items()
        if tuple(walls) != usual[day]
    }


def _held(unit: Unit, period: Days, control: Control) -> list[tuple[datetime, datetime]]:
    """From when until when somebody decides about *unit* in *period*, until its end at most."""
    start, end = period.instants(unit.hours.zone)
    spans = (each.span for each in control.overrides if each.unit == unit.name)
    return [(s.start, min(s.end or end, end)) for s in spans if s.start < end and (s.end is None or s.end > start)]


def _open_pieces(
    schedule: Schedule, unit: Unit, edges: Sequence[datetime], windows: Sequence[OpenWindow], control: Control
) -> Iterator[OpenWindow]:
    """From edge to edge, where the unit is open. Between two of them nothing changes."""
    for start, end in pairwise(edges):
        if decide(schedule, unit, start, control).state is State.OPEN:
            by_hand = OpenWindow(start, end, (CHANGED,), is_ongoing=False)
            known = next((window for window in windows if window.start <= start < window.end), by_hand)
            yield OpenWindow(start, end, known.reasons, known.is_ongoing and start == known.start)


def _together(pieces: Iterator[OpenWindow]) -> Iterator[OpenWindow]:
    """Pieces without a gap between them are one window."""
    last: OpenWindow | None = None
    for piece in pieces:
        if last and last.end == piece.start:
            reasons = tuple(dict.fromkeys((*last.reasons, *piece.reasons)))
            last = OpenWindow(last.start, piece.end, reasons, last.is_ongoing)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _walls(window: OpenWindow, zone: tzinfo) -> Iterator[tuple[date, WallRange]]:
    """The ranges of a window on the wall clock; one that is longer than a day is cut at midnights."""
    opens, closes = (wall_time(at, zone).replace(second=0, microsecond=0) for at in (window.start, window.end))
    while closes - opens > _DAY:
        midnight = datetime.combine(opens.date() + _DAY, datetime.min.time())
        yield opens.date(), WallRange(_minutes(opens), MINUTES_A_DAY)
        opens = midnight
    length = (closes - opens) // timedelta(minutes=1)
    if length > 0:
        yield opens.date(), WallRange(_minutes(opens), _minutes(opens) + length)


def _minutes(at: datetime) -> int:
    return at.hour * 60 + at.minute
