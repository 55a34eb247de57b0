"""Opening hours of some weeks compiled to instants: the answer is a bisection, whatever the number of rules."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds_of(at: datetime) -> float:
    """Return *at* as seconds since 1970, exact to the microsecond.

    Raises:
        ValueError: *at* is naive.
    """
    try:
        return (at - _EPOCH).total_seconds()
    except TypeError:
        raise ValueError(f"an instant needs a time zone, got the naive time {at.isoformat()}") from None


@dataclass(frozen=True, slots=True)
class Timeline:
    """The changes between closed and open from *start* until *end*, as seconds since 1970.

    Closed before the first change, open after it, and so on; a unit open at *start* has its first change there.
    *after* is the first change at or after the end, if there is one.
    """

    start: float
    end: float
    changes: Sequence[float]
    after: float | None

    def covers(self, seconds: float) -> bool:
        """Say whether the timeline knows that instant."""
        return self.start <= seconds < self.end

    def next_change(self, seconds: float) -> float | None:
        """Return the first change after an instant that the timeline covers."""
        index = bisect_right(self.changes, seconds)
        return self.changes[index] if index < len(self.changes) else self.after

    def windows(self, start: float, end: float) -> Iterator[tuple[float, float]]:
        """Yield the spans in which it is open from *start* until *end*, cut to fit; the timeline has both in it."""
        first = bisect_right(self.changes, start)
        edges = [*self.changes[first : bisect_left(self.changes, end)]]
        if first % 2 == 1:
            edges.insert(0, start)
        if len(edges) % 2 == 1:
            edges.append(end)
        return zip(edges[::2], edges[1::2], strict=True) if start < end else iter(())
