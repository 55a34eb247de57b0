"""A back-test as lines for a person, and as a JSON object."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import click

from callrouter.calllog.windows import Bounds
from callrouter.cli.schedule.files import ScheduleFile
from callrouter.cli.schedule.words import indented
from callrouter.domain.backtest import Backtest, Change, Fate, Side, Sum, When
from callrouter.domain.counted import counted, plural
from callrouter.domain.schedule import Schedule
from callrouter.domain.wallclock import first_whole_day, wall_time

_MOST_CHANGES = 10
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FATES = {
    Fate.STAYS: "as they went",
    Fate.TOLD_OTHERWISE: "to the same phones, but open instead of closed or the other way round",
    Fate.ELSEWHERE: "elsewhere",
    Fate.BLOCKED: "blocked, and stay so",
    Fate.FAIL_SAFE: "answered by the fail-safe: they say nothing of a schedule",
    Fate.UNDECIDED: "without a decision in the log: nothing to compare with",
}
_GROUPS: dict[str, Callable[[When], tuple[int, str]]] = {
    "By unit": lambda when: (0, when.unit or "no unit"),
    "By weekday": lambda when: (when.weekday, _WEEKDAYS[when.weekday - 1]),
    "By hour": lambda when: (when.hour, f"{when.hour:02}–{when.hour + 1:02}"),
}
_SIDES = {Side.DESK: "the desk", Side.COMPANY: "a company", Side.NOBODY: "no phone"}


@dataclass(frozen=True, slots=True)
class Tested:
    """A schedule file, the period that was asked about, and what came of it.

    *gone*: calls of the period from before that instant (UTC) were destroyed.
    """

    file: ScheduleFile
    schedule: Schedule
    period: Bounds
    found: Backtest
    gone: datetime | None = None

    @property
    def first(self) -> date:
        """The first local date."""
        return wall_time(self.period[0], self.found.zone).date()

    @property
    def last(self) -> date:
        """The last one."""
        return wall_time(self.period[1] - timedelta.resolution, self.found.zone).date()

    @property
    def gone_before(self) -> date | None:
        """The local date before which calls of the period were destroyed."""
        return first_whole_day(self.gone, self.found.zone) if self.gone else None


def told(tested: Tested) -> Iterator[str]:
    """Yield what would have been otherwise: whole, by whose phones, by unit, weekday and hour, and why."""
    found, version = tested.found, tested.schedule.version[:8]
    title = f"{_calls(found.calls)} from {tested.first} to {tested.last}, by {tested.file.name} ({version})"
    yield click.style(title, bold=True)
    if tested.gone_before:
        yield f"not whole: calls from before {tested.gone_before} were destroyed: callrouter retention protocol"
    for fate, words in _FATES.items():
        if found.fates[fate]:
            yield f"{found.fates[fate]:>9,}  {words}"
    if found.unclaimed:
        yield f"{found.unclaimed:>9,}  of these to a number that no unit has any more"
    if not found.moves:
        return
    yield from ("", click.style("Whose phone rings first", bold=True))
    for move, each in found.moved().items():
        yield f"  {_SIDES[move.was]} → {_SIDES[move.becomes]}: {_sum(each)}"
    for title, group in _GROUPS.items():
        yield from _grouped(title, found, group)
    yield from _why(found)


def as_json(tested: Tested) -> dict[str, Any]:
    """All of it, each hour of each unit, for a machine."""
    found = tested.found
    moves = sorted(found.moves.items(), key=lambda item: item[0])
    return {
        "from": tested.first.isoformat(),
        "to": tested.last.isoformat(),
        "schedule_version": tested.schedule.version,
        "calls_destroyed_before": tested.gone_before.isoformat() if tested.gone_before else None,
        "calls": found.calls,
        "fates": {fate.value: found.fates[fate] for fate in Fate},
        "unclaimed": found.unclaimed,
        "moved": [asdict(move) | asdict(each) for move, each in found.moved().items()],
        "offered": [asdict(when) | {"calls": count} for when, count in sorted(found.offered.items())],
        "moved_by_hour": [asdict(when) | asdict(move) | asdict(each) for (when, move), each in moves],
        "changes": [_change(change) | asdict(each) for change, each in found.by_size()],
    }


def _change(change: Change) -> dict[str, Any]:
    return asdict(change) | {"was": str(change.was), "becomes": str(change.becomes)}


def _grouped(title: str, found: Backtest, group: Callable[[When], tuple[int, str]]) -> Iterator[str]:
    """A line for each group in which a call moved; n: all its calls that could be compared."""
    offered: Counter[tuple[int, str]] = Counter()
    for when, count in found.offered.items():
        offered[group(when)] += count
    sums: dict[tuple[int, str], Sum] = {}
    for (when, _), each in sorted(found.moves.items(), key=lambda item: group(item[0][0])):
        sums.setdefault(group(when), Sum()).include(each)
    yield from ("", click.style(title, bold=True))
    width = max(len(name) for _, name in sums)
    for (place, name), each in sums.items():
        yield f"  {name:<{width}}  {_sum(each)}  (n = {offered[place, name]:,})"


def _why(found: Backtest) -> Iterator[str]:
    changes = found.by_size()
    yield from ("", click.style("Why", bold=True))
    for change, each in changes[:_MOST_CHANGES]:
        place = f"{change.unit or 'no unit'}: {change.was} → {change.becomes}, {_sum(each)}"
        yield from indented(place, 2, 4)
        yield from indented(f"{change.by} → {change.then_by}", 6, 2)
    if len(changes) > _MOST_CHANGES:
        yield f"  and {counted(len(changes) - _MOST_CHANGES, 'more change')}: --json tells all"


def _sum(each: Sum) -> str:
    minutes = round(each.talked_seconds / 60)
    return f"{_calls(each.calls)}, {each.answered:,} answered, {minutes:,} min of talk"


def _calls(count: int) -> str:
    return f"{count:,} {plural(count, 'call')}"
