"""Measuring in turns: ours and its floor, one after the other, the first rounds of each left out."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

WARM = 10
"""Rounds left out: psycopg prepares a statement at its sixth time, PostgreSQL keeps a plan for it five times later."""

_LEAST = 3
"""Rounds: fewer have no middle."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, round by round, in ms; *busy*: of it this process's own processor time."""

    all: tuple[float, ...]
    busy: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.all)

    def __str__(self) -> str:
        """Median, and the lowest and highest."""
        return f"{short(self.median)} ({short(min(self.all))}–{short(max(self.all))})"


def in_turns(
    rounds: int, *contestants: Callable[[], object], warm: int = WARM, seconds: float = math.inf
) -> list[Times]:
    """Each contestant's times over *rounds*; what is not warm yet is not counted.

    After *seconds* no round begins, but for the least that a median needs.
    """
    took: list[list[tuple[float, float]]] = [[] for _ in contestants]
    until = time.perf_counter() + seconds
    for number in range(warm + rounds):
        if number >= warm + _LEAST and time.perf_counter() > until:
            break
        for contestant, times in zip(contestants, took, strict=True):
            began, was_busy = time.perf_counter(), time.process_time()
            contestant()
            times.append(((time.perf_counter() - began) * 1e3, (time.process_time() - was_busy) * 1e3))
    return [Times(*zip(*times[warm:], strict=True)) for times in took]


def short(number: float) -> str:
    """Three figures, and thousands apart."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
