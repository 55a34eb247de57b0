"""Two nodes on one database, each of which runs the jobs."""

import json
import signal
import subprocess
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Self

from sqlalchemy import Row, select

from callrouter.calllog.tables import JobRunRow, OutboxRow
from tests.faults import deploying
from tests.faults.trial import Trial
from tests.service import PATIENCE_SECONDS, children, end, until

_NOTIFY = "\nnotify:\n  hand-over: [desk@example.se]\n"

_LOOKED_SECONDS = 90.0
"""The clock is set; the scheduler sleeps on for up to a minute by its own."""

Slot = tuple[str, str]
"""A job, and what of it."""


def with_hand_over(schedule: str) -> str:
    """The same schedule; as a unit opens, a mail tells what happened meanwhile."""
    return schedule + _NOTIFY


@dataclass
class NodesTrial(Trial):
    """A trial of two services on one held socket and one database, both of which run the jobs; their clock can be set.

    *others*: the nodes beside the one that began last.
    """

    besides: Collection[str] = ("control",)
    others: list["subprocess.Popen[str]"] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.begin_another()
        return self

    def __exit__(self, *_: object) -> None:
        for node in self.others:
            node.terminate()
            node.wait(PATIENCE_SECONDS)

    def begin_another(self) -> None:
        """One node more is there."""
        self.others.append(deploying.another(self.service))

    def under_way(self, job: str) -> Row[Any]:
        """A run of *job* that has begun and not ended, as soon as there is one."""
        query = select(JobRunRow.__table__).where(JobRunRow.job == job, JobRunRow.finished_at.is_(None))
        found: list[Row[Any]] = []

        def ask() -> bool:
            with self.reading() as connection:
                found.extend(connection.execute(query))
            return bool(found)

        until(ask, f"{job} is under way", _LOOKED_SECONDS)
        return found[0]

    def kill_the_node_of(self, run: Row[Any]) -> None:
        """All processes of the node that has begun it are killed."""
        pid = int(run.claimed_by.rpartition(":")[2])
        assert self.service.process
        nodes = [*self.others, self.service.process]
        (victim,) = (node for node in nodes if pid in children(node.pid))
        nodes.remove(victim)
        end(victim, signal.SIGKILL)
        *self.others, self.service.process = nodes

    def runs(self) -> dict[Slot, Row[Any]]:
        """Each slot that somebody has claimed."""
        with self.reading() as connection:
            return {(row.job, row.slot): row for row in connection.execute(select(JobRunRow.__table__))}

    def done(self) -> Counter[Slot]:
        """How often each slot was done or failed, as the logs of all nodes tell."""
        lines = (json.loads(line) for line in self.service.log().splitlines() if '"slot":' in line)
        return Counter((line["job"], line["slot"]) for line in lines)

    def told(self) -> tuple[list[int], int]:
        """How often it was tried to send each notice that is sent, and how many letters there are."""
        sent = select(OutboxRow.attempts).where(OutboxRow.sent_at.is_not(None))
        with self.reading() as connection:
            return list(connection.scalars(sent)), len(list((self.service.home / "var" / "outbox").glob("*")))
