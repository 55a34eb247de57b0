"""Opening hours: is a unit open at an instant, which rule says so, and when does that change."""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from callrouter.domain.days import WallRange
from callrouter.domain.rules import DayRules
from callrouter.domain.span import Span, require_aware
from callrouter.domain.timeline import Timeline, seconds_of
from callrouter.domain.wallclock import even_midnight, instant_of, midnight, wall_time
from callrouter.domain.words import DecidedBy, State

COMPILED_BEFORE = timedelta(days=31)
COMPILED_AFTER = timedelta(days=401)
LOOKS_AHEAD = timedelta(days=12 * 366)
"""A rule of one date and one weekday can wait about this long for its next turn."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Open or closed at an instant, the kind of rule that says so, the rule in words, its line in the file."""

    state: State
    decided_by: DecidedBy
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a unit is open, for all times.

    Each range belongs to the date it starts on: a tail past midnight stays, whatever the next day says.
    The timeline, if there is one, only makes the same answers faster.
    """

    zone: tzinfo
    rules: DayRules
    timeline: Timeline | None = field(default=None, repr=False, compare=False)

    def ruling(self, at: datetime) -> Ruling:
        """Say whether it is open at *at* (aware), and which rule says so.

        Raises:
            ValueError: *at* is naive.
        """
        at = require_aware(at)
        today = wall_time(at, self.zone).date()
        # Yesterday's ranges may reach past midnight; tomorrow's begin early where midnight itself is repeated.
        for day in (today, today - _DAY, today + _DAY):
            plan = self.rules.plan(day)
            for wall in plan.ranges:
                opens, closes = self._instants(day, wall)
                if opens <= at < closes:
                    return Ruling(State.OPEN, plan.decided_by, plan.reason, plan.line)
        plan = self.rules.plan(today)
        return Ruling(State.CLOSED, plan.decided_by, plan.reason, plan.line)

    def is_open(self, at: datetime) -> bool:
        """Say whether it is open at *at* (aware).

        Raises:
            ValueError: *at* is naive.
        """
        seconds = seconds_of(at)
        timeline = self.timeline
        if timeline is not None and timeline.start <= seconds < timeline.end:
            return bisect_right(timeline.changes, seconds) % 2 == 1
        return self.ruling(at).state is State.OPEN

    def next_change(self, at: datetime) -> datetime | None:
        """Return the first instant after *at* (aware) at which open becomes closed or the other way round.

        None: never, as far as the twelve years after *at* and after the last date of the file tell.

        Raises:
            ValueError: *at* is naive.
        """
        seconds = seconds_of(at)
        if self.timeline is None or not self.timeline.covers(seconds):
            return self._search_change(require_aware(at))
        change = self.timeline.next_change(seconds)
        return None if change is None else datetime.fromtimestamp(change, UTC)

    def open_windows(self, start: datetime, end: datetime) -> Iterator[Span]:
        """Return the spans in which it is open, from *start* until *end* (aware), cut to fit, never touching.

        Raises:
            ValueError: an instant is naive.
        """
        start, end = require_aware(start), require_aware(end)
        known, first, last = self.timeline, seconds_of(start), seconds_of(end)
        if known is None or first < known.start or last > known.end:
            return self._windows(start, end)
        windows = known.windows(first, last)
        return (
            Span(datetime.fromtimestamp(opens, UTC), datetime.fromtimestamp(closes, UTC)) for opens, closes in windows
        )

    def _windows(self, start: datetime, end: datetime) -> Iterator[Span]:
        first, last = (wall_time(at, self.zone).date() for at in (start, end))
        for opens, closes in self._open_spans(first - _DAY, last + _DAY):
            if max(start, opens) < min(end, closes):
                yield Span(max(start, opens), min(end, closes))

    def compiled(self, around: datetime) -> "OpeningHours":
        """Return the same hours with a timeline from a month before *around* (aware) to 400 days after.

        Raises:
            ValueError: *around* is naive.
        """
        around = require_aware(around)
        start, end = around - COMPILED_BEFORE, around + COMPILED_AFTER
        changes = array("d")
        for window in self.open_windows(start, end):
            changes.append(seconds_of(window.start))
            if window.end is not None and window.end < end:
                changes.append(seconds_of(window.end))
        after = self._search_change(end - datetime.resolution)
        seconds_after = None if after is None else seconds_of(after)
        timeline = Timeline(seconds_of(start), seconds_of(end), changes, seconds_after)
        return replace(self, timeline=timeline)

    def _search_change(self, at: datetime) -> datetime | None:
        """Look for the next change day by day."""
        if self.rules.never_change:
            return None
        today = wall_time(at, self.zone).date()
        last = max((today, *self.rules.last_dates)) + LOOKS_AHEAD
        for opens, closes in self._open_spans(today - _DAY, last):
            if opens > at:
                return opens
            if closes > at:
                return closes if closes < instant_of(midnight(last), self.zone) else None
        return None

    def _open_spans(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open spans of the days *first* to *last*, those that meet or overlap made one."""
        current: tuple[datetime, datetime] | None = None
        for opens, closes in self._ranges(first, last):
            if current is not None and opens <= current[1]:
                current = current[0], max(current[1], closes)
                continue
            if current is not None:
                yield current
            current = opens, closes
        if current is not None:
            yield current

    def _ranges(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        day = first
        while day <= last:
            for wall in self.rules.plan(day).ranges:
                opens, closes = self._instants(day, wall)
                if opens < closes:  # a range inside the gap of a spring night is never open
                    yield opens, closes
            day += _DAY

    def _instants(self, day: date, wall: WallRange) -> tuple[datetime, datetime]:
        opens, closes = timedelta(minutes=wall.start), timedelta(minutes=wall.end)
        if (even := even_midnight(day, self.zone)) is not None:
            return even + opens, even + closes
        start = midnight(day)
        return instant_of(start + opens, self.zone), instant_of(start + closes, self.zone)
