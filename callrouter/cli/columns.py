"""Rows for a person: columns on a terminal; plain lines, a tab between the fields, in a pipe."""

import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import click

from callrouter.domain.schedule import Schedule, title_of

Titles = Callable[[str], str]
"""What a unit or a destination is called, by its name in the schedule."""


def titles_in_rows(schedule: Callable[[], Schedule | None]) -> Titles:
    """On a terminal as the pages call them; in a pipe by the names of the schedule, by which programs go on."""
    return partial(title_of, schedule()) if sys.stdout.isatty() else str


def print_rows(
    columns: Sequence[str], rows: Iterable[Sequence[str]], on_terminal: Iterable[Sequence[str]] | None = None
) -> None:
    """Print *rows* under the headings *columns*, which a pipe does without.

    *on_terminal*: the same rows, shortened or in the colours of `click`, where a terminal shows them otherwise.
    """
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD)
    for row in rows if on_terminal is None else on_terminal:
        table.add_row(*map(Text.from_ansi, row))
    Console().print(table)
