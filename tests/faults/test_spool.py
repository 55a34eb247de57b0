"""Entries wait in the spool when all processes are killed. Torn or doubled, they come into the log once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from signal import SIGKILL

import pytest

from callrouter import clock
from callrouter.clock import monotonic
from tests.faults import database_ways, ways
from tests.faults.trial import CALLS, Trial

pytestmark = pytest.mark.alone

COPIES = 20


@contextmanager
def killed_in_an_outage(trial: Trial) -> Iterator[Callable[[], None]]:
    """All that saw the database locked, and told of it, are killed: what waits in the spool tells the audit log.

    The block begins when nobody is there, and leaves a service behind. It is given what ends the outage.
    """
    trial.is_silent = True
    since = clock.now()
    with trial.outlives("recorder") as callers, ExitStack() as outage:
        outage.enter_context(trial.lasting())
        outage.enter_context(database_ways.locked(trial.database_file))
        began = monotonic()
        callers.play(CALLS)
        trial.tells("recorder", began)
        trial.service.stop(SIGKILL)
        killed_at = clock.now()
        yield outage.close
    trial.is_told_of("recorder", since, killed_at)


@pytest.mark.fault(
    "All that saw an outage are killed in it", "another program holds `BEGIN IMMEDIATE`, then SIGKILL to all"
)
def test_those_who_saw_it_are_killed(trial: Trial) -> None:
    with killed_in_an_outage(trial) as ends:
        ends()
        trial.service.start()


@pytest.mark.long
@pytest.mark.fault(
    "The spool ends in half a line",
    "another program holds `BEGIN IMMEDIATE`, SIGKILL to all; an entry is cut off after each of its bytes, a file "
    "each, then a start",
)
def test_the_spool_is_torn(trial: Trial) -> None:
    """Whoever begins replays what is left. Half a line was told nobody as safe: it is kept, and it shows."""
    with killed_in_an_outage(trial) as ends:
        torn = ways.tear(trial.spool)
        ends()
        trial.service.start()
    kept = list(trial.spool.glob("*.damaged"))
    ready = trial.service.ready()["recorder"]
    assert (len(kept), ready["damaged_spool_files"]) == (torn, torn)
    assert f"callrouter_spool_damaged_files {torn}.0" in trial.page("/metrics")
    for file in kept:
        file.unlink()
    trial.figures.tried = torn


@pytest.mark.long
@pytest.mark.fault(
    "The spool is replayed twice, by two at once",
    f"another program holds `BEGIN IMMEDIATE`, SIGKILL to all; each file of the spool is there {COPIES} times, as a "
    "back-up brings it back, then a start; `strace` sees who replays",
)
def test_the_spool_is_replayed_by_two_at_once(trial: Trial) -> None:
    """Both workers replay the same entries side by side, and the log has each event once."""

    def heal() -> None:
        ends()
        trial.heals()

    with killed_in_an_outage(trial) as ends:
        files = ways.multiplied(trial.spool, COPIES)
        trial.service.start()
        made = ways.calls_on(trial.service, trial.spool, heal)
    turns = [thread for thread, _ in groupby(made["unlink"])]
    assert len(made["unlink"]) >= files
    assert len(turns) > len(set(turns)) == 2, "the one replays while the other does"
