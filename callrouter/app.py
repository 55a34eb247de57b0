"""The composition root: settings in, a whole service out. Everything is put together here and nowhere else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from callrouter import calls, clock
from callrouter.calllog.control import load_control
from callrouter.calllog.copies import Account
from callrouter.calllog.database import Database
from callrouter.calllog.published import latest_published, published_text
from callrouter.calllog.recorder import Recorder
from callrouter.calllog.spool import Spool
from callrouter.calls.deletion import Deletion
from callrouter.calls.schedule_places import schedule_place
from callrouter.domain.control import Control
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.words import Origin
from callrouter.jobs.job import Books, Tools
from callrouter.jobs.registry import JOBS
from callrouter.jobs.scheduler import JobScheduler
from callrouter.schedule.control_store import ControlStore
from callrouter.schedule.store import ScheduleStore
from callrouter.schedule.watched import Contents, FileSource, ScheduleSource, Signature, UnreadableError
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import ScheduleLocation, Settings, Storage, Twilio
from callrouter.tasks.runner import Runner
from callrouter.telephony.simulator import NumberConfig, Phone, PhoneNetwork, WsgiTransport
from callrouter.telephony.simulator.transport import WsgiApp
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import CONNECTION
from callrouter.web import flask_voice, health, metrics
from callrouter.web.gate import Beside, Gate, places
from callrouter.web.pages import create_pages
from callrouter.web.phone_room import Network
from callrouter.web.site import Site
from callrouter.web.voice import Voice

CONTROL_REACHES_BACK = timedelta(days=31)
"""Overrides and blocks are known this long after their end: the phone network may play calls of the past."""


@dataclass(frozen=True, slots=True)
class Application:
    """A service that is put together but not yet running: start it in the process that answers (after the fork)."""

    flask: Flask
    recorder: Recorder
    schedules: ScheduleStore
    controls: ControlStore
    jobs: JobScheduler | None
    tasks: Runner

    def start(self) -> None:
        """Start the background threads."""
        self.recorder.start()
        self.tasks.start()
        self.schedules.start()
        self.controls.start()
        if self.jobs:
            self.jobs.start()

    def stop(self) -> None:
        """End the background threads, the recorder last: what was told is still written."""
        self.tasks.stop()
        if self.jobs:
            self.jobs.stop()
        self.controls.stop()
        self.schedules.stop()
        self.recorder.stop()


def create_app(settings: Settings, *, with_jobs: bool = True) -> Application:
    """Put the service together. A broken database or schedule file keeps nobody from starting it."""
    sealer = Sealer(settings.secret_key, settings.old_secret_key)
    database = Database(settings.storage.database_url)
    pseudonymizer = Pseudonymizer(settings.privacy_key)
    recorder = Recorder(database, Spool(settings.storage.spool_dir, sealer), pseudonymizer)
    schedules = ScheduleStore(
        schedule_source(settings.schedule, database), settings.last_good_schedule, on_change=recorder.remember_schedule
    )
    controls = _controls(settings, database, pseudonymizer)
    twilio = None if settings.phone_network else settings.twilio
    jobs = _jobs(database, schedules, twilio, lambda: settings.privacy_key) if with_jobs else None
    provider = TwilioProvider.configured(settings, sealer)
    service = calls.Service(
        schedule=lambda: schedules.current().schedule,
        records=recorder,
        last_resort=settings.last_resort,
        origin=Origin.PHONE_NETWORK if settings.phone_network else Origin.REAL,
        control=controls.current,
        caller_key=lambda number: pseudonymizer.key(number.e164),
    )
    last_resort = (settings.last_resort,) if settings.last_resort else ()
    voice = Voice(provider, service, sealer, provider.render_fail_safe(FailSafe(last_resort)))
    conditions = _conditions(recorder, schedules, controls, jobs)
    flask = Flask(__name__, static_folder=None, template_folder=None)
    flask.register_blueprint(flask_voice.blueprint(voice))
    flask.register_blueprint(health.blueprint(conditions, lambda: _measure(recorder, schedules)))
    of_pages = Database(settings.storage.database_url)
    runner = Runner(of_pages, settings.storage.task_dir)
    site = Site(
        database=of_pages,
        loaded=schedules.current,
        control=controls.current,
        control_changed=controls.check,
        schedule_place=schedule_place(schedules.source),
        schedule_changed=schedules.check,
        conditions=conditions,
        public_url=settings.public_url,
        secret_key=settings.secret_key,
        sealer=sealer,
        callers=pseudonymizer,
        message=_messages(settings.twilio) if twilio else None,
        settings=settings,
        tasks=runner,
        account=lambda: provider_account(twilio),
        identity_provider=settings.web.identity_provider,
        proxies=settings.web.proxies,
        origin=service.origin,
        network=_network(settings, flask.wsgi_app) if settings.phone_network else None,
        carrier=None if settings.phone_network else "Twilio",
    )
    own = frozenset(rule.rule for rule in flask.url_map.iter_rules())
    pages = Gate(create_pages(site), places(settings.threads))
    flask.wsgi_app = Beside(flask.wsgi_app, pages, own)  # type: ignore[method-assign]
    return Application(flask, recorder, schedules, controls, jobs, runner)


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
    storage: Storage, location: ScheduleLocation, twilio: Twilio | None, privacy_key: Callable[[], str]
) -> Clock:
    """Put the jobs together without a service around them. *privacy_key* is asked for when a job needs it."""
    database = Database(storage.database_url)
    schedules = ScheduleStore(schedule_source(location, database), storage.last_good_schedule)
    return Clock(database, schedules, _jobs(database, schedules, twilio, privacy_key))


def _jobs(
    database: Database, schedules: ScheduleStore, twilio: Twilio | None, privacy_key: Callable[[], str]
) -> JobScheduler:
    schedule = schedules.current().schedule
    tools = Tools(
        database,
        lambda: schedules.current().schedule,
        lambda: provider_account(twilio),
        books=lambda: books(twilio, privacy_key),
    )
    return JobScheduler(tools, JOBS, schedule.zone if schedule else UTC)


def provider_account(twilio: Twilio | None) -> Account | None:
    """Our account with the provider, to delete there what it keeps; imported by whoever needs it, when they do."""
    if twilio is None:
        return None
    from callrouter.telephony.twilio.rest import TwilioAccount

    return Deletion(TwilioAccount(twilio, public_url=""))


def books(twilio: Twilio | None, privacy_key: Callable[[], str]) -> Books | None:
    """What the log is reconciled with; imported like the account.

    Raises:
        SettingsError: there is no privacy key.
    """
    if twilio is None:
        return None
    from callrouter.telephony.twilio.rest import TwilioAccount

    return Books(TwilioAccount(twilio, public_url=""), Pseudonymizer(privacy_key()))


def _messages(twilio: Twilio) -> Callable[[str], bytes]:
    """How a message that a caller left is fetched from the provider, when somebody listens to it."""

    def fetched(sid: str) -> bytes:
        from callrouter.telephony.twilio.rest import Patience, TwilioAccount

        return TwilioAccount(twilio, public_url="", patience=Patience(retries=1)).recording(sid)

    return fetched


@dataclass(frozen=True, slots=True)
class PublishedSource:
    """The schedule that was published last in a database."""

    database: Database

    @property
    def kind(self) -> str:
        return "database"

    @property
    def place(self) -> str:
        return self.database.shown_url

    def signature(self) -> Signature | None:
        try:
            with self.database.reading() as connection:
                latest = latest_published(connection)
        except SQLAlchemyError:
            return None
        return (latest.number,) if latest else None

    def contents(self) -> Contents:
        try:
            with self.database.reading() as connection:
                latest = latest_published(connection)
                text = published_text(connection, latest.publication.version) if latest else None
        except SQLAlchemyError as error:
            raise UnreadableError(f"cannot be read: {str(error).splitlines()[0]}") from None
        if latest is None or text is None:
            raise UnreadableError("holds no published schedule; publish one with: callrouter schedule publish FILE")
        return Contents(text.encode(), (latest.number,))


def schedule_source(location: ScheduleLocation, database: Database) -> ScheduleSource:
    """Where the schedule is read from: a file, or what was last published in *database*."""
    if location == "database":
        return PublishedSource(database)
    return FileSource(location)


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


def _conditions(
    recorder: Recorder, schedules: ScheduleStore, controls: ControlStore, jobs: JobScheduler | None
) -> Mapping[str, health.Condition]:
    """How each part tells that it is doing."""
    parts = {"recorder": recorder.condition, "schedule": schedules.condition, "control": controls.condition}
    return parts | {"jobs": jobs.condition} if jobs else parts


def _measure(recorder: Recorder, schedules: ScheduleStore) -> None:
    """Bring the gauges up to date."""
    condition: Mapping[str, Any] = recorder.condition()
    metrics.WAITING.set(condition["waiting"])
    metrics.SPOOL_FILES.set(condition["spool_files"])
    metrics.SPOOL_ENTRIES.set(condition["spool_entries"])
    metrics.SPOOL_DAMAGED.set(condition["damaged_spool_files"])
    metrics.IN_LOG_LINES_ALONE.set(condition["in_log_lines_alone"])
    metrics.UNFOLDED.set(condition["unfolded_calls"])
    loaded = schedules.current()
    metrics.SCHEDULE_FAULTY.set(1 if loaded.errors else 0)
    if loaded.loaded_at:
        metrics.SCHEDULE_AGE.set((clock.now() - loaded.loaded_at).total_seconds())
