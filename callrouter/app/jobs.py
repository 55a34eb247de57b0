"""The jobs: inside a service, or as a process of their own."""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial

from callrouter.calllog.database import Database
from callrouter.calls.schedule_source import schedule_source
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from callrouter.jobs.tools import job_tools
from callrouter.schedule.store import ScheduleStore
from callrouter.settings import ScheduleLocation, Settings, Storage
from callrouter.twilio_settings import Twilio


@dataclass(frozen=True, slots=True)
class Clock:
    """What runs the jobs where no call is answered."""

    database: Database
    schedules: ScheduleStore
    jobs: JobScheduler

    def start(self) -> None:
        """Follow the schedule, and run the jobs when they are due."""
        self.schedules.start()
        self.jobs.start()

    def stop(self) -> None:
        """Let a job under way come to a good end."""
        self.jobs.stop()
        self.schedules.stop()
        self.database.close()


def create_clock(
    storage: Storage, location: ScheduleLocation, twilio: Twilio | None, settings: Settings | None = None
) -> Clock:
    """Put the jobs together without a service around them; *settings*: those of the service, where they are known."""
    database = Database(storage.database_url)
    schedules = ScheduleStore(schedule_source(location, database), storage.last_good_schedule)
    return Clock(database, schedules, scheduler(database, schedules, twilio, settings))


def scheduler(
    database: Database,
    schedules: ScheduleStore,
    twilio: Twilio | None,
    settings: Settings | None,
    own_url: str | None = None,
) -> JobScheduler:
    """What runs them. *own_url*: where they ask the service that they run in."""
    tools = job_tools(
        database, schedules.source, lambda: schedules.current().schedule, twilio, settings, service_url=own_url
    )
    return JobScheduler(tools, JOBS, partial(zone, schedules))


def zone(schedules: ScheduleStore) -> tzinfo:
    """That of the schedule in force, by whose clocks jobs run."""
    schedule = schedules.current().schedule
    return schedule.zone if schedule else UTC
