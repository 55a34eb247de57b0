"""What is decided by hand, as a process knows it: read every second, kept on disk, never waited for by a call."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread

from callrouter import clock
from callrouter.domain.control import NO_CONTROL, Block, Control, Override
from callrouter.schedule.control_copy import read_back, written
from callrouter.schedule.store import POLL_SECONDS, Source
from callrouter.schedule.watched import UnreadableError, contents, keep

log = logging.getLogger(__name__)

STALE_AFTER = timedelta(seconds=15)
"""What was read longer ago than this may have been changed since: somebody should look."""

_STOP_SECONDS = 5.0


class ControlStore:
    """Reads *load* at once, and every second from `start` on; keeps a copy of what it found at *keep_at*.

    It never raises for what it meets: as long as nothing can be read, what was read last holds, and after a restart
    the copy. *key_id* names the privacy key of this service: blocks made with another one match nobody.
    """

    def __init__(
        self, load: Callable[[], Control], keep_at: Path, key_id: str, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._load = load
        self._keep_at = keep_at
        self._key_id = key_id
        self._now = now
        self._control = NO_CONTROL
        self._source = Source.NOWHERE
        self._read_at: datetime | None = None
        self._error: str | None = None
        self._kept: Control | None = None
        self._lock = Lock()
        self._stopping = Event()
        self._thread: Thread | None = None
        self._read_copy()
        self.check()
        if self._source is Source.NOWHERE:
            log.error("control: overrides and blocks are unknown until the database can be read: there is no copy")

    def current(self) -> Control:
        """Return what is decided by hand: no waiting, no disk."""
        return self._control

    def check(self) -> None:
        """Read now; whatever keeps it from being read changes nothing."""
        with self._lock:
            try:
                self._accept(self._load())
                self._keep_copy()
                self._tell(None)
            except Exception as error:  # noqa: BLE001 - what a background thread does each second: log, and go on
                self._tell(_in_a_line(error))

    def start(self) -> None:
        """Read every second from now on, in a thread."""
        self._stopping.clear()
        self._thread = Thread(target=self._watch, name="control", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread:
            self._thread.join(_STOP_SECONDS)
            self._thread = None

    def condition(self) -> dict[str, object]:
        """Say how it is doing; `ok` is whether what holds is what the database says, and all of it can be followed."""
        at, control = self._now(), self._control
        overrides, blocks = _in_force(control, at)
        foreign = sum(each.key_id != self._key_id for each in control.blocks if each.span.covers(at))
        watched = bool(self._thread and self._thread.is_alive())
        fresh = self._read_at is not None and at - self._read_at < STALE_AFTER
        return {
            "ok": self._error is None and watched and fresh and foreign == 0,
            "source": self._source,
            "read_at": self._read_at.isoformat() if self._read_at else None,
            "error": self._error,
            "overrides": overrides,
            "blocks": blocks,
            "blocks_of_another_key": foreign,
            "watched": watched,
            "kept": self._kept == control,
        }

    def _watch(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            self.check()

    def _accept(self, control: Control) -> None:
        before, was = self._control, self._source
        self._control, self._source, self._read_at = control, Source.DATABASE, self._now()
        for line in _changes(before, control):
            # At the very first start everything of the past would seem to be new.
            if was is not Source.NOWHERE:
                log.info(line)
        if was is not Source.DATABASE:
            log.info("control: read overrides=%d blocks=%d", *_in_force(control, self._read_at))

    def _keep_copy(self) -> None:
        if self._kept != self._control:
            keep(written(self._control), self._keep_at)
            self._kept = self._control

    def _read_copy(self) -> None:
        try:
            self._control = self._kept = read_back(contents(self._keep_at).content)
        except UnreadableError as error:
            log.info("control: no copy path=%s: it %s", self._keep_at, error)
        except ValueError as error:
            log.error("control: the copy is refused path=%s: %s", self._keep_at, error)  # noqa: TRY400 - says all
        else:
            self._source = Source.LAST_GOOD

    def _tell(self, error: str | None) -> None:
        """Log a change for the worse or the better, once."""
        if error != self._error:
            log.warning("control: %s", error or "is read again")
        self._error = error


def _changes(before: Control, after: Control) -> Iterator[str]:
    """Yield a line for whatever was made or ended by hand; of what is over by itself nobody needs to hear."""
    known = {(type(each), each.id): each for each in _all(before)}
    for each in _all(after):
        was = known.get((type(each), each.id))
        if was is None:
            yield f"{_named(each)} made_by={each.who!r}{_why(each, each.why)} end={_end(each)}"
        if each.ended and (was is None or was.ended is None):
            yield f"{_named(each)} ended_by={each.ended.who!r}{_why(each, each.ended.why)} end={_end(each)}"


def _in_force(control: Control, at: datetime) -> tuple[int, int]:
    """How many overrides and blocks hold at *at*."""
    overrides, blocks = ([each for each in of if each.span.covers(at)] for of in (control.overrides, control.blocks))
    return len(overrides), len(blocks)


def _all(control: Control) -> Iterator[Override | Block]:
    yield from control.overrides
    yield from control.blocks


def _named(made: Override | Block) -> str:
    if isinstance(made, Override):
        return f"override={made.id} unit={made.unit} effect={made.effect!r}"
    return f"block={made.id} unit={made.unit}"


def _why(made: Override | Block, why: str | None) -> str:
    """The reason for an override. That for a block may tell of a person, and logs travel far."""
    return f" why={why!r}" if isinstance(made, Override) else ""


def _end(made: Override | Block) -> str | None:
    return made.span.end.isoformat() if made.span.end else None


def _in_a_line(error: Exception) -> str:
    """SQLAlchemy tells the statement in the lines after the first."""
    return f"{type(error).__name__}: {error}".splitlines()[0]
