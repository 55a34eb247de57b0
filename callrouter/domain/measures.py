"""Shares, service levels and times: what is said of many calls, each with how many it speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from callrouter.domain.destination import ServiceTarget

FEW = 5
"""What fewer calls than these say is chance: a share or a median of them is marked."""

SHADES = 4
"""How many shades a heat map has, besides none."""


def shade(count: int, most: int) -> int:
    """The shade of *count* calls where the busiest hour has *most*: 0 of none, else 1 to SHADES."""
    return min(SHADES, 1 + count * SHADES // most) if count else 0


def least(shade: int, most: int) -> int:
    """The fewest calls that have the *shade*: a quarter of the most each; whatever there is has the lightest."""
    return max(1, -(-most * (shade - 1) // SHADES))


@dataclass(frozen=True, slots=True)
class Share:
    """*part* of *n*."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.n if self.n else None

    @property
    def is_thin(self) -> bool:
        """Whether it speaks of too few."""
        return self.n < FEW


@dataclass(frozen=True, slots=True)
class Level:
    """A service level: the share of the offered calls answered within the target's seconds."""

    target: ServiceTarget
    reached: Share

    @property
    def is_met(self) -> bool | None:
        """Whether the share is as large as promised; None without any call."""
        return None if self.reached.value is None else self.reached.value >= self.target.share


@dataclass(frozen=True)
class Times:
    """How long calls took: how many took how many whole seconds. 3600 stands for an hour and more.

    Of the same ones several percentiles are asked, so it has no slots.
    """

    counts: Mapping[int, int]

    @cached_property
    def n(self) -> int:
        """How many calls."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float | None:
        """The arithmetic mean."""
        return sum(seconds * count for seconds, count in self.counts.items()) / self.n if self.n else None

    def percentile(self, percent: int) -> int | None:
        """By nearest rank: the shortest time that at least *percent* (1-100) of a hundred calls did not exceed."""
        left = -(-self.n * percent // 100)
        for seconds in self._ordered:
            left -= self.counts[seconds]
            if left <= 0:
                return seconds
        return None

    @cached_property
    def _ordered(self) -> Sequence[int]:
        return sorted(self.counts)

    def is_thin(self, percent: int) -> bool:
        """Whether so few calls were measured that the percentile is chance: below 20 the p95 is just the longest."""
        return self.n < FEW or self.n * (100 - percent) < 100

    def binned(self, width: int, until: int) -> list[int]:
        """How many took less than *width* seconds, less than twice that, and so on; the last: *until* or longer."""
        bins = [0] * (until // width + 1)
        for seconds, count in self.counts.items():
            bins[min(seconds // width, len(bins) - 1)] += count
        return bins

    def within(self, seconds: int) -> int:
        """How many took at most *seconds*."""
        return sum(count for taken, count in self.counts.items() if taken <= seconds)
