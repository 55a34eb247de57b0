"""Periods that must not overlap: of two rules for one day nobody could say which holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from callrouter.domain.days import DatePeriod, YearlyPeriod
from callrouter.domain.wallclock import midnight
from callrouter.schedule.format.problems import Findings
from callrouter.schedule.format.readers import Placed
from callrouter.schedule.format.records import Field, Values
from callrouter.schedule.format.ring_shape import InBlock, InContract, InDestination, InSwap
from callrouter.schedule.format.shape import InFile
from callrouter.schedule.format.tree import Node
from callrouter.schedule.format.unit_shape import InException, InSeason, InUnit, InVersion

_DAY = timedelta(days=1)
_FOUR_YEARS = 4 * 366  # enough to meet every day of the year, the 29th of February too
_EXPECTED = "expected each time in one of them alone"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A period on the wall clock, the end excluded, and where it stands."""

    start: datetime
    end: datetime | None
    node: Node

    def reaches(self, at: datetime) -> bool:
        return self.end is None or at < self.end

    def outlasts(self, other: "_Stretch") -> bool:
        return other.end is not None and self.reaches(other.end)


def check_overlaps(file: Values, found: Findings) -> None:
    """Note versions, seasons, exceptions, contracts, blocks and swaps that speak of the same time."""
    for _, unit in file.entries(InFile.units):
        versions = (week.values.get(InVersion.since) for week in unit.get(InUnit.hours) or ())
        _refuse_equal(versions, "version", found)
        _refuse(_dates(unit.get(InUnit.exceptions), InException.period), "exception", found)
        seasons = (week.values.get(InSeason.period) for week in unit.get(InUnit.seasons) or ())
        _refuse_seasons([season for season in seasons if season], found)
    for _, destination in file.entries(InFile.destinations):
        _refuse(_dates(destination.get(InDestination.contracts), InContract.period), "contract", found)
    for _, blocks in file.entries(InFile.rotas):
        _refuse_equal((block.get(InBlock.start) for block in blocks), "block", found)
        for block in blocks:
            _refuse(_swaps(block), "swap", found)


def _dates(blocks: Iterable[Values] | None, field: Field[Placed[DatePeriod]]) -> Iterator[_Stretch]:
    for block in blocks or ():
        if period := block.get(field):
            last = period.value.last
            end = None if last is None else midnight(last + _DAY)
            yield _Stretch(midnight(period.value.first), end, period.node)


def _swaps(block: Values) -> Iterator[_Stretch]:
    for swap in block.get(InBlock.swaps) or ():
        if period := swap.get(InSwap.period):
            yield _Stretch(*period.value, period.node)


def _refuse(stretches: Iterable[_Stretch], kind: str, found: Findings) -> None:
    furthest: _Stretch | None = None
    for stretch in sorted(stretches, key=lambda one: one.start):
        if furthest and furthest.reaches(stretch.start):
            first, last = sorted((furthest.node, stretch.node), key=lambda node: node.line)
            found.error(last, f"overlaps the {kind} on line {{line}}; {_EXPECTED}", line=first.line)
        if furthest is None or stretch.outlasts(furthest):
            furthest = stretch


def _refuse_equal(starts: Iterable[Placed[Any] | None], kind: str, found: Findings) -> None:
    seen: dict[Any, Node] = {}
    for start in starts:
        if start and (first := seen.setdefault(start.value, start.node)) is not start.node:
            text = f"a {kind} with the same start stands on line {{line}}; expected another"
            found.error(start.node, text, line=first.line)


def _refuse_seasons(seasons: list[Placed[DatePeriod | YearlyPeriod]], found: Findings) -> None:
    for index, after in enumerate(seasons):
        for before in seasons[:index]:
            if _seasons_meet(before.value, after.value):
                text = f"overlaps the season on line {{line}}; {_EXPECTED}"
                found.error(after.node, text, line=before.node.line)


def _seasons_meet(one: DatePeriod | YearlyPeriod, other: DatePeriod | YearlyPeriod) -> bool:
    starts = [period.first for period in (one, other) if isinstance(period, DatePeriod)]
    # From the later of two dates, for before it one of them has not begun.
    first = max(starts, default=date(2024, 1, 1))
    days = (first + timedelta(days=number) for number in range(_FOUR_YEARS))
    return any(one.covers(day) and other.covers(day) for day in days)
