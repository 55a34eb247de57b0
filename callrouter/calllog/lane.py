"""A lane: one thread that writes what many requests hand over, several at a time, each waiting for its own."""

import logging
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from callrouter.calllog.entry import Entry
from callrouter.calllog.refusal import in_a_line, write_together

log = logging.getLogger(__name__)

_MOST_WAITING = 10_000
_MOST_AT_ONCE = 200
_STOP_SECONDS = 5.0
_STUCK_SHARE = 0.1
"""Of their time, for those who come while somebody has waited in vain: the next lane need not wait for it again."""


class _Waiting:
    """An entry and its request. A bare lock is the cheapest thing to wait at with a limit."""

    __slots__ = ("entry", "is_done", "is_written")

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.is_written = False
        self.is_done = Lock()
        self.is_done.acquire()


def _tell_nobody(_entries: int) -> None: ...


class Lane:
    """Group commit: *write* gets whatever waits, all at once. Started after the fork."""

    def __init__(
        self,
        name: str,
        write: Callable[[Sequence[Entry]], None],
        on_batch: Callable[[int], None] = _tell_nobody,
    ) -> None:
        self.name = name
        self.last_error: str | None = None
        self.is_stuck = False
        self._write = write
        self._on_batch = on_batch
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
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

    @property
    def depth(self) -> int:
        """How many entries wait."""
        return self._queue.qsize()

    def submit(self, entry: Entry, seconds: float) -> bool:
        """Whether *entry* was written within *seconds* (while the lane is stuck: a tenth of them). It may be, later."""
        if self.depth >= _MOST_WAITING:
            return False
        waiting = _Waiting(entry)
        self._queue.put(waiting)
        if not waiting.is_done.acquire(timeout=seconds * (_STUCK_SHARE if self.is_stuck else 1)):
            self.is_stuck = True
            return False
        return waiting.is_written

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, is_last = self._with_others(first)
            self._commit(batch)
            if is_last:
                return

    def _with_others(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        batch = [first]
        while len(batch) < _MOST_AT_ONCE:
            try:
                other = self._queue.get_nowait()
            except Empty:
                break
            if other is None:
                return batch, True
            batch.append(other)
        return batch, False

    def _commit(self, batch: list[_Waiting]) -> None:
        refused: list[Entry] = []
        try:
            refused = write_together(self._write, [waiting.entry for waiting in batch])
        except Exception as error:  # noqa: BLE001 - the outer loop of a background thread: log, count, go on
            self.last_error = in_a_line(error)
            log.warning("%s: %d entries were not written: %s", self.name, len(batch), self.last_error)
        else:
            self.last_error = None
            self.is_stuck = False
            self._on_batch(len(batch))
            for waiting in batch:
                waiting.is_written = waiting.entry not in refused
        for waiting in batch:
            waiting.is_done.release()
