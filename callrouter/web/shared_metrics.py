"""Where several processes of one service share what they count. Imports no Prometheus, which must hear of it first."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there, which nobody else may read
_PREFIX = "callrouter-metrics-"


@contextmanager
def shared_place(memory: Path = MEMORY) -> Iterator[Path | None]:
    """A new folder in *memory*, gone when this process ends; None: there is no such place, each counts for itself.

    Not on a disk: writing to a mapped file kills the process when the disk is full.
    """
    owner = os.getpid()
    if not (memory.is_dir() and os.access(memory, os.W_OK | os.X_OK)):
        yield None
        return
    _sweep(memory)
    place = Path(mkdtemp(prefix=f"{_PREFIX}{owner}-", dir=memory))
    try:
        yield place
    finally:
        if os.getpid() == owner:  # a forked worker leaves by here too
            shutil.rmtree(place, ignore_errors=True)


def _sweep(memory: Path) -> None:
    """Remove what processes left that were killed."""
    for place in memory.glob(f"{_PREFIX}*"):
        pid = place.name.removeprefix(_PREFIX).partition("-")[0]
        if place.owner() == Path("/proc/self").owner() and not Path("/proc", pid).exists():
            shutil.rmtree(place, ignore_errors=True)
