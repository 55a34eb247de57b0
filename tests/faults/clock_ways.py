"""Ways in which the clock of a service goes wrong, and its name server: a library before those of the system."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callrouter import clock
from tests.service import RunningService

_CLOCK = "CLOCK_OFF_BY"


@contextmanager
def clock_off(service: RunningService, off_by: timedelta) -> Iterator[None]:
    """The clock of a service that was started with `settable_clock` jumps by so much, and back again."""
    set_clock(service, clock.now() + off_by)
    try:
        yield
    finally:
        set_clock(service, clock.now())


def set_clock(service: RunningService, at: datetime) -> None:
    """By the clock of a service that was started with `settable_clock` it is *at* (aware), to the second."""
    hand = Path(service.given[_CLOCK])
    new = hand.with_suffix(".new")
    new.write_text(str(round((at - clock.now()).total_seconds())), "ascii")
    new.replace(hand)


def off_by(service: RunningService) -> timedelta:
    """How far that clock is off."""
    return timedelta(seconds=int(Path(service.given[_CLOCK]).read_text("ascii")))


def settable_clock(home: Path) -> dict[str, str]:
    """The environment of a service whose clock `clock_off` can set."""
    hand = home / "clock"
    hand.write_text("0", "ascii")
    return {"LD_PRELOAD": str(clock_library(home)), _CLOCK: str(hand)}


def clock_library(home: Path) -> Path:
    """What takes the place of a process's clock, and of its name server: see clock.c, names.c."""
    compiler = shutil.which("cc") or pytest.skip("needs a C compiler (Debian: apt install gcc)")
    library, sources = home / "clock.so", Path(__file__).parent.glob("*.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, *sources, "-ldl"], check=True, timeout=60)
    return library
