"""Spans of instants: half-open, aware UTC."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From *start* until just before *end*; without an end: until further notice."""

    start: datetime
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether *at* (aware) lies in the span."""
        return self.start <= at and (self.end is None or at < self.end)


def require_aware(at: datetime) -> datetime:
    """Return *at* in UTC; a naive time is refused, for nobody can know which instant it means.

    Raises:
        ValueError: *at* has no time zone.
    """
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError(f"an instant needs a time zone, got the naive time {at.isoformat()}")
    return at.astimezone(UTC)
