"""Runs tasks in threads of this process, and tells the database every second how far they are.

The work of a task is done by a child process or rests a lot: calls do not feel it. A task ends with its process; which
of them that was nobody needs to know, for a task that is not heard of any more has failed.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

from callrouter import clock
from callrouter.calllog import tasks
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.export.child import StoppedError
from callrouter.calllog.refusal import in_a_line
from callrouter.domain.task import MOST_AT_ONCE, Task
from callrouter.domain.words import TaskKind, TaskState
from callrouter.tasks.folder import put_away, sweep

log = logging.getLogger(__name__)

BEAT_SECONDS = 1.0
_AT_ONCE = 2
_SWEEP_EVERY = 60
_KEY_BYTES = 8


class TooManyError(RuntimeError):
    """Somebody has asked for so much already that they should wait for it."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a task: JSON values, and the name of the file that it made in its folder."""

    result: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where work is done: files go to *folder*; *tell* hears how much is done, of how much; *stop* ends it early."""

    folder: Path
    tell: Callable[[int, int], None]
    stop: Event


Work = Callable[[Place], Finished]
"""What a task does. Raises StoppedError if it was stopped before its end."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: *asked* goes to the audit log too, under the name *action*."""

    kind: TaskKind
    who: str
    action: str
    asked: Mapping[str, Any]
    work: Work


@dataclass(slots=True)
class _Mine:
    """A task of this process."""

    key: str
    stop: Event = field(default_factory=Event)
    done: int = 0
    total: int = 0
    ended: tuple[TaskState, dict[str, Any], str | None] | None = None

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Runner:
    """The tasks of this process, which keep their files below *folder*. Start it after the fork."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime] = clock.now) -> None:
        self._database = database
        self.folder = folder
        self._now = now
        self._mine: dict[str, _Mine] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, "task")
        self._stopping = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin to tell of the tasks, and to put away what nobody fetched."""
        self._thread = Thread(target=self._watch, name="tasks", daemon=True)
        self._thread.start()

    def condition(self) -> dict[str, object]:
        """`ok` is whether somebody tells how far tasks are."""
        is_alive = bool(self._thread and self._thread.is_alive())
        return {"ok": is_alive, "watched": is_alive}

    def stop(self) -> None:
        """End all tasks: their process ends."""
        self._stopping.set()
        for mine in list(self._mine.values()):
            mine.stop.set()
        self._pool.shutdown(cancel_futures=True)
        if self._thread:
            self._thread.join()
        if self._mine:
            self._guarded(self.beat)

    def begin(self, wish: Wish) -> str:
        """Begin what is wished for, as soon as there is a thread for it; returns the key of the task.

        Raises:
            TooManyError: too many tasks of theirs are not over yet.
            SQLAlchemyError, OSError: the database cannot be written.
        """
        at, key = self._now(), secrets.token_hex(_KEY_BYTES)
        with self._database.writing() as connection:
            if tasks.open_of(connection, wish.who, at) >= MOST_AT_ONCE:
                raise TooManyError(f"{wish.who} has {MOST_AT_ONCE} tasks that are not over")
            tasks.add(connection, Task(key, wish.kind, wish.who, at, at, wish.asked))
            append(connection, Deed(wish.who, wish.action, f"task {key}", wish.asked, at))
        mine = self._mine[key] = _Mine(key)
        self._pool.submit(self._run, mine, wish.work)
        return key

    def beat(self) -> None:
        """Tell how far the tasks of this process are, and hear which of them shall stop."""
        known, at = list(self._mine.values()), self._now()
        if not known:
            return
        with self._database.unsynced(), self._database.writing() as connection:
            for mine in known:
                tasks.note(connection, mine.key, mine.done, mine.total, at)
            over = [mine for mine in known if mine.ended]
            for mine in over:
                tasks.finish(connection, mine.key, *mine.ended or (TaskState.FAILED, {}, None))
            cancelled = tasks.cancelled_among(connection, [mine.key for mine in known])
        for mine in over:
            self._mine.pop(mine.key, None)
        for mine in known:
            if mine.key in cancelled:
                mine.stop.set()

    def _run(self, mine: _Mine, work: Work) -> None:
        """Do the work. Whatever goes wrong is told where somebody waits for it."""
        try:
            mine.ended = self._done(mine, work)
        except StoppedError:
            mine.ended = self._stopped()
        except Exception as error:  # the outer loop of a background thread: log, tell, go on
            log.exception("task %s failed", mine.key)
            mine.ended = TaskState.FAILED, {"at": self._now().isoformat(), "why": in_a_line(error)}, None
        if mine.ended[0] is not TaskState.DONE:
            put_away(self.folder, mine.key)
        self._guarded(self.beat)

    def _done(self, mine: _Mine, work: Work) -> tuple[TaskState, dict[str, Any], str | None]:
        if mine.stop.is_set():
            raise StoppedError
        with self._database.writing() as connection:
            tasks.start(connection, mine.key, self._now())
        folder = self.folder / mine.key
        folder.mkdir(mode=0o700, parents=True)
        finished = work(Place(folder, mine.tell, mine.stop))
        return TaskState.DONE, {"at": self._now().isoformat(), **finished.result}, finished.file

    def _stopped(self) -> tuple[TaskState, dict[str, Any], str | None]:
        """How a task ended that was stopped: somebody wanted it, or the process ends."""
        said = {"at": self._now().isoformat()}
        if self._stopping.is_set():
            return TaskState.FAILED, said | {"why": "the service was stopped"}, None
        return TaskState.CANCELLED, said, None

    def _watch(self) -> None:
        ticks = 0
        while not self._stopping.wait(BEAT_SECONDS):
            self._guarded(self.beat)
            if ticks % _SWEEP_EVERY == 0:
                self._guarded(lambda: sweep(self.folder, self._now()))
            ticks += 1

    def _guarded(self, work: Callable[[], None]) -> None:
        """The outer loop of a background thread: whatever goes wrong is logged, and tried again."""
        try:
            work()
        except Exception as error:  # noqa: BLE001 - see above
            log.warning("tasks cannot be told of now: %s", in_a_line(error))
