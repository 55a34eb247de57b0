"""Opening hours: how fast is_open answers, a file loads, and how much memory a compiled schedule takes.

    .venv/bin/python bench/hours.py

Side by side in one run with opening-hours-py, a maintained evaluator written in Rust, and with PyYAML's C scanner.
Medians of alternating rounds. Goals: is_open at least 2 times as fast without exceptions on a UTC instant, never slower
on a local one, 100 times at 1,000 exceptions, and flat; 1,000 exceptions load in under 60 ms where the scanner alone
takes about 15, 10,000 in ten times as long; 100 units over 3 years take under 10 MB.
"""

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import opening_hours
import yaml

from callrouter.domain.hours import OpeningHours
from callrouter.schedule import load

ROUNDS, CALLS, LOADS = 9, 2_000, 7
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
FIRST = date(2026, 1, 5)
_AREAS = (202, 212, 213, 214, 215, 216, 217, 218, 219)


def days_of(exceptions: int) -> list[date]:
    """That many dates, every third day."""
    return [FIRST + timedelta(days=3 * n) for n in range(exceptions)]


def ours(exceptions: int) -> OpeningHours:
    """A unit open on weekdays 10-15, with one-off hours on that many days, compiled as the service does."""
    return load(yaml_of(exceptions), at=NOW).unit("centre").hours.compiled(NOW)


def theirs(exceptions: int) -> opening_hours.OpeningHours:
    """The same in the other evaluator's notation."""
    one_off = "".join(f"; {day:%Y %b %d} 10:00-12:00" for day in days_of(exceptions))
    return opening_hours.OpeningHours("Mo-Fr 10:00-15:00" + one_off, timezone=STOCKHOLM)


def yaml_of(exceptions: int, units: int = 1) -> str:
    """A schedule file."""
    lines = ["version: 1", "timezone: Europe/Stockholm", "units:"]
    for unit in range(units):
        name = "centre" if unit == 0 else f"centre-{unit}"
        lines += [f"  {name}:", f"    numbers: [{number_of(unit)}]", "    hours:", "      - from: 2005-06-01"]
        lines += ["        mon-fri: 10:00-15:00"]
        if exceptions:
            lines.append("    exceptions:")
        for day in days_of(exceptions):
            lines += [f"      - period: {day}", "        hours: 10:00-12:00", "        why: Personalmöte"]
        lines += ["    open: security", "    closed: security"]
    lines += ["destinations:", "  security: {ring: [+46 31 390 06 10], message: sorry}"]
    return "\n".join([*lines, "messages:", "  sorry: {sv: Ingen kunde svara.}"]) + "\n"


def number_of(unit: int) -> str:
    """One of its own for each of a thousand units, reserved for fiction: Sweden alone has not so many."""
    hundred, rest = divmod(unit, 100)
    return f"+46 8 465 004 {rest:02}" if hundred == 0 else f"+1 {_AREAS[hundred - 1]} 555 01{rest:02}"


def microseconds(is_open: Callable[[datetime], bool], instants: list[datetime]) -> float:
    """Time of one call, over all instants."""
    start = time.perf_counter()
    for at in instants:
        is_open(at)
    return (time.perf_counter() - start) / len(instants) * 1e6


def milliseconds(work: Callable[[], object]) -> float:
    """Time of one piece of work."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def is_open_table() -> bool:
    """is_open at 0, 100 and 1,000 exceptions, on UTC and on local instants.

    UTC is each one's own: datetime.UTC for ours, ZoneInfo("UTC") for the other, which refuses datetime.UTC.
    """
    print(f"{'is_open':<10}{'exceptions':>11}{'ours µs':>10}{'theirs µs':>11}{'ratio':>8}")
    ratios: dict[tuple[str, int], float] = {}
    for exceptions in (0, 100, 1_000):
        a, b = ours(exceptions), theirs(exceptions)
        for name, our_zone, their_zone in (("UTC", UTC, ZoneInfo("UTC")), ("local", STOCKHOLM, STOCKHOLM)):
            instants = [NOW + timedelta(minutes=127 * n) for n in range(CALLS)]  # half a year
            mine, other = ([at.astimezone(zone) for at in instants] for zone in (our_zone, their_zone))
            assert [a.is_open(at) for at in mine] == [b.is_open(at) for at in other]
            pairs = [(microseconds(a.is_open, mine), microseconds(b.is_open, other)) for _ in range(ROUNDS)]
            us, them = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratios[name, exceptions] = statistics.median(y / x for x, y in pairs)
            print(f"{name:<10}{exceptions:>11}{us:>10.2f}{them:>11.2f}{ratios[name, exceptions]:>7.1f}x")
    return ratios["UTC", 0] >= 2 and ratios["local", 0] >= 1 and min(ratios["UTC", 1000], ratios["local", 1000]) >= 100


def load_table() -> bool:
    """Loading 1,000 and 10,000 exceptions, against the scanner alone, and each other."""
    scanner = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    took: list[float] = []
    for exceptions in (1_000, 10_000):
        text = yaml_of(exceptions)
        pairs = [
            (milliseconds(partial(load, text, at=NOW)), milliseconds(partial(yaml.compose, text, Loader=scanner)))
            for _ in range(LOADS)
        ]
        whole, scan = (statistics.median(column) for column in zip(*pairs, strict=True))
        size = len(text) // 1024
        print(f"load {exceptions:,} exceptions ({size} KiB): {whole:.1f} ms; PyYAML's node tree alone: {scan:.1f} ms")
        took.append(whole / max(60.0 * exceptions / 1_000, 4 * scan))
    return max(took) < 1


def memory_table() -> bool:
    """100 units with 20 exceptions each, compiled for three years (the service compiles 432 days)."""
    text = yaml_of(20, units=100)
    tracemalloc.start()
    schedule = load(text, at=NOW)
    around = [NOW + timedelta(days=432 * n) for n in (-1, 0, 1)]
    compiled = [unit.hours.compiled(at) for unit in schedule.units.values() for at in around]
    size = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    print(f"memory of {len(schedule.units)} units, {len(compiled)} timelines of 432 days: {size:.1f} MB")
    return size < 10


def main() -> int:
    """Print the tables; fail where a goal is missed."""
    return 0 if all([is_open_table(), load_table(), memory_table()]) else 1


if __name__ == "__main__":
    sys.exit(main())
