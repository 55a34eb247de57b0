"""The spans in which a unit was closed by its hours: what happened in one of them is handed over when it opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from callrouter.domain.hours import OpeningHours
from callrouter.domain.span import Span

_LOOKS_BACK = (timedelta(days=4), timedelta(days=21), timedelta(days=400))


@dataclass(frozen=True, slots=True)
class Closing:
    """A unit was closed during *span*; without an end: nobody knows when it opens.

    *until*: when it closed the next time. What was decided by hand may have closed it in between.
    """

    span: Span
    until: datetime | None


def closings(hours: OpeningHours, since: datetime, at: datetime) -> Sequence[Closing]:
    """Those that began after *since* and not after *at* (aware), the newest first."""
    open_ = list(hours.open_windows(since, at + datetime.resolution))
    found = [Closing(Span(before.end, after.start), after.end) for before, after in pairwise(open_) if before.end]
    if found:  # the last window was cut where we stopped looking
        found[-1] = _until_the_next(hours, found[-1].span)
    if open_ and open_[-1].end and not hours.is_open(at):
        found.append(_until_the_next(hours, Span(open_[-1].end, hours.next_change(at))))
    return found[::-1]


def _until_the_next(hours: OpeningHours, span: Span) -> Closing:
    return Closing(span, hours.next_change(span.end) if span.end else None)


def last_closing(hours: OpeningHours, at: datetime) -> Closing | None:
    """The one that lasts at *at* (aware) or, while the unit is open, the one before; None: it never opens or closes."""
    if hours.rules.never_change:
        return None
    for back in _LOOKS_BACK:
        for found in closings(hours, at - back, at):
            return found
    return None


def last_opening(hours: OpeningHours, before: datetime) -> datetime | None:
    """When it opened last, before that instant (aware)."""
    found = last_closing(hours, before - datetime.resolution)
    if found and (found.span.end is None or found.span.end >= before):
        found = last_closing(hours, found.span.start - datetime.resolution)
    return found.span.end if found else None
