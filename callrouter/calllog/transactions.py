"""What a transaction may be asked for, on either engine."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

WRITES = "callrouter_writes"
"""The execution option of a transaction that has the right to write from its first statement."""

UNSYNCED = "callrouter_unsynced"
"""The execution option of one whose commit does not wait for the disk: a power cut may undo it, never half of it."""

Rows = Sequence[tuple[object, ...]]

Statements = Sequence[tuple[str, Rows]]
"""Texts for the driver. A row goes where one says `{rows}`, or many at once; without that, values where it says `?`."""

ROWS = "{rows}"


_ROWS_AT_ONCE = 128, 64, 32, 16, 8, 4, 2, 1
"""Few texts, so that they stay prepared."""


def executions(statements: Statements, mark: str) -> Iterator[tuple[str, list[object]]]:
    """What to execute, and with which values, in as few goes as there are sizes; *mark*: how the driver marks a value.

    Each go costs PostgreSQL several messages. With SQLite the driver lets go of the interpreter, and has to wait for it
    while requests compute.
    """
    for text, rows in statements:
        done = 0
        for size in _ROWS_AT_ONCE if ROWS in text else (1,):
            while len(rows) - done >= size:
                some = rows[done : done + size]
                yield _with_marks(text, len(some[0]), size, mark), list(chain.from_iterable(some))
                done += size


@cache
def _with_marks(text: str, columns: int, rows: int, mark: str) -> str:
    """The statement for so many *rows* of so many *columns*; *mark* is how the driver marks a value."""
    row = f"({', '.join([mark] * columns)})"
    return text.replace("?", mark).replace(ROWS, ", ".join([row] * rows))
