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
"""Texts for the driver. Rows go where one says `{rows}`, many at once; without that, values go where it says `?`."""

_ROWS = "{rows}"
_SIZES = (128, 64, 32, 16, 8, 4, 2, 1)
"""Rows a statement. Few texts, so that they stay prepared; and few statements: Python's threads take turns between."""


def executions(statements: Statements, mark: str) -> Iterator[tuple[str, list[object]]]:
    """What to execute, and with which values; *mark* is how the driver marks one."""
    for text, rows in statements:
        done = 0
        for size in _SIZES if _ROWS in text else (1,):
            while len(rows) - done >= size:
                some = rows[done : done + size]
                yield _with_marks(text, len(some[0]), size, mark), list(chain.from_iterable(some))
                done += size


@cache
def _with_marks(text: str, columns: int, rows: int, mark: str) -> str:
    row = f"({', '.join([mark] * columns)})"
    return text.replace("?", mark).replace(_ROWS, ", ".join([row] * rows))
