"""Honest scales: from nothing, in equal round steps, to no less than the most."""

from collections.abc import Iterator

_ROUND = (1, 2, 5)
_MOST_STEPS = 4


def ticks(most: int) -> list[int]:
    """From 0 in at most four equal steps of 1, 2 or 5 and noughts, until *most* is reached; of nothing 0 and 1."""
    step = next(step for step in _steps() if step * _MOST_STEPS >= most)
    return list(range(0, max(most, 1) + step, step))[: -(-max(most, 1) // step) + 1]


def labelled(count: int, most: int) -> set[int]:
    """Which of *count* places get a label, so that there are at most so many, evenly apart, the first among them."""
    return set(range(0, count, max(1, -(-count // most))))


def _steps() -> Iterator[int]:
    power = 1
    while True:
        yield from (each * power for each in _ROUND)
        power *= 10
