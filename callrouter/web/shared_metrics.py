"""Where several processes of one service share what they count. Imports no Prometheus, which must hear of it first."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there, which nobody else may read
_PREFIX = "callrouter-metrics-"
_TOGETHER = "callrouter-together-"


@contextmanager
def shared_place(memory: Path = MEMORY, together: str | None = None) -> Iterator[Path | None]:
    """A new folder in *memory*, gone when this process ends; None: there is no such place, each counts for itself.

    Not on a disk: writing to a mapped file kills the process when the disk is full. *together*: that of all services
    of that name, which stays, for one of them may always be there.
    """
    owner = os.getpid()
    if not (memory.is_dir() and os.access(memory, os.W_OK | os.X_OK)):
        yield None
        return
    if together:
        place = place_together(memory, together)
        place.mkdir(mode=0o700, exist_ok=True)
        _forget_the_dead(place)
        yield place
        return
    _sweep(memory)
    place = Path(mkdtemp(prefix=f"{_PREFIX}{owner}-", dir=memory))
    try:
        yield place
    finally:
        if os.getpid() == owner:  # a forked worker leaves by here too
            shutil.rmtree(place, ignore_errors=True)


def place_together(memory: Path, together: str) -> Path:
    """The folder in *memory* of all services of that name that this user runs."""
    return memory / f"{_TOGETHER}{os.getuid()}-{together}"


def _sweep(memory: Path) -> None:
    """Remove what processes left that were killed."""
    for place in memory.glob(f"{_PREFIX}*"):
        pid = place.name.removeprefix(_PREFIX).partition("-")[0]
        if place.owner() == Path("/proc/self").owner() and not Path("/proc", pid).exists():
            shutil.rmtree(place, ignore_errors=True)


def _forget_the_dead(place: Path) -> None:
    """What processes that are gone counted stays; of how they were nothing does, nor of anybody where all are gone."""
    files = {file: Path("/proc", file.stem.rpartition("_")[2]).exists() for file in place.glob("*.db")}
    for file, lives in files.items():
        if not any(files.values()) or (file.name.startswith("gauge_live") and not lives):
            file.unlink(missing_ok=True)
