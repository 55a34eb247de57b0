"""The composition root: settings in, a whole service out. Everything is put together here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from functools import partial

from flask import Flask

from callrouter import calls, clock
from callrouter.calllog.control import load_control
from callrouter.calllog.database import Database
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.spool import Spool
from callrouter.calls.schedule_places import schedule_place
from callrouter.calls.schedule_source import schedule_source
from callrouter.domain.control import Control
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.words import Origin
from callrouter.jobs.overview import overview
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from callrouter.jobs.tools import job_tools, provider_account
from callrouter.logs import of_log
from callrouter.logs.writer import Writer
from callrouter.schedule.control_store import ControlStore
from callrouter.schedule.store import ScheduleStore
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import ScheduleLocation, Settings, Storage
from callrouter.tasks.runner import Runner
from callrouter.telephony.simulator import NumberConfig, Phone, PhoneNetwork, WsgiTransport
from callrouter.telephony.simulator.transport import WsgiApp
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import CONNECTION
from callrouter.twilio_settings import Twilio
from callrouter.web import health, metrics, witness
from callrouter.web.conditions import Disk
from callrouter.web.counted import (
    CountedRecords,
    measure_jobs,
    measure_legs,
    measure_parts,
    measure_recorder,
    measure_schedule,
)
from callrouter.web.disturbances import Disturbances
from callrouter.web.gate import Beside, Gate, places
from callrouter.web.pages import create_pages
from callrouter.web.phone_room import Network
from callrouter.web.pulse import Pulse
from callrouter.web.site import Site
from callrouter.web.voice import Voice
from callrouter.web.webhooks import Webhooks

CONTROL_REACHES_BACK = timedelta(days=31)
"""Overrides and blocks are known this long after their end: the phone network may play calls of the past."""


@dataclass(frozen=True, slots=True)
class Application:
    """A service that is put together but not yet running: start it in the process that answers (after the fork)."""

    flask: Flask
    webhooks: Webhooks
    recorder: Recorder
    schedules: ScheduleStore
    controls: ControlStore
    jobs: JobScheduler | None
    tasks: Runner
    pulse: Pulse

    def start(self) -> None:
        """Start the background threads."""
        self.recorder.start()
        self.tasks.start()
        self.schedules.start()
        self.controls.start()
        if self.jobs:
            self.jobs.start()
        self.pulse.start()

    def stop(self) -> None:
        """End the background threads, the recorder last: what was told is still written."""
        self.pulse.stop()
        self.tasks.stop()
        if self.jobs:
            self.jobs.stop()
        self.controls.stop()
        self.schedules.stop()
        self.recorder.stop()


def create_app(
    settings: Settings, *, with_jobs: bool = True, own_url: str | None = None, log: Writer | None = None
) -> Application:
    """Put the service together. A broken database or schedule file keeps nobody from starting it.

    *own_url*: where its own jobs ask it. *log*: what writes the service's own.
    """
    sealer = Sealer(settings.secret_key, settings.old_secret_key)
    database = Database(settings.storage.database_url)
    pseudonymizer = Pseudonymizer(settings.privacy_key)
    metrics.begin()
    recorder = Recorder(
        database, Spool(settings.storage.spool_dir, sealer), pseudonymizer, on_batch=metrics.BATCH.observe
    )
    schedules = ScheduleStore(
        schedule_source(settings.schedule, database),
        settings.last_good_schedule,
        on_change=recorder.remember_schedule,
        on_load=lambda result: metrics.SCHEDULE_LOADS.labels(result).inc(),
    )
    controls = _controls(settings, database, pseudonymizer)
    jobs = _jobs(database, schedules, _twilio(settings), settings, own_url) if with_jobs else None
    provider = TwilioProvider.configured(settings, sealer)
    service = calls.Service(
        schedule=lambda: schedules.current().schedule,
        records=CountedRecords(recorder),
        last_resort=settings.last_resort,
        origin=_origin(settings),
        control=controls.current,
        caller_key=lambda number: pseudonymizer.key(number.e164),
    )
    last_resort = (settings.last_resort,) if settings.last_resort else ()
    voice = Voice(provider, service, sealer, provider.render_fail_safe(FailSafe(last_resort)))
    webhooks = Webhooks(voice)
    of_pages = Database(settings.storage.database_url)
    runner = Runner(of_pages, settings.storage.task_dir)
    parts = Parts(recorder, schedules, controls, jobs, runner)
    conditions, pulse = _watched(settings, parts, voice, of_pages, log)
    flask = Flask(__name__, static_folder=None, template_folder=None)
    flask.register_blueprint(witness.blueprint(service.schedule, controls.current))
    flask.register_blueprint(
        health.blueprint(conditions, lambda: measure_recorder(recorder.condition()), settings.health.metrics_token)
    )
    pages = Gate(create_pages(_site(settings, parts, of_pages, conditions, webhooks)), places(settings.threads))
    own = frozenset(rule.rule for rule in flask.url_map.iter_rules())
    inner = Beside(flask.wsgi_app, pages, own)
    flask.wsgi_app = Beside(webhooks, inner, frozenset(provider.paths))  # type: ignore[method-assign]
    return Application(flask, webhooks, recorder, schedules, controls, jobs, runner, pulse)


def _site(
    settings: Settings,
    parts: "Parts",
    database: Database,
    conditions: Mapping[str, health.Condition],
    service: WsgiApp,
) -> Site:
    """What the pages may use. *service*: itself, for the phone network around it that they show."""
    twilio = _twilio(settings)
    schedules, controls = parts.schedules, parts.controls
    return Site(
        database=database,
        loaded=schedules.current,
        control=controls.current,
        control_changed=controls.check,
        schedule_place=schedule_place(schedules.source),
        schedule_changed=schedules.check,
        conditions=conditions,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        sealer=Sealer(settings.secret_key, settings.old_secret_key),
        callers=Pseudonymizer(settings.privacy_key),
        message=_messages(settings.twilio) if twilio else None,
        settings=settings,
        tasks=parts.tasks,
        account=lambda: provider_account(twilio),
        jobs=lambda: overview(database, JOBS, _zone(schedules), clock.now()),
        identity_provider=settings.web.identity_provider,
        proxies=settings.web.proxies,
        origin=_origin(settings),
        network=_network(settings, service) if settings.phone_network else None,
        carrier=None if settings.phone_network else "Twilio",
    )


def _twilio(settings: Settings) -> Twilio | None:
    return None if settings.phone_network else settings.twilio


def _origin(settings: Settings) -> Origin:
    return Origin.PHONE_NETWORK if settings.phone_network else Origin.REAL


def _zone(schedules: ScheduleStore) -> tzinfo:
    """That of the schedule in force, by whose clocks jobs run."""
    schedule = schedules.current().schedule
    return schedule.zone if schedule else UTC


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
    return Clock(database, schedules, _jobs(database, schedules, twilio, settings))


def _jobs(
    database: Database,
    schedules: ScheduleStore,
    twilio: Twilio | None,
    settings: Settings | None,
    own_url: str | None = None,
) -> JobScheduler:
    tools = job_tools(
        database, schedules.source, lambda: schedules.current().schedule, twilio, settings, service_url=own_url
    )
    return JobScheduler(tools, JOBS, partial(_zone, schedules))


def _messages(twilio: Twilio) -> Callable[[str], bytes]:
    """How a message that a caller left is fetched from the provider, when somebody listens to it."""

    def fetched(sid: str) -> bytes:
        from callrouter.telephony.twilio.http import Patience
        from callrouter.telephony.twilio.rest import TwilioAccount

        patience = Patience(retries=1, longest_pause_seconds=1)
        return TwilioAccount(twilio, public_url="", patience=patience).recording(sid)

    return fetched


def _controls(settings: Settings, database: Database, pseudonymizer: Pseudonymizer) -> ControlStore:
    """What is decided by hand, as *database* has it."""

    def load() -> Control:
        return load_control(database, clock.now() - CONTROL_REACHES_BACK)

    return ControlStore(load, settings.storage.last_good_control, pseudonymizer.key_id)


def _network(settings: Settings, service: WsgiApp) -> Network:
    """The built-in phone network around the *service* in this process, for the page on which calls are played."""
    account, base = settings.twilio, settings.public_url
    config = NumberConfig(f"{base}/twilio/voice{CONNECTION}", status_callback=f"{base}/twilio/status")

    def network(to: str, phones: Mapping[str, Phone]) -> PhoneNetwork:
        return PhoneNetwork(WsgiTransport(service), account.account_sid, account.auth_tokens[0], {to: config}, phones)

    return network


@dataclass(frozen=True, slots=True)
class Parts:
    """What has threads of its own, and tells how they are doing."""

    recorder: Recorder
    schedules: ScheduleStore
    controls: ControlStore
    jobs: JobScheduler | None
    tasks: Runner

    def conditions(self) -> dict[str, health.Condition]:
        told = {"recorder": self.recorder.condition, "schedule": self.schedules.condition}
        told |= {"control": self.controls.condition, "tasks": self.tasks.condition}
        return {**told, "jobs": self.jobs.condition} if self.jobs else {**told}


def _watched(
    settings: Settings, parts: Parts, voice: Voice, database: Database, log: Writer | None
) -> tuple[Mapping[str, health.Condition], Pulse]:
    """How everything tells that it is doing, and what measures it."""
    disk = Disk((settings.storage.data_dir, settings.storage.spool_dir))
    conditions = {**parts.conditions(), **of_log(log), "disk": disk.condition, "clock": voice.clock.condition}
    pulse = Pulse(
        (
            lambda: measure_recorder(parts.recorder.condition()),
            lambda: measure_schedule(parts.schedules.current()),
            partial(measure_parts, conditions),
            partial(measure_legs, database, _origin(settings)),
            partial(measure_jobs, database, tuple(job.name for job in JOBS)),
            *(disk.measure, voice.clock.measure),
        ),
        look=Disturbances(conditions, database).look,
    )
    return {**conditions, "metrics": pulse.condition}, pulse
