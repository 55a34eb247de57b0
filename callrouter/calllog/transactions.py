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


def executions(statements: Statements) -> Iterator[tuple[str, list[object]]]:
    """What to execute, and with which values, in as few goes as there are sizes. A value is marked by a `?`.

    Each go costs PostgreSQL several messages. With SQLite the driver lets go of the interpreter, and has to wait for it
    while requests compute.
    """
    for text, rows in statements:
        done = 0
        for size in _ROWS_AT_ONCE if ROWS in text else (1,):
            while len(rows) - done >= size:
                some = rows[done : done + size]
                yield _for_rows(text, len(some[0]), size), list(chain.from_iterable(some))
                done += size


@cache
def _for_rows(text: str, columns: int, rows: int) -> str:
    """The statement for so many *rows* of so many *columns*."""
    row = f"({', '.join('?' * columns)})"
    return text.replace(ROWS, ", ".join([row] * rows))
