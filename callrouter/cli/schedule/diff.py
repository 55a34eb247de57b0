"""`callrouter schedule diff`: what another schedule changes, in words and hours."""

import json

import click

from callrouter import clock
from callrouter.cli.instants import instant
from callrouter.cli.problems import Problem
from callrouter.cli.schedule.changes import Compared, told
from callrouter.cli.schedule.changes_json import as_json
from callrouter.cli.schedule.files import STDIN, loaded, opened
from callrouter.cli.schedule.words import say
from callrouter.schedule.preview.difference import difference

DIFFERENT, TROUBLE = 1, 2


class Trouble(Problem):
    """A sentence on standard error, and the exit code that `diff` has for it."""

    exit_code = TROUBLE


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--days", default=400, show_default=True, type=click.IntRange(1, 3660), help="How many days ahead.")
@click.option("--at", "at_text", help='From this wall clock on, such as "2026-11-23 16:30". Default: now.')
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
def command(*, old: str, new: str, days: int, at_text: str | None, is_json: bool, show_numbers: bool) -> None:
    """Tell what the schedule file NEW changes compared with OLD, in words and hours.

    One of them may be `-` for standard input.

    Exits as diff does: with 0 if nothing changes, with 1 if something does, with 2 if a file cannot be read.
    """
    try:
        compared = _compare(old, new, at_text, days)
    except Problem as problem:
        raise Trouble(problem.message) from problem
    if is_json:
        say([json.dumps(as_json(compared, show_numbers=show_numbers), ensure_ascii=False)])
    else:
        say(told(compared, show_numbers=show_numbers))
    raise SystemExit(DIFFERENT if compared.difference.parts else 0)


def _compare(old_name: str, new_name: str, at_text: str | None, days: int) -> Compared:
    if old_name == new_name == STDIN:
        raise Problem("Only one of the two files can be standard input.")
    now = clock.now()
    old_file, new_file = opened(old_name), opened(new_name)
    old, new = loaded(old_file, now), loaded(new_file, now)
    return Compared(old_file, new_file, old, new, difference(old, new, instant(at_text, new.zone), days))
