"""A whole service: webhooks and pages around its parts."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask import Flask

from callrouter import calls
from callrouter.app.parts import Parts, parts_of
from callrouter.app.site import site
from callrouter.app.watch import watched
from callrouter.calllog.database import Database
from callrouter.domain.failsafe import FailSafe
from callrouter.logs.writer import Writer
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import Settings
from callrouter.tasks.runner import Runner
from callrouter.telephony.twilio import TwilioProvider
from callrouter.web import health, metrics, witness
from callrouter.web.counted import CountedRecords, measure_recorder
from callrouter.web.entrance import Entrance
from callrouter.web.gate import Beside, Gate, places
from callrouter.web.pages import create_pages
from callrouter.web.pulse import Pulse
from callrouter.web.site import Site
from callrouter.web.voice import Voice
from callrouter.web.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Application:
    """A service that is put together but not yet running: start it in the process that answers (after the fork).

    *asgi* is what a server answers with. *flask* answers the same as WSGI, for callers in the same process.
    """

    asgi: Entrance
    flask: Flask
    parts: Parts
    pulse: Pulse

    def start(self) -> None:
        """Start the background threads."""
        self.parts.start()
        self.pulse.start()

    def stop(self) -> None:
        """End the background threads."""
        self.pulse.stop()
        self.parts.stop()


def create_app(
    settings: Settings,
    *,
    with_jobs: bool = True,
    own_url: str | None = None,
    log: Writer | None = None,
    on_no_memory: Callable[[], None] = lambda: None,
) -> Application:
    """Put the service together. A broken database or schedule file keeps nobody from starting it.

    *own_url*: where its own jobs ask it. *log*: what writes the service's own. *on_no_memory*: called when a webhook
    was answered for want of memory as well as that could be, that another process may take the place of this one.
    """
    sealer, callers = Sealer(settings.secret_key, settings.old_secret_key), Pseudonymizer(settings.privacy_key)
    metrics.begin()
    beside = Database(settings.storage.database_url)  # what is not the voice path has connections of its own
    tasks = Runner(beside, settings.storage.task_dir)
    parts = parts_of(settings, sealer, callers, tasks, own_url, with_jobs=with_jobs)
    webhooks = Webhooks(replace(_voice(settings, parts, sealer, callers), on_no_memory=on_no_memory))
    conditions, pulse = watched(settings, parts, webhooks.voice, beside, log)
    pages = site(settings, parts, beside, conditions, webhooks, callers)
    flask = _flask(parts, webhooks, pages)
    return Application(Entrance(webhooks, flask, settings.threads), flask, parts, pulse)


def _voice(settings: Settings, parts: Parts, sealer: Sealer, callers: Pseudonymizer) -> Voice:
    """The webhooks' own: the provider, and what the use cases need."""
    provider = TwilioProvider.configured(settings, sealer)
    service = calls.Service(
        schedule=lambda: parts.schedules.current().schedule,
        records=CountedRecords(parts.recorder),
        last_resort=settings.last_resort,
        origin=settings.origin,
        control=parts.controls.current,
        caller_key=lambda number: callers.key(number.e164),
    )
    last_resort = (settings.last_resort,) if settings.last_resort else ()
    return Voice(provider, service, sealer, provider.render_fail_safe(FailSafe(last_resort)))


def _flask(parts: Parts, webhooks: Webhooks, pages: Site) -> Flask:
    """Questions after health and what is decided; in front of it the webhooks, behind it the pages."""
    settings, voice = pages.settings, webhooks.voice
    flask = Flask("callrouter.app", static_folder=None, template_folder=None)
    flask.register_blueprint(witness.blueprint(voice.service.schedule, parts.controls.current))
    flask.register_blueprint(
        health.blueprint(
            pages.conditions, lambda: measure_recorder(parts.recorder.condition()), settings.health.metrics_token
        )
    )
    own = frozenset(rule.rule for rule in flask.url_map.iter_rules())
    inner = Beside(flask.wsgi_app, Gate(create_pages(pages), places(settings.threads)), own)
    flask.wsgi_app = Beside(webhooks, inner, frozenset(voice.provider.paths))  # type: ignore[method-assign]
    return flask
