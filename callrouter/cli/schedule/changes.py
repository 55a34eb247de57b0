"""The difference between two schedules as lines for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

import click

from callrouter.cli.schedule.files import ScheduleFile
from callrouter.cli.schedule.words import indented
from callrouter.domain.counted import counted
from callrouter.domain.schedule import Schedule
from callrouter.schedule.preview.day_words import in_day
from callrouter.schedule.preview.difference import Difference, Presence
from callrouter.schedule.preview.difference_words import Line, Tendency
from callrouter.schedule.preview.difference_words import told as in_words
from callrouter.schedule.preview.wording import ENGLISH

_COLOURS = {Presence.ADDED: "green", Presence.REMOVED: "red", Presence.CHANGED: "cyan"}
_TENDENCIES = {Tendency.OPENS: "green", Tendency.CLOSES: "red", None: None}
_HINT = ": --show-numbers"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two schedules, the files they come from, and what is different."""

    old_file: ScheduleFile
    new_file: ScheduleFile
    old: Schedule
    new: Schedule
    difference: Difference


def told(compared: Compared, *, show_numbers: bool) -> Iterator[str]:
    """Yield what changes, part by part."""
    found = compared.difference
    days = counted((found.last - found.first).days + 1, "day")
    if not found.parts:
        same = compared.old.version == compared.new.version
        why = "the files are the same" if same else "the files differ, but say the same for these days"
        yield click.style(
            f"Nothing changes from {in_day(found.first)} to {in_day(found.last)} ({days}): {why}.", bold=True
        )
        return
    yield click.style(f"What changes from {in_day(found.first)} to {in_day(found.last)} ({days})", bold=True)
    yield f"  old  {compared.old.version[:8]}  {compared.old_file.name}"
    yield f"  new  {compared.new.version[:8]}  {compared.new_file.name}"
    for part in in_words(found, ENGLISH, compared.new.zone, show_numbers=show_numbers, hint=_HINT):
        yield ""
        yield click.style(part.title, fg=_COLOURS[part.presence], bold=True)
        for line in part.lines:
            yield from _line(line)


def _line(line: Line) -> Iterator[str]:
    lines = indented(line.text, 4, 2) if line.is_text else indented(line.text, 2, 4)
    yield from (click.style(each, fg=_TENDENCIES[line.tendency]) for each in lines) if line.tendency else lines
