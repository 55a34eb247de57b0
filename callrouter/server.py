"""The HTTP server: gunicorn with an event loop, chosen because it survives what we could do to it (docs/adr)."""

import asyncio
import gc
import logging
import os
import signal
import sys
from asyncio import BufferedProtocol
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.glogging import Logger
from gunicorn.workers.gasgi import ASGIWorker

from callrouter import clock, error_reports, traces
from callrouter.app import Application, create_app
from callrouter.listen import Listen
from callrouter.logs.writer import Writer
from callrouter.schedule import read
from callrouter.settings import Settings
from callrouter.web import metrics
from callrouter.web.entrance import Receive, Scope, Send

GRACE_SECONDS = 10
SILENT_SECONDS = 20
"""A connection on which no whole request has come for so long is closed."""
_LAST_REQUEST_SECONDS = 1.0
"""For so long one who is told to end waits for a request on each connection that is open."""
_BEAT_SECONDS = 0.2
_READ_BYTES = 1 << 16
_ACCEPTED_AT_ONCE = 16
"""The event loop complains as often as that of a connection that it cannot open."""

SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter from the others: one that folds or draws a page from one that answers."""


def rehearse(settings: Settings) -> None:
    """Read the schedule before the fork: what that imports and reckons, no worker has to when it begins.

    One that takes the place of a dead one is there the sooner. What cannot be read is told by those who need it.
    """
    place = settings.storage.last_good_schedule if settings.schedule == "database" else settings.schedule
    with suppress(OSError):
        read(place.read_bytes(), clock.now())


class _Logger(Logger):
    """What gunicorn tells goes to our log. It keeps none of requests: their addresses carry tokens."""

    def setup(self, cfg: Any) -> None:
        """Leave its loggers without handlers of their own."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


class _Connection(ASGIProtocol, BufferedProtocol):
    """One on which no request has come after some time is closed, also its first one and one that stalls in the middle.

    gunicorn itself closes only one that was answered before, and even with a request at hand that came just now. All of
    a worker's read into one buffer: else the event loop asks the system for a quarter of a megabyte each time, which
    may have none.
    """

    worker: "_Worker"
    _awaiting_request: bool
    _request_ready: asyncio.Event
    _arm_keepalive_timer: Callable[[], None]

    def connection_made(self, transport: Any) -> None:
        """Begin, against time."""
        super().connection_made(transport)
        self.worker.connections.add(self)
        self._arm_keepalive_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        super().connection_lost(exc)
        self.worker.connections.discard(self)

    def get_buffer(self, _size: int) -> bytearray:
        """Where to read into."""
        return self.worker.buffer

    def buffer_updated(self, size: int) -> None:
        """Take what was read."""
        self.data_received(bytes(memoryview(self.worker.buffer)[:size]))

    def close_if_idle(self) -> None:
        """Close it unless a request is being answered."""
        if self._awaiting_request:
            self._keepalive_timeout()

    def _keepalive_timeout(self) -> None:
        if not self._request_ready.is_set():
            super()._keepalive_timeout()  # type: ignore[misc]  # of gunicorn, whose stubs leave it out


def _end_soon() -> None:
    """As soon as all requests under way are answered."""
    signal.raise_signal(signal.SIGTERM)


def _end_without_memory(loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:
    """Have whoever else listens answer: one without memory fails faster than others answer, and gets all that is asked.

    What was acknowledged is safe; gunicorn starts another worker.
    """
    if isinstance(told.get("exception"), MemoryError):
        os._exit(1)
    loop.default_exception_handler(told)


class _Worker(ASGIWorker):
    """An event loop; who is told to end ends as soon as all requests under way are answered."""

    loop: asyncio.AbstractEventLoop
    _shutdown: Callable[[], Awaitable[None]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections: set[_Connection] = set()
        self.buffer = bytearray(_READ_BYTES)

    async def _serve(self) -> None:
        self.loop.set_exception_handler(_end_without_memory)
        for each in self.sockets:
            sock = each.sock  # type: ignore[attr-defined]  # gunicorn's own, around one
            made = partial(_Connection, self)
            self.servers.append(await self.loop.create_server(made, sock=sock, backlog=_ACCEPTED_AT_ONCE))
            sock.listen(self.cfg.backlog)
        while self.alive and self.ppid == os.getppid():
            self.notify()
            await asyncio.sleep(_BEAT_SECONDS)
        self.alive = False
        self.loop.call_later(_LAST_REQUEST_SECONDS, self._close_idle)
        await self._shutdown()

    def _close_idle(self) -> None:
        for connection in tuple(self.connections):
            connection.close_if_idle()


class _Arbiter(Arbiter):
    """On a reload the old workers go on while new ones begin: gunicorn itself ends them at once."""

    def reload(self) -> None:
        """With as many more meanwhile (`on_reload`); it waits `graceful_timeout` for the old ones, which stay."""
        super().reload()
        self.num_workers = self.cfg.workers


class Server(BaseApplication):
    """The service under gunicorn; each worker puts its own application together after the fork."""

    def __init__(self, settings: Settings, listen: Listen, log: Writer, on_listening: Callable[[], None]) -> None:
        self._settings = settings
        self._listen = listen
        self._log = log
        self._on_listening = on_listening
        self._application: Application | None = None
        self._end_traces: Callable[[], None] | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn is to do; nothing is read from files or from its own environment variables."""
        listen = self._listen
        options: dict[str, Any] = {
            "bind": listen.address,
            "workers": listen.workers,
            "worker_class": _Worker,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 30,
            "keepalive": SILENT_SECONDS,
            "asgi_lifespan": "off",
            "control_socket_disable": True,
            "proc_name": "callrouter",
            "on_starting": lambda _arbiter: rehearse(self._settings),
            "when_ready": lambda _arbiter: self._on_listening(),
            "post_worker_init": self._start,
            "worker_exit": self._stop,
            "on_reload": lambda arbiter: setattr(arbiter, "num_workers", 2 * listen.workers),
            "child_exit": lambda _arbiter, worker: metrics.forget(worker.pid),
            "logger_class": _Logger,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Until it is told to end."""
        _Arbiter(self).run()

    def load(self) -> Any:
        """Put the application together, in the worker."""
        listen = self._listen
        self._application = create_app(
            self._settings,
            with_jobs=listen.with_jobs,
            own_url=listen.own_url,
            log=self._log,
            on_no_memory=_end_soon,
        )
        entrance = self._application.asgi

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await entrance(scope, receive, send)
            except MemoryError as error:
                _end_without_memory(asyncio.get_running_loop(), {"exception": error})

        return answer

    def _start(self, _worker: object) -> None:
        gc.freeze()  # what is there from the beginning stays: nobody waits while it is looked through for waste
        error_reports.begin(self._settings.health.sentry_dsn)
        self._end_traces = traces.begin(self._settings.health.otlp_endpoint)
        sys.setswitchinterval(SWITCH_SECONDS)
        if self._application:
            self._application.start()

    def _stop(self, _arbiter: object, _worker: object) -> None:
        if self._application:
            self._application.stop()
            self._application = None
        if self._end_traces:
            self._end_traces()
