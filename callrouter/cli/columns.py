"""Rows for a person: columns on a terminal; plain lines, a tab between the fields, in a pipe."""

import sys
from collections.abc import Iterable, Sequence

import click


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
