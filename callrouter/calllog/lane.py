"""A lane: one thread that writes what many requests hand over, several at a time, each waiting for its own."""

import logging
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Generic

from callrouter.calllog.refusal import Told, in_a_line, write_together
from callrouter.fibers import Flag

log = logging.getLogger(__name__)

_MOST_WAITING = 10_000
_MOST_AT_ONCE = 200
_STOP_SECONDS = 5.0
_STUCK_SHARE = 0.1
"""Of their time, for those who come while somebody has waited in vain: the next lane need not wait for it again."""


class _Batch(Generic[Told]):
    """What is written at once. One that has waited long enough for it just goes: the others are none the worse."""

    __slots__ = ("ended", "entries", "refused", "was_written")

    def __init__(self) -> None:
        self.entries: list[Told] = []
        self.refused: list[Told] = []
        self.was_written = False
        self.ended = Flag()


def _tell_nobody(_entries: int) -> None: ...


class Lane(Generic[Told]):
    """Group commit: *write* gets whatever waits, all at once. Started after the fork."""

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Told]], None],
        on_batch: Callable[[int], None] = _tell_nobody,
    ) -> None:
        self.name = name
        self.last_error: str | None = None
        self.is_stuck = False
        self.depth = 0
        """How many entries wait until they are begun to be written."""
        self._write = write
        self._on_batch = on_batch
        self._lock = Lock()
        self._open: _Batch[Told] | None = None
        self._is_writing = False
        self._queue: SimpleQueue[_Batch[Told] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=f"recorder-{name}", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end. Does nothing where it never began."""
        if self.is_alive:
            self._queue.put(None)
            self._thread.join(_STOP_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def forgive(self) -> None:
        """Forget what went wrong, for somebody else has found all well; a write that hangs still is not forgotten."""
        self.last_error = None
        if not self._is_writing:
            self.is_stuck = False

    def submit(self, entry: Told, seconds: float) -> bool:
        """Whether *entry* was written within *seconds* (while the lane is stuck: a tenth of them). It may be, later."""
        if self.depth >= _MOST_WAITING:
            return False
        batch = self._joined(entry)
        if not batch.ended.wait(seconds * (_STUCK_SHARE if self.is_stuck else 1)):
            self.is_stuck = True
            return False
        return batch.was_written and entry not in batch.refused

    def _joined(self, entry: Told) -> _Batch[Told]:
        """The batch that *entry* goes with: the one that gathers, or a new one behind it."""
        with self._lock:
            batch = self._open
            if batch is None or len(batch.entries) >= _MOST_AT_ONCE:
                batch = self._open = _Batch()
                self._queue.put(batch)
            batch.entries.append(entry)
            self.depth += 1
        return batch

    def _run(self) -> None:
        while (batch := self._queue.get()) is not None:
            with self._lock:
                self.depth -= len(batch.entries)
                if batch is self._open:
                    self._open = None
            self._is_writing = True
            self._commit(batch)
            self._is_writing = False

    def _commit(self, batch: _Batch[Told]) -> None:
        try:
            batch.refused = write_together(self._write, batch.entries)
        except Exception as error:  # noqa: BLE001 - the outer loop of a background thread: log, count, go on
            self.last_error = in_a_line(error)
            log.warning("%s: %d entries were not written: %s", self.name, len(batch.entries), self.last_error)
        else:
            self.last_error = None
            self.is_stuck = False
            self._on_batch(len(batch.entries))
            batch.was_written = True
        batch.ended.set()
