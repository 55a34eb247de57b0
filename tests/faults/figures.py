"""What trials came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass
class Figures:
    """Seconds; None where nothing was to be seen. *tried*: how many faults hit the service, one after the other.

    *slowest*: from the first attempt of a request to its answer. *retried*: requests that needed another attempt.
    *fell_back*: requests that the provider's own document answered. *told_after*: until /readyz, the today page and the
    measures all told of the fault. *well_after*: from its end until all was well. *lasted*: the fault, at the longest.
    """

    calls: int = 0
    slowest: float = 0.0
    retried: int = 0
    fell_back: int = 0
    told_after: float | None = None
    well_after: float | None = None
    tried: int = 0
    lasted: float = 0.0

    @classmethod
    def of(cls, trials: Sequence[Self]) -> Self:
        """Of several trials: sums, and the longest times."""
        return cls(
            sum(each.calls for each in trials),
            max(each.slowest for each in trials),
            sum(each.retried for each in trials),
            sum(each.fell_back for each in trials),
            max((each.told_after for each in trials if each.told_after is not None), default=None),
            max((each.well_after for each in trials if each.well_after is not None), default=None),
            sum(each.tried for each in trials),
            max(each.lasted for each in trials),
        )
