"""Runs the jobs at their times, inside the service or as a process of its own."""

import logging
import os
import socket
from collections.abc import Iterable
from datetime import tzinfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.jobs.claim import claim, finish
from callrouter.jobs.job import Job

log = logging.getLogger(__name__)

_MISFIRE_SECONDS = 1800


class JobScheduler:
    """APScheduler with our jobs. Start it after the fork."""

    def __init__(self, database: Database, jobs: Iterable[Job], zone: tzinfo) -> None:
        self._database = database
        self._zone = zone
        self._who = f"{socket.gethostname()}:{os.getpid()}"
        self._scheduler = BackgroundScheduler(timezone=zone)
        for job in jobs:
            self._scheduler.add_job(
                self.run_due,
                CronTrigger(minute=job.minute, timezone=zone),
                args=[job],
                id=job.name,
                coalesce=True,
                misfire_grace_time=_MISFIRE_SECONDS,
            )

    def start(self) -> None:
        """Begin to run jobs when they are due."""
        self._scheduler.start()

    def stop(self) -> None:
        """Let a running job finish, start none."""
        self._scheduler.shutdown()

    def condition(self) -> dict[str, object]:
        """How it is doing, for /readyz."""
        return {"ok": self._scheduler.running, "jobs": [job.id for job in self._scheduler.get_jobs()]}

    def run_due(self, job: Job) -> str | None:
        """Run *job* for the present slot unless another process has; returns what it did, None if it was not ours."""
        at = clock.now()
        slot = job.slot(at, self._zone)
        if not claim(self._database, job.name, slot, self._who, job.lease, at):
            return None
        result = job.run(self._database)
        finish(self._database, job.name, slot, self._who, result, clock.now())
        log.info("job %s for %s: %s", job.name, slot, result)
        return result
