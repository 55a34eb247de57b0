"""Processes die, stand still, run out of what they need, and are replaced."""

from collections import Counter
from collections.abc import Callable

import pytest

from callrouter.clock import monotonic
from tests.faults import database_ways, deploying, strangers, ways
from tests.faults.callers import Callers
from tests.faults.trial import ANSWER_SECONDS, CALLS, Trial
from tests.service import until

pytestmark = pytest.mark.alone

WORKERS = 2
MOST_KILLS = 40
"""A recorded run has hundreds of some calls: as many as a few transactions make, and as many answers."""
PAUSE_SECONDS = 35.0
"""Longer than gunicorn waits for a sign of life from a worker, which it kills then."""
OUT_OF_FILES = "out of system resource"
"""What asyncio says of a connection that it cannot open."""


@pytest.mark.fault("A worker is killed", "SIGKILL to one of two")
def test_a_worker_is_killed(trial: Trial) -> None:
    trial.survives(ways.killed(trial.service))


@pytest.mark.fault("The whole service is killed", "SIGKILL to all its processes, then a start")
def test_the_whole_service_is_killed(trial: Trial) -> None:
    trial.is_silent = True
    trial.survives(ways.gone(trial.service))


@pytest.mark.long
@pytest.mark.fault("A new release in mid-call", "another service begins on the held socket, then SIGTERM to the first")
def test_a_new_release_takes_over(held_trial: Trial) -> None:
    held_trial.survives(deploying.released(held_trial.service))


@pytest.mark.long
@pytest.mark.fault(
    "A reload in mid-request and in mid-call",
    "SIGHUP as each `fdatasync` takes 0.3 s (`strace`), and SIGHUP while all calls are held back at their second "
    "request",
)
def test_a_reload(trial: Trial) -> None:
    """No request has to be sent a second time. On so slow a disk entries may have to wait in the spool."""
    service = trial.service
    trial.besides = ("recorder",)
    with trial.outlives() as callers:
        callers.play(CALLS)
        with ways.system_calls(service, "fdatasync:delay_enter=300000"), deploying.reloaded(service):
            callers.play(CALLS)
        with callers.provider.standstill(callers.at_once), deploying.reloaded(service):
            pass
        callers.play(CALLS)
    assert (trial.figures.retried, trial.figures.fell_back) == (0, 0)


@pytest.mark.long
@pytest.mark.fault("The whole service stands still", "SIGSTOP to all its processes for 30 s, then SIGCONT")
def test_the_whole_service_stands_still(trial: Trial) -> None:
    trial.is_silent = True
    trial.survives(ways.frozen(trial.service), lasts=lambda callers: callers.play_for(PAUSE_SECONDS))


@pytest.mark.long
@pytest.mark.fault("A worker stands still", "SIGSTOP to one of two for 30 s, then SIGCONT")
def test_a_worker_stands_still(trial: Trial) -> None:
    trial.survives(ways.paused(trial.service), lasts=lambda callers: callers.play_for(PAUSE_SECONDS))


@pytest.mark.fault("A worker is out of file descriptors", "`prlimit` to as many as it has open")
def test_a_worker_is_out_of_file_descriptors(trial: Trial) -> None:
    def until_it_shows(callers: Callers) -> None:
        callers.play_until(lambda: trial.service.log().count(OUT_OF_FILES) > before)

    before = trial.service.log().count(OUT_OF_FILES)
    trial.survives(ways.out_of_files(trial.service), lasts=until_it_shows)


@pytest.mark.fault(
    "A worker is out of memory", "`prlimit`: no more address space than it has; somebody sends it 3 MB, until it goes"
)
def test_a_worker_is_out_of_memory(trial: Trial) -> None:
    """Whether the lack shows in a handler, and the fail-safe answers, is chance; the worker goes in any case."""
    trial.may_fail_safe = True
    victim = ways.workers(trial.service)[0]

    def is_gone() -> bool:
        strangers.send_much(trial.service)
        return victim not in ways.workers(trial.service)

    trial.survives(ways.out_of_memory(trial.service), lasts=lambda callers: callers.play_until(is_gone))


