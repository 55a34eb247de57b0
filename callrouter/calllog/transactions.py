"""What a transaction may be asked for, on either engine."""

from collections.abc import Sequence
from functools import cache

WRITES = "callrouter_writes"
"""The execution option of a transaction that has the right to write from its first statement."""

UNSYNCED = "callrouter_unsynced"
"""The execution option of one whose commit does not wait for the disk: a power cut may undo it, never half of it."""

Rows = Sequence[tuple[object, ...]]

Statements = Sequence[tuple[str, Rows]]
"""Texts for the driver. A row goes where one says `{rows}`, or many at once; without that, values where it says `?`."""

ROWS = "{rows}"


@cache
def with_marks(text: str, columns: int, rows: int, mark: str) -> str:
    """The statement for so many *rows* of so many *columns*; *mark* is how the driver marks a value."""
    row = f"({', '.join([mark] * columns)})"
    return text.replace("?", mark).replace(ROWS, ", ".join([row] * rows))
