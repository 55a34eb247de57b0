"""A report told apart: one line a group."""

from collections.abc import Iterator, Mapping, Sequence

import click

from callrouter.cli.columns import Titles
from callrouter.cli.report.heat import heat_map
from callrouter.cli.report.words import NOTHING, bar, footnote, percent, seconds_at, table, talk, verdict
from callrouter.domain.destination import ServiceTarget
from callrouter.domain.goals import Goals
from callrouter.domain.report import Figures, GroupBy
from callrouter.domain.words import Outcome
from callrouter.schedule.preview.day_words import DAYS

NO_UNIT = "(no unit claims the number)"
_BAR = 12
_IN_VAIN = (Outcome.DECLINED, Outcome.SCREENED_OUT, Outcome.NO_ANSWER, Outcome.BUSY, Outcome.FAILED, Outcome.CANCELLED)


def grouped(by: GroupBy, groups: Mapping[str, Figures], goals: Goals, titles: Titles) -> Iterator[str]:
    """Yield the table of *groups*, and what its marks mean."""
    if by is GroupBy.HEAT:
        yield from heat_map({key: figures.offered for key, figures in groups.items()})
        return
    promises = goals.promises if by is GroupBy.COMPANY else {}
    offers = by.is_offer
    lines = _offers(by, groups, promises, titles) if offers else calls_table(by, groups, goals.targets, titles)
    yield from lines
    yield from footnote(lines)
    if offers:
        yield "A call is offered once to each that it rang. Seconds run from the first ring there."
        yield "From `declined` on, phones are counted, of which a call may have rung several."


def calls_table(
    by: GroupBy, groups: Mapping[str, Figures], targets: Sequence[ServiceTarget], titles: Titles
) -> list[str]:
    """The calls of each group, and how soon they were answered."""
    heads = [by.value, "offered", "", "answered", "desk", "company", "nobody", "abandoned", "median", "p90"]
    heads += [f"≤ {target.seconds} s" for target in targets]
    most = max((figures.offered for figures in groups.values()), default=0)
    rows = [
        (
            label(by, key, titles),
            str(figures.offered),
            _drawn(figures.offered, most),
            percent(figures.answer_rate),
            str(figures["by-desk"]),
            str(figures["by-company"]),
            str(figures.by_nobody),
            str(figures.abandoned.part),
            *(seconds_at(figures.to_answer, rank) for rank in (50, 90)),
            *(percent(figures.level(target).reached) for target in targets),
        )
        for key, figures in groups.items()
    ]
    return table(heads, rows, left=(0, 2), spare=(6, 9, 7, 5, 4, 2))


def _offers(
    by: GroupBy, groups: Mapping[str, Figures], promises: Mapping[str, ServiceTarget], titles: Titles
) -> list[str]:
    heads = [by.value, "offered", "", "answered", "median", "p90", "talk", *(o.replace("-", " ") for o in _IN_VAIN)]
    heads += ["promised"] * bool(promises)
    most = max((figures.offered for figures in groups.values()), default=0)
    rows = [
        (
            label(by, key, titles),
            str(figures.offered),
            _drawn(figures.offered, most),
            percent(figures.answer_rate),
            *(seconds_at(figures.taken, rank) for rank in (50, 90)),
            talk(figures.talked_seconds),
            *(str(figures.legs.get(outcome, 0)) for outcome in _IN_VAIN),
            *([_kept(figures, promises.get(key))] if promises else ()),
        )
        for key, figures in groups.items()
    ]
    return table(heads, rows, left=(0, 2), spare=(11, 2, 10, 12, 5))


def _kept(figures: Figures, promise: ServiceTarget | None) -> str:
    """Write `90 % ≤ 30 s: met`."""
    if promise is None:
        return NOTHING
    level = figures.kept(promise)
    return f"{percent(level.reached)} ≤ {promise.seconds} s: {verdict(level)}" if level.reached.n else NOTHING


def label(by: GroupBy, key: str, titles: Titles) -> str:
    """A group's key for people."""
    if by is GroupBy.WEEKDAY:
        return DAYS[int(key) - 1]
    if by is GroupBy.HOUR:
        return in_hour(key)
    return (titles(key) if by in (GroupBy.UNIT, GroupBy.DESTINATION) else key) or NO_UNIT


def in_hour(hour: str) -> str:
    """Write `08–09`."""
    return f"{hour}–{(int(hour) + 1) % 24:02}"


def in_hour_of_week(key: str) -> str:
    """Write `Mon 08–09`."""
    weekday, _, hour = key.partition("-")
    return f"{DAYS[int(weekday) - 1][:3]} {in_hour(hour)}"


def _drawn(part: int, most: int) -> str:
    return click.style(bar(part, most, _BAR), fg="cyan")