@pytest.mark.long
@pytest.mark.fault(
    "Killed at the k-th write to the disk",
    "`strace`: SIGKILL to one of two at its k-th `fdatasync`, for each k of a recorded run, one after the other",
)
def test_killed_at_the_kth_fsync(trial: Trial) -> None:
    """The other worker gets the request again, and with it the entry that one was killed at; the spool may take it."""
    trial.besides = ("recorder",)
    with trial.outlives() as callers:
        kill_at_each(trial, "fdatasync", recorded(trial, callers, "fdatasync"))


@pytest.mark.long
@pytest.mark.fault(
    "Killed at the k-th write to the spool",
    "another program holds `BEGIN IMMEDIATE`; `strace`: SIGKILL to one of two at its k-th `fsync`, for each k of a "
    "recorded run, one after the other",
)
def test_killed_at_the_kth_fsync_of_the_spool(trial: Trial) -> None:
    """Whoever begins anew replays what the former left. No request, which waits a second anyway, meets two deaths."""
    with trial.outlives("recorder") as callers, database_ways.locked(trial.database_file), trial.lasting():
        began = monotonic()
        last = recorded(trial, callers, "fsync")
        trial.tells("recorder", began)
        kill_at_each(trial, "fsync", last, lambda: callers.play_for(ANSWER_SECONDS))


@pytest.mark.long
@pytest.mark.fault(
    "Killed between decision and record, and between record and reply",
    "`strace`: SIGKILL to one of two at its k-th `pwrite64`, and at its k-th `sendto`, for each k of a recorded run, "
    f"{MOST_KILLS} at most",
)
@pytest.mark.parametrize("is_recorded", [False, True], ids=["decided", "recorded"])
def test_killed_at_the_kth(trial: Trial, is_recorded: bool) -> None:
    """A page of the database is written before the record is safe; the answer is sent after that.

    Between two deaths people call: no request is to meet two. What was told twice may wait in the spool.
    """
    trial.besides = ("recorder",)
    name = trial.service.sends if is_recorded else "pwrite64"
    with trial.outlives() as callers:
        last = min(recorded(trial, callers, name), MOST_KILLS)
        kill_at_each(trial, name, last, lambda: callers.play_for(ANSWER_SECONDS))


@pytest.mark.long
@pytest.mark.fault(
    "Killed with PostgreSQL between decision and reply",
    "`strace`: SIGKILL to one of two at its k-th `sendto`, to the database or to the provider, for each k of a "
    f"recorded run, {MOST_KILLS} at most",
)
def test_killed_at_the_kth_word_to_postgresql(postgres_trial: Trial) -> None:
    """Between two deaths people call: a worker dies sooner here than another is there, and nobody is to meet two."""
    with postgres_trial.outlives() as callers:
        last = min(recorded(postgres_trial, callers, "sendto"), MOST_KILLS)
        kill_at_each(postgres_trial, "sendto", last, lambda: callers.play_for(ANSWER_SECONDS))


def kill_at_each(trial: Trial, name: str, last: int, between: Callable[[], None] = lambda: None) -> None:
    """Kill a worker at its first call of *name*, the next one at its second, and so on up to the *last*."""
    for k in range(1, last + 1):
        kill_one(trial, name, k)
        between()
    trial.figures.tried = last


def kill_one(trial: Trial, name: str, k: int) -> None:
    """Kill a worker at the k-th call of *name* that one of its threads makes, and see another begin."""
    service = trial.service
    victim = ways.workers(service)[0]
    with ways.system_calls(service, f"{name}:signal=SIGKILL:when={k}", of=[victim]):
        until(lambda: victim not in ways.workers(service), f"{victim} is killed at its {k}. {name}", 60)
    until(lambda: len(ways.workers(service)) == WORKERS, "another worker has begun")


def recorded(trial: Trial, callers: Callers, name: str) -> int:
    """How often the busiest thread of the workers calls *name* while CALLS calls are played."""
    with ways.system_calls(trial.service, f"{name}:delay_enter=1000") as seen:
        callers.play(CALLS)
    by_thread = Counter(line.split()[0] for line in seen.read_text("ascii").splitlines() if f"{name}(" in line)
    return max(by_thread.values())
