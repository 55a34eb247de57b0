"""The parts of a service that have threads of their own."""

from dataclasses import dataclass
from datetime import timedelta

from callrouter import clock
from callrouter.app.jobs import scheduler
from callrouter.calllog.control import load_control
from callrouter.calllog.database import Database
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.spool import Spool
from callrouter.calls.schedule_source import schedule_source
from callrouter.domain.control import Control
from callrouter.jobs.scheduler import JobScheduler
from callrouter.schedule.control_store import ControlStore
from callrouter.schedule.store import ScheduleStore
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import Settings
from callrouter.tasks.runner import Runner
from callrouter.web import metrics
from callrouter.web.health import Condition

CONTROL_REACHES_BACK = timedelta(days=31)
"""Overrides and blocks are known this long after their end: the phone network may play calls of the past."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All of them; each tells how it is doing. *jobs* may run elsewhere."""

    recorder: Recorder
    schedules: ScheduleStore
    controls: ControlStore
    jobs: JobScheduler | None
    tasks: Runner

    def start(self) -> None:
        """Start their threads."""
        self.recorder.start()
        self.tasks.start()
        self.schedules.start()
        self.controls.start()
        if self.jobs:
            self.jobs.start()

    def stop(self) -> None:
        """End them, the recorder last: what was told is still written."""
        self.tasks.stop()
        if self.jobs:
            self.jobs.stop()
        self.controls.stop()
        self.schedules.stop()
        self.recorder.stop()

    def conditions(self) -> dict[str, Condition]:
        """What tells of each, by its name in /readyz."""
        told = {"recorder": self.recorder.condition, "schedule": self.schedules.condition}
        told |= {"control": self.controls.condition, "tasks": self.tasks.condition}
        return {**told, "jobs": self.jobs.condition} if self.jobs else {**told}


def parts_of(
    settings: Settings, sealer: Sealer, callers: Pseudonymizer, tasks: Runner, own_url: str | None, *, with_jobs: bool
) -> Parts:
    """Make them. The recorder's database is the jobs' too. *own_url*: where jobs ask the service."""
    database = Database(settings.storage.database_url)
    spool = Spool(settings.storage.spool_dir, sealer)
    recorder = Recorder(database, spool, callers, on_batch=metrics.BATCH.observe)
    schedules = ScheduleStore(
        schedule_source(settings.schedule, database),
        settings.storage.last_good_schedule,
        on_change=recorder.remember_schedule,
        on_load=lambda result: metrics.SCHEDULE_LOADS.labels(result).inc(),
    )
    jobs = scheduler(database, schedules, settings.account, settings, own_url) if with_jobs else None
    return Parts(recorder, schedules, _controls(settings, database, callers), jobs, tasks)


def _controls(settings: Settings, database: Database, callers: Pseudonymizer) -> ControlStore:
    """What is decided by hand, as *database* has it."""

    def load() -> Control:
        return load_control(database, clock.now() - CONTROL_REACHES_BACK)

    return ControlStore(load, settings.storage.last_good_control, callers.key_id)
