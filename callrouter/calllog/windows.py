"""A long read of the log in short transactions: its period is cut into windows of some thousand calls each."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from callrouter.domain.span import Span

FEW, MANY = 10_000, 30_000
_FIRST = timedelta(days=1)
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=31)


class Windows:
    """The windows from *start* until just before *end* (aware), in order.

    Whoever reads one says in *rows* how many it held, and the next is longer or shorter for it.
    """

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start = start
        self._end = end
        self.rows = 0

    def __iter__(self) -> Iterator[Span]:
        at, length = self._start, _FIRST
        while at < self._end:
            end = min(at + length, self._end)
            self.rows = 0
            yield Span(at, end)
            at = end
            if self.rows > MANY:
                length = max(length / 2, _SHORTEST)
            elif self.rows < FEW:
                length = min(length * 2, _LONGEST)
