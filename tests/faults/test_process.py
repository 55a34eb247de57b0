"""Processes die, stand still, run out of what they need, and are replaced."""

import pytest

from tests.faults import ways
from tests.faults.trial import Trial

pytestmark = pytest.mark.alone


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
    held_trial.survives(ways.released(held_trial.service))


@pytest.mark.long
@pytest.mark.fault("A worker stands still", "SIGSTOP to one of two, then SIGCONT")
def test_a_worker_stands_still(trial: Trial) -> None:
    trial.survives(ways.paused(trial.service))


@pytest.mark.fault("A worker is out of file descriptors", "`prlimit` to as many as it has open")
def test_a_worker_is_out_of_file_descriptors(trial: Trial) -> None:
    trial.survives(ways.out_of_files(trial.service))


@pytest.mark.long
@pytest.mark.fault("Killed at the k-th write to the disk", "`strace`: SIGKILL at the k-th `fdatasync`, k from 1 to 20")
@pytest.mark.parametrize("k", range(1, 21))
def test_killed_at_the_kth_fsync(trial: Trial, k: int) -> None:
    """Each thread counts for itself: both workers die, one after the other, each at its own k-th."""
    before = set(ways.workers(trial.service))
    trial.is_silent = True
    trial.survives(ways.system_calls(trial.service, f"fdatasync:signal=SIGKILL:when={k}"))
    assert before - set(ways.workers(trial.service)), "nobody was killed"
