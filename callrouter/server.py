"""The HTTP server: gunicorn with threads, chosen because it survives what we could do to it (docs/adr)."""

import gc
import logging
import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn, ThreadWorker

from callrouter import clock, error_reports, traces
from callrouter.app import Application, create_app
from callrouter.listen import Listen
from callrouter.logs.writer import Writer
from callrouter.schedule import read
from callrouter.settings import Settings
from callrouter.web import metrics

GRACE_SECONDS = 10
STALLED_SECONDS = 1
"""A client that sends no more of a request it has begun is given up after this long."""
_UNREAD = 1 << 16

SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter from the others: one that folds or draws a page from one that answers."""


def rehearse(settings: Settings) -> None:
    """Read the schedule before the fork: what that imports and reckons, no worker has to when it begins.

    One that takes the place of a dead one is there the sooner. What cannot be read is told by those who need it.
    """
    place = settings.last_good_schedule if settings.schedule == "database" else settings.schedule
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

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Tell of what failed; that a client stalled is nobody's failure."""
        if not isinstance(sys.exception(), BlockingIOError):
            super().exception(msg, *args, **kwargs)


class _Connection(TConn):
    """One that goes once it is answered: gunicorn waits 2 s for the other side, and all of the process with it."""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002 - as gunicorn has it
        """Take in what is there already, so that the answer is not cut off, and go."""
        if graceful:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_WR)
                self.sock.setblocking(False)
                self.sock.recv(_UNREAD)
        super().close()


class _Worker(ThreadWorker):
    """Threads are for requests: a connection that says nothing holds none, one that stalls in mid-request not for long.

    gunicorn itself gives each new connection a thread, for five seconds before its first byte and for ever after it.
    """

    def enqueue_req(self, conn: TConn) -> None:
        """Give *conn* a thread, a new one once there is something to read."""
        if isinstance(conn, _Connection) or not self.alive:
            super().enqueue_req(conn)
            return
        new = _Connection(self.cfg, conn.sock, conn.client, conn.server)
        new.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", STALLED_SECONDS, 0))
        new.set_timeout()
        self.pending_conns.append(new)
        self.poller.register(new.sock, EVENT_READ, partial(self.on_pending_socket_readable, new))


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
            "threads": self._settings.threads,
            "worker_class": _Worker,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 30,
            "keepalive": 20,
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
            self._settings, with_jobs=listen.with_jobs, own_url=listen.own_url, log=self._log
        )
        return self._application.flask

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
