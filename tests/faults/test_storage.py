"""What holds the log breaks: locked, full, slow, failing, gone."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL

import pytest

from callrouter.calllog.audit import AuditFilter, page
from callrouter.clock import monotonic
from tests.calllog.postgres import PostgresServer
from tests.faults import database_ways, ways
from tests.faults.trial import CALLS, Trial
from tests.service import until

pytestmark = pytest.mark.alone

AWAY_SECONDS = 600.0


@pytest.mark.fault("SQLite is locked by a backup", "another program holds `BEGIN IMMEDIATE`")
def test_sqlite_is_locked(trial: Trial) -> None:
    trial.survives(database_ways.locked(trial.database_file), shows="recorder")


@pytest.mark.fault("The disk is full", "`strace`: `pwrite64` fails with ENOSPC")
def test_the_disk_is_full(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "pwrite64:error=ENOSPC"), shows="recorder")


@pytest.mark.fault("The disk is full, for the spool too", "a tmpfs of 300 MB with both is filled up")
def test_the_disk_is_full_to_the_last_byte(small_disk_trial: Trial) -> None:
    small_disk_trial.survives(ways.filled(small_disk_trial.database_file.parent), shows="recorder")


@pytest.mark.fault("The disk fails", "`strace`: `fdatasync` fails with EIO")
def test_the_disk_fails(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "fdatasync:error=EIO"), shows="recorder")


@pytest.mark.fault("The file is read-only", "`strace`: `pwrite64` fails with EROFS")
def test_the_file_is_read_only(trial: Trial) -> None:
    trial.survives(ways.system_calls(trial.service, "pwrite64:error=EROFS"), shows="recorder")


@pytest.mark.fault("The file is immutable", "`chattr +i` on the database and what SQLite keeps beside it")
def test_the_file_is_immutable(trial: Trial) -> None:
    trial.survives(ways.immutable([*trial.database_file.parent.glob("callrouter.db*")]), shows="recorder")


@pytest.mark.fault(
    "The file is corrupt, and restored",
    "pages of its indexes and of folded calls are written over; then `callrouter db restore` with a back-up of before",
)
def test_the_file_is_corrupt(trial: Trial) -> None:
    """Calls go on meanwhile, also as somebody restores it; from then on all is well without a hand."""
    trial.survives(database_ways.damaged(trial.service, trial.database_file), shows="recorder")


@pytest.mark.fault("Database and spool both fail", "`strace`: `pwrite64` fails with ENOSPC, `fsync` with EIO")
def test_neither_database_nor_spool_takes_anything(trial: Trial) -> None:
    """As long as the processes live, what has but a log line is written later."""
    broken = ways.system_calls(trial.service, "pwrite64:error=ENOSPC", "fsync:error=EIO")
    trial.survives(broken, shows="recorder")


@pytest.mark.fault(
    "Database and spool both fail, then all are killed",
    "the same, then SIGKILL to all and a start; `callrouter log recover` reads the service's own log",
)
def test_what_had_but_a_log_line_is_read_back(trial: Trial) -> None:
    """The one fault that needs a hand, as the audit log tells. Who called is the provider's to tell: no log does."""
    trial.lacks_callers = True
    with ways.system_calls(trial.service, "pwrite64:error=ENOSPC", "fsync:error=EIO"):
        with trial.calling() as callers, trial.lasting():
            began = monotonic()
            callers.play(CALLS)
            trial.tells("recorder", began)
        until(at_rest(trial.service.home / "service.log"), "the log is written")
        trial.service.stop(SIGKILL)
    trial.service.start()
    trial.heals()
    done = trial.service.run("log", "recover", "--new-calls", "--json", str(trial.service.home / "service.log"))
    assert (done.returncode, json.loads(done.stdout)["added"] > 0) == (0, True), done
    with trial.reading() as connection:
        assert page(connection, AuditFilter(action="recover"), 1).entries, "the audit log tells of it"
    trial.judge(callers)


def at_rest(log: Path) -> Callable[[], bool]:
    """Whether nothing has been written to *log* for half a second of looks."""
    sizes: deque[int] = deque(maxlen=25)

    def ask() -> bool:
        sizes.append(log.stat().st_size)
        return len(sizes) == sizes.maxlen and len(set(sizes)) == 1

    return ask


@pytest.mark.long
@pytest.mark.fault("The disk is slow, that of the spool too", "`strace`: `fdatasync` and `fsync` take 3 s")
def test_the_disk_is_slow(trial: Trial) -> None:
    slow = ways.system_calls(trial.service, "fdatasync:delay_enter=3000000", "fsync:delay_enter=3000000")
    trial.survives(slow, shows="recorder")


@pytest.mark.long
@pytest.mark.fault("PostgreSQL is restarted", "`pg_ctl stop`, then `start`")
def test_postgresql_is_restarted(postgres_trial: Trial, server: PostgresServer) -> None:
    postgres_trial.survives(database_ways.stopped(server), shows="recorder")


@pytest.mark.long
@pytest.mark.fault("PostgreSQL is away for ten minutes", "`pg_ctl stop`, and ten real minutes later `start`")
def test_postgresql_is_away_for_ten_minutes(postgres_trial: Trial, server: PostgresServer) -> None:
    """The calls of ten minutes wait in the spool, and are all there soon after."""
    postgres_trial.survives(
        database_ways.stopped(server), shows="recorder", lasts=lambda callers: callers.call_now_and_then(AWAY_SECONDS)
    )


@pytest.mark.long
@pytest.mark.fault("PostgreSQL hangs", "another program holds `LOCK TABLE … ACCESS EXCLUSIVE`")
def test_postgresql_hangs(postgres_trial: Trial) -> None:
    url = postgres_trial.service.settings.storage.database_url
    postgres_trial.survives(database_ways.hanging(url), shows="recorder")


@pytest.mark.long
@pytest.mark.fault("PostgreSQL stands still", "SIGSTOP to all its processes, then SIGCONT")
def test_postgresql_stands_still(postgres_trial: Trial, server: PostgresServer) -> None:
    postgres_trial.survives(ways.standing_still(server.processes()), shows="recorder")


@pytest.mark.long
@pytest.mark.fault(
    "PostgreSQL meets deadlocks", "another program locks the same tables in another order, again and again"
)
def test_postgresql_meets_deadlocks(postgres_trial: Trial) -> None:
    url = postgres_trial.service.settings.storage.database_url
    postgres_trial.survives(database_ways.deadlocking(url), shows="recorder")


@pytest.mark.fault(
    "A later release migrates", "columns and a table more, and a revision that this release does not know"
)
def test_a_later_release_migrates_while_calls_come(trial: Trial) -> None:
    """A worker that begins meanwhile knows no better than those that were there."""
    trial.survives(migrated_ahead_with_a_new_worker(trial), shows="tables")


@contextmanager
def migrated_ahead_with_a_new_worker(trial: Trial) -> Iterator[None]:
    with database_ways.migrated_ahead(trial.database_file), ways.killed(trial.service):
        yield


@pytest.mark.fault(
    "The tables are of an earlier release",
    "a service begins on the first tables there ever were, while another program holds `BEGIN IMMEDIATE`",
)
def test_the_tables_are_of_an_earlier_release(begun_on_old_tables: Trial) -> None:
    """It cannot bring them up to date until it may write; until then calls wait in the spool."""
    trial = begun_on_old_tables
    with trial.outlives("recorder") as callers, database_ways.locked(trial.database_file), trial.lasting():
        trial.service.start()
        began = monotonic()
        callers.play(CALLS)
        trial.tells("recorder", began)
