"""The overview of a report, as a page for the terminal."""

from collections.abc import Iterator, Sequence

import click

from callrouter.calllog.overview import Overview
from callrouter.calllog.reports import Asked
from callrouter.cli.columns import Titles
from callrouter.cli.report.heat import heat_map
from callrouter.cli.report.tables import calls_table, in_hour_of_week
from callrouter.cli.report.words import (
    NOTHING,
    bar,
    footnote,
    mean_seconds,
    percent,
    promised,
    seconds_at,
    talk,
    verdict,
)
from callrouter.domain.counted import counted
from callrouter.domain.destination import ServiceTarget
from callrouter.domain.measures import Share, Times
from callrouter.domain.report import Figures, GroupBy, busiest
from callrouter.domain.tally import ALL_UNITS
from callrouter.domain.words import Disposition, Origin

_BAR = 30
_BUSIEST = 3
_COLOURS = {"met": "green", "missed": "red"}
_ENDS = (
    ("answered by the desk", "by-desk", "green"),
    ("answered by a company", "by-company", "green"),
    ("message left", Disposition.MESSAGE, "cyan"),
    ("abandoned", Disposition.ABANDONED, "yellow"),
    ("unanswered", Disposition.UNANSWERED, "red"),
    ("unknown", Disposition.UNKNOWN, "red"),
)


def page(shown: Overview, targets: Sequence[ServiceTarget], titles: Titles) -> Iterator[str]:
    """Yield the page: how many calls ended how, how soon they were answered, when they come, and where."""
    lines = [
        *_head(shown, titles),
        "",
        *_ends(shown.total),
        "",
        *_times(shown.total, targets),
        "",
        *_calls(shown),
        "",
        *_units(shown, targets, titles),
        "",
        *heat_map(shown.heat),
    ]
    yield from lines
    yield from footnote(lines)


def _head(shown: Overview, titles: Titles) -> Iterator[str]:
    now, before = shown.total, shown.before
    yield click.style(title(shown.asked, titles), bold=True)
    rate, change = percent(now.answer_rate, places=1), ("", "")
    if before and before.answer_rate.value is not None and now.answer_rate.value is not None:
        points = 100 * (now.answer_rate.value - before.answer_rate.value)
        change = f" ({100 * now.offered / before.offered - 100:+.0f} %)", f" ({points:+.1f} points)"
    yield f"{now.offered} offered{change[0]}, {now.answered} answered: {rate}{change[1]}"
    if shown.compared and before:
        past = percent(before.answer_rate, places=1)
        yield f"compared with {shown.compared.period}: {before.offered} offered, {before.answered} answered: {past}"


def title(asked: Asked, titles: Titles) -> str:
    """Write `All units, 2026-11-01 to 2026-11-30`."""
    whom = "All units" if asked.unit == ALL_UNITS else titles(asked.unit)
    return f"{whom}, {asked.period}" + f", origin {asked.origin}" * (asked.origin != Origin.REAL)


def _ends(figures: Figures) -> Iterator[str]:
    for name, measure, colour in _ENDS:
        if measure is Disposition.UNKNOWN and not figures[measure]:
            continue
        share = percent(Share(figures[measure], figures.offered), places=1)
        drawn = click.style(bar(figures[measure], figures.offered, _BAR), fg=colour)
        yield f"  {name:<22}{figures[measure]:>7}  {share:>8}  {drawn}".rstrip()
    yield f"  not offered: {figures['blocked']} blocked; of all, {counted(figures['redial'], 'redial')}"


def _times(figures: Figures, targets: Sequence[ServiceTarget]) -> Iterator[str]:
    yield _row("answered after", figures.to_answer)
    for target in targets:
        level = figures.level(target)
        word = verdict(level)
        reached = percent(level.reached, places=1)
        yield (
            f"  {f'target {promised(target)}':<30}{reached:>8}  "
            + click.style(word, fg=_COLOURS.get(word), bold=True)
            + f" ({level.reached.part} of {level.reached.n} offered)"
        )
    yield _row("abandoned after", figures.gave_up)
    mean = NOTHING if figures.mean_talk is None else talk(round(figures.mean_talk))
    yield f"  talked {talk(figures.talked_seconds)} in all, {mean} a call (h:mm:ss)"


def _row(name: str, times: Times) -> str:
    ranks = ", ".join(f"{word} {seconds_at(times, rank)}" for word, rank in (("median", 50), ("p90", 90), ("p95", 95)))
    return f"  {name:<16} {ranks}, mean {mean_seconds(times)} (n = {times.n})"


def _calls(shown: Overview) -> Iterator[str]:
    hours = (f"{in_hour_of_week(key)} ({offered})" for key, offered in busiest(shown.heat, _BUSIEST))
    yield f"  busiest          {', '.join(hours) or NOTHING}"
    apart = ", alarm units left out" if shown.asked.unit == ALL_UNITS else ""
    for state, pace in shown.paces.items():
        rate = NOTHING if pace.per_hour is None else f"{pace.per_hour:.2f}"
        yield f"  per hour {state:<8}{rate} calls ({pace.calls} in {pace.hours:.0f} h{apart})"
    if callers := shown.callers:
        again = f"{callers.repeated} ({percent(callers.share)}) called again"
        yield f"  callers          {callers.callers} known; {again}, {counted(callers.calls, 'call')} in all"
    if callers and callers.unknown:
        yield f"                   {counted(callers.unknown, 'call')} without a number to tell the caller by"
    if callers and shown.gone_before:
        yield f"                   not whole: calls from before {shown.gone_before} were destroyed, callers and all"


def _units(shown: Overview, targets: Sequence[ServiceTarget], titles: Titles) -> Iterator[str]:
    if shown.asked.unit == ALL_UNITS:
        yield from calls_table(GroupBy.UNIT, shown.units, targets, titles)
