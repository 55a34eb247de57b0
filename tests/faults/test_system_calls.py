"""Each system call by which entries are kept fails in turn, as strace records them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.faults import database_ways, ways
from tests.faults.callers import Callers
from tests.faults.trial import CALLS, Trial
from tests.service import until

pytestmark = pytest.mark.alone

RECURRING = {"pwrite64", "pread64", "fdatasync"}
"""Those that every call makes. Others are made once in a while, as a file begins: they may meet nobody."""

SPOOLING = {"openat", "flock", "rename", "write", "fsync", "read", "unlink"}
"""Those by which entries get into the spool, and out of it."""

UNHEEDED = {"fchown"}
"""Whatever becomes of it, SQLite goes on: nothing is degraded."""

UNLIKE_A_DISK = {"close"}
"""strace keeps a call that it lets fail from being made; a real `close` that fails closes the file all the same."""

REPLAY_SECONDS = 3.0
HIT_NOBODY = ways.NobodyHitError


def files(trial: Trial) -> list[Path]:
    """Those of the database and of the spool."""
    places = [path for path in (trial.service.home / "var").iterdir() if path.name.startswith("callrouter.db")]
    return [*places, spool(trial)]


def spool(trial: Trial) -> Path:
    return trial.service.home / "var" / "spool"


@pytest.mark.long
@pytest.mark.fault(
    "Every system call of the spool fails in turn",
    "`strace`: EIO for each that reaches the spool in a recorded run, in the threads that write and replay it, and on "
    "its directory, while another program holds `BEGIN IMMEDIATE` and when it lets go",
)
def test_a_system_call_of_the_spool_fails(trial: Trial) -> None:
    """What neither takes has a log line alone, and is written later.

    In these threads alone: most of the calls are made by all others too, for what is no matter of the spool.
    """
    with trial.calling() as callers:
        made = ways.calls_on(trial.service, spool(trial), lambda: through_the_spool(trial, callers))
    trial.judge(callers)
    assert set(made) >= SPOOLING, made
    writing = {*made["fsync"], *made["unlink"]}
    for name in sorted(set(made) - UNLIKE_A_DISK):
        with (
            told_of(f"{name} of those who write and replay"),
            suppress(*[] if writing & {*made[name]} else [HIT_NOBODY]),
        ):
            trial.survives(failing_in_the_spool(trial, name, threads=sorted(writing)), shows="recorder")
        with told_of(f"{name} of the directory"), suppress(HIT_NOBODY):
            trial.survives(failing_in_the_spool(trial, name, only=[spool(trial)]), shows="recorder")


@contextmanager
def failing_in_the_spool(trial: Trial, name: str, **where: Sequence[Any]) -> Iterator[None]:
    """First the database is away, then it is back and the spool could be replayed; in both *name* fails *where*."""
    with ways.system_calls(trial.service, f"{name}:error=EIO", **where):
        with database_ways.locked(trial.database_file):
            yield
        with suppress(AssertionError):
            until(trial.is_well, "it is replayed all the same", REPLAY_SECONDS)


def through_the_spool(trial: Trial, callers: Callers) -> None:
    """Entries get into the spool, and out of it."""
    with database_ways.locked(trial.database_file):
        callers.play(CALLS)
    trial.heals()


@pytest.mark.long
@pytest.mark.fault(
    "Every system call of the recorder fails in turn",
    "`strace`: EIO for each that reaches the files of the database in a recorded run, on them",
)
def test_a_system_call_fails(trial: Trial) -> None:
    with trial.calling() as callers:
        names = set(ways.calls_on(trial.service, trial.database_file, lambda: callers.play(CALLS)))
    assert names >= RECURRING, names
    for name in sorted(names):
        with told_of(name), suppress(*[] if name in RECURRING else [ways.NobodyHitError]):
            failing = ways.system_calls(trial.service, f"{name}:error=EIO", only=files(trial))
            trial.survives(failing, shows=None if name in UNHEEDED else "recorder")


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Which system call it was that failed, where a promise is broken."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"while {name} failed")
        raise
