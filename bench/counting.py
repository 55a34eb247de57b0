"""The counts of generated calls: the same sums as domain/tally.py makes, from how often each plot was played."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from bench.plots import Plot
from callrouter.domain.tally import ALL_UNITS, Grain

Counts = dict[tuple[str, str, str], dict[str, int]]
"""Unit, `by` and value of a cell, and what it counts."""


def counts_of_day(day: date, played: Iterable[tuple[Plot, int, int]]) -> Counts:
    """What was counted on the local *day*, of plots that were *played*: in which hour, how often."""
    counts: defaultdict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for plot, hour, times in played:
        for by, value in (("all", ""), ("hour", f"{day.isoweekday()}-{hour:02}")):
            _add(counts[plot.unit, by, value], plot.whole, times)
        for by, value, counted in plot.offers:
            _add(counts[plot.unit, by, value], counted, times)
    for (_, by, value), counted in list(counts.items()):
        _add(counts[ALL_UNITS, by, value], counted, 1)
    return dict(counts)


def add_up(total: Counts, counts: Counts) -> None:
    """Add what was counted on a day to what its month or year has counted."""
    for cell, counted in counts.items():
        _add(total.setdefault(cell, Counter()), counted, 1)


def tally_rows(counts: Counts, grain: Grain, day: date) -> Iterator[tuple[Any, ...]]:
    """The rows of `tally` for the period of *day*."""
    for (unit, by, value), counted in sorted(counts.items()):
        kept = {name: counted[name] for name in sorted(counted) if counted[name]}
        yield "real", unit, by, grain.value, grain.start(day).isoformat(), value, json.dumps(kept)


def _add(total: dict[str, int], counted: Mapping[str, int], times: int) -> None:
    for name, count in counted.items():
        total[name] += count * times
