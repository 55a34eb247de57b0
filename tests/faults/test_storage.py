"""What holds the log breaks: locked, full, slow, failing, gone."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import SIGKILL

import pytest

from callrouter import clock
from tests.calllog.postgres import PostgresServer
from tests.faults import database_ways, ways
from tests.faults.trial import CALLS, TOLD_SECONDS, Trial
from tests.service import until

pytestmark = pytest.mark.alone

RECURRING = {"pwrite64", "pread64", "fdatasync"}
"""Those that every call makes. Others are made once in a while, as a file begins: they may meet nobody."""

SPOOL_CALLS = ("write", "fsync", "rename", "flock", "unlink")
"""Those by which entries get into the spool, and out of it: strace cannot be told of files that are not there yet."""


def file(trial: Trial) -> Path:
    return trial.service.home / "var" / "callrouter.db"


def files(trial: Trial) -> list[Path]:
    """Those of the database and of the spool."""
    places = [path for path in (trial.service.home / "var").iterdir() if path.name.startswith("callrouter.db")]
    return [*places, spool(trial)]


def spool(trial: Trial) -> Path:
    return trial.service.home / "var" / "spool"


@pytest.mark.fault("SQLite is locked by a backup", "another program holds `BEGIN IMMEDIATE`")
def test_sqlite_is_locked(trial: Trial) -> None:
    trial.survives(database_ways.locked(file(trial)), shows="recorder", is_audited=True)


@pytest.mark.fault(
    "All that saw an outage are killed in it", "another program holds `BEGIN IMMEDIATE`, then SIGKILL to all"
)
def test_those_who_saw_it_are_killed(trial: Trial) -> None:
    """What waits in the spool tells the audit log since when."""
    trial.is_silent = True
    since = clock.now()
    with trial.calling() as callers:
        with database_ways.locked(file(trial)):
            callers.play(CALLS)
            trial.service.stop(SIGKILL)
        killed_at = clock.now()
        trial.service.start()
        trial.heals()
        until(lambda: trial.tells_since("recorder", since) < killed_at, "the audit log tells of it", TOLD_SECONDS)
        callers.play(CALLS)
    trial.judge(callers)


@pytest.mark.fault("The disk is full", "`strace`: `pwrite64` fails with ENOSPC")
def test_the_disk_is_full(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "pwrite64:error=ENOSPC"), shows="recorder")


@pytest.mark.fault("The disk fails", "`strace`: `fdatasync` fails with EIO")
def test_the_disk_fails(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "fdatasync:error=EIO"), shows="recorder")


@pytest.mark.fault("The file is read-only", "`strace`: `pwrite64` fails with EROFS")
def test_the_file_is_read_only(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "pwrite64:error=EROFS"), shows="recorder")


@pytest.mark.fault("Database and spool both fail", "`strace`: `pwrite64` fails with ENOSPC, `fsync` with EIO")
def test_neither_database_nor_spool_takes_anything(trial: Trial) -> None:
    """As long as the processes live, what has but a log line is written later."""
    broken = ways.system_calls(trial.service, "pwrite64:error=ENOSPC", "fsync:error=EIO")
    trial.survives(broken, shows="recorder")


@pytest.mark.long
@pytest.mark.fault("The disk is slow, that of the spool too", "`strace`: `fdatasync` and `fsync` take 3 s")
def test_the_disk_is_slow(trial: Trial) -> None:
    slow = ways.system_calls(trial.service, "fdatasync:delay_enter=3000000", "fsync:delay_enter=3000000")
    trial.survives(slow, shows="recorder")


@pytest.mark.long
@pytest.mark.fault("PostgreSQL is restarted", "`pg_ctl stop`, then `start`")
def test_postgresql_is_restarted(postgres_trial: Trial, server: PostgresServer) -> None:
    postgres_trial.survives(database_ways.stopped(server), shows="recorder", is_audited=True)


@pytest.mark.long
@pytest.mark.fault("PostgreSQL hangs", "another program holds `LOCK TABLE … ACCESS EXCLUSIVE`")
def test_postgresql_hangs(postgres_trial: Trial) -> None:
    url = postgres_trial.service.settings.storage.database_url
    postgres_trial.survives(database_ways.hanging(url), shows="recorder")


@pytest.mark.long
@pytest.mark.fault(
    "PostgreSQL meets deadlocks", "another program locks the same tables in another order, again and again"
)
def test_postgresql_meets_deadlocks(postgres_trial: Trial) -> None:
    postgres_trial.survives(database_ways.deadlocking(postgres_trial.service.settings.storage.database_url))


@pytest.mark.fault(
    "A later release migrates", "columns and a table more, and a revision that this release does not know"
)
def test_a_later_release_migrates_while_calls_come(trial: Trial) -> None:
    """A worker that begins meanwhile knows no better than those that were there."""
    with trial.calling() as callers, database_ways.migrated_ahead(file(trial)), ways.killed(trial.service):
        callers.play(CALLS)
    trial.survives(ways.killed(trial.service))


@pytest.mark.long
@pytest.mark.fault(
    "Every system call of the spool fails in turn", "`strace`: EIO, while `pwrite64` fails with ENOSPC on the database"
)
@pytest.mark.parametrize("name", SPOOL_CALLS)
def test_a_system_call_of_the_spool_fails(trial: Trial, name: str) -> None:
    """The entries have a log line alone, and are written later."""
    trial.survives(ways.system_calls(trial.service, "pwrite64:error=ENOSPC", f"{name}:error=EIO"), shows="recorder")


@pytest.mark.long
@pytest.mark.fault(
    "Every system call of the recorder fails in turn",
    "`strace`: EIO for each that reaches the files of the database in a recorded run, on them",
)
def test_a_system_call_fails(trial: Trial) -> None:
    with trial.calling() as callers:
        names = ways.calls_on(trial.service, [file(trial)], lambda: callers.play(CALLS))
    assert set(names) >= RECURRING, names
    for name in names:
        with told_of(name), suppress(*[] if name in RECURRING else [ways.NobodyHitError]):
            trial.survives(ways.system_calls(trial.service, f"{name}:error=EIO", only=files(trial)))


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Which system call it was that failed, where a promise is broken."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"while {name} failed")
        raise
