"""Jobs on two nodes: one is killed in the midst of one, and the other does it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import Faults
from tests.faults import clock_ways, database_ways
from tests.faults.nodes import NodesTrial
from tests.faults.trial import CALLS
from tests.service import until

pytestmark = pytest.mark.alone

OPENING = datetime(2027, 3, 1, 9, tzinfo=UTC)
"""A Monday on which two units open; what happened since Friday is handed over."""

A_SECOND, A_MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def while_closed(scene: Scene) -> Scene:
    return replace(scene, faults=Faults(), at=OPENING - A_MINUTE * (1 + scene.number * 37 % 3600) - A_SECOND)


@pytest.mark.long
@pytest.mark.fault(
    "A node is killed in mid-job",
    "two services with jobs on PostgreSQL; as two units open, another program holds `LOCK TABLE outbox`: SIGKILL to "
    "all of the service that waits for it with a hand-over; then it is there again; `LD_PRELOAD`: the lease is out",
)
def test_a_node_is_killed_in_mid_job(nodes_trial: NodesTrial) -> None:
    """Nobody touches what it left while its lease lasts; then the others do it, once as all else."""
    trial = nodes_trial
    trial.played_as = while_closed
    with trial.outlives() as callers:
        callers.play(5 * CALLS)
        clock_ways.set_clock(trial.service, OPENING)
        with database_ways.unwritten(trial.service.settings.storage.database_url, "outbox"):
            left = trial.under_way("hand-over")
            trial.kill_the_node_of(left)
        trial.begin_another()
        callers.play(CALLS)
        clock_ways.set_clock(trial.service, left.lease_until)
        until(lambda: all(run.finished_at for run in trial.runs().values()), "all slots are done", 90)
        until(lambda: len(trial.told()[0]) == 2, "both hand-overs are told", 30)
    runs = trial.runs()
    taken_over = runs[left.job, left.slot]
    assert taken_over.claimed_by != left.claimed_by
    assert taken_over.claimed_at >= left.lease_until
    assert trial.done() == dict.fromkeys(runs, 1), "each slot was done once"
    assert trial.told() == ([1, 1], 2), "each letter was sent once"
