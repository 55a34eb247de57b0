"""What `callrouter simulate` says: how far it is, what the year came to, and one call replayed."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import Row

from callrouter.cli.timeline import story
from callrouter.domain.counted import counted
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.schedule import Schedule
from callrouter.simulate import Judged, Scenes, Tally, Violation

_MOST_TOLD = 10
_TENTHS = 10
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")

OnCalls = Callable[[Tally], None]
"""Told after every few calls."""


@contextmanager
def progress(calls: int) -> Iterator[OnCalls]:
    """A bar on a terminal, a line for each tenth in a pipe; both on standard error."""
    if not sys.stderr.isatty():
        yield _lines(calls)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=calls)
        yield lambda tally: bar.update(task, completed=tally.calls, description=_wrong(tally))


def _lines(calls: int) -> OnCalls:
    told = 0

    def tell(tally: Tally) -> None:
        nonlocal told
        if (tenth := tally.calls * _TENTHS // calls) > told:
            told = tenth
            click.echo(f"{tally.calls} of {counted(calls, 'call')} played{_wrong(tally, ', ')}", err=True)

    return tell


def _wrong(tally: Tally, before: str = "") -> str:
    return f"{before}broken promises: {len(tally.violations)}" if tally.violations else ""


def summary(tally: Tally, scenes: Scenes, command: str, seconds: float, *, show_numbers: bool) -> Iterator[str]:
    """The year in numbers, and the first broken promises with the command that plays their calls again."""
    version = scenes.schedule.version[:8]
    yield click.style(f"Year {scenes.year}, seed {scenes.seed}, schedule {version}", bold=True)
    yield f"{counted(tally.calls, 'call')}, {counted(tally.requests, 'request')} to the service, in {seconds:.0f} s"
    answered = {", ".join(filter(None, who)): count for who, count in tally.answered_by.most_common()}
    yield from _counts("How the calls ended", tally.dispositions)
    yield from _counts("Who answered", answered)
    yield from _counts("Called", tally.units)
    yield from _counts("Decided by", tally.decided_by)
    yield from _counts("What the phones did", tally.outcomes)
    yield from _counts("Faults between network and service", tally.mishaps)
    yield from _counts(
        "To know",
        {
            "calls by somebody who had called minutes before": tally.redials,
            "calls answered by a voicemail where no key is asked for": tally.machines,
            "phones whose outcome the log cannot know": tally.unknown_outcomes,
            "events that waited in log lines, for the machine was too slow": tally.log_lines,
        },
    )
    yield ""
    yield from _verdict(tally, command, show_numbers=show_numbers)


def _counts(title: str, counts: Mapping[str, int]) -> Iterator[str]:
    yield ""
    yield click.style(title, bold=True)
    room = max((len(str(count)) for count in counts.values()), default=1)
    most_first = sorted(counts.items(), key=lambda entry: -entry[1])
    yield from (f"  {count:>{room}}  {name}" for name, count in most_first) if counts else ("  none",)


def _verdict(tally: Tally, command: str, *, show_numbers: bool) -> Iterator[str]:
    if not tally.violations:
        yield click.style("Disagreements of log and network: none. Every promise was kept.", fg="green")
        return
    calls = counted(len({violation.number for violation in tally.violations}), "call")
    yield click.style(
        f"Disagreements of log and network: {tally.disagreements}. Promises broken in {calls}; the first:",
        fg="red",
    )
    for violation in tally.violations[:_MOST_TOLD]:
        yield _told(violation, show_numbers=show_numbers)
        if violation.number is not None:
            yield f"    {command} --only {violation.number}"


def replayed(judged: Judged, row: Row[Any] | None, schedule: Schedule, *, show_numbers: bool) -> Iterator[str]:
    """One call from ring to end, and what is wrong with it."""
    performance = judged.performance
    mishaps = ", ".join(f"{count} {kind}" for kind, count in performance.mishaps.items())
    yield click.style(f"Call {performance.scene.number}. Faults: {mishaps or 'none'}.", bold=True)
    yield from story(performance.call, row, schedule, show_numbers=show_numbers)
    for violation in judged.violations:
        yield _told(violation, show_numbers=show_numbers)
    if not judged.violations:
        yield click.style("Every promise was kept, and the log agrees.", fg="green")


def _told(violation: Violation, *, show_numbers: bool) -> str:
    where = "Between the calls" if violation.number is None else f"Call {violation.number}"
    sentence = violation.sentence
    if not show_numbers:
        sentence = _NUMBER.sub(lambda found: PhoneNumber(found[0]).masked, sentence)
    return click.style(f"{where}, {violation.promise}: {sentence}", fg="red")
