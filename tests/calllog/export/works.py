"""Work for a child process: it must stand in a module that the child can import."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from callrouter.calllog.export.place import made_aside
from callrouter.calllog.windows import Progress, Tell

AT = datetime(2026, 11, 23, tzinfo=UTC)


def niceness(_order: str, tell: Tell) -> int:
    tell(Progress(1, AT))
    return os.nice(0)


def fails(order: str, _tell: Tell) -> None:
    raise OSError(order)


def is_killed(_order: str, _tell: Tell) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def never_ends(target: str, tell: Tell) -> None:
    """It tells that half a file is there, and goes on."""
    with made_aside(Path(target)) as draft:
        draft.write_text("half")
        for row in _for_ever():
            tell(Progress(row, AT))


def _for_ever() -> Iterator[int]:
    row = 0
    while True:
        yield (row := row + 1)


def is_silent(_order: str, _tell: Tell) -> None:
    Event().wait(60)
