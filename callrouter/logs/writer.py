"""Writes log lines in a thread of its own: a full disk, a closed pipe or a reader that hangs delays no call."""

import logging
import os
from collections.abc import Mapping, Sequence
from queue import SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import Any

MOST_WAITING = 10_000
"""Lines; what comes beyond is dropped, and counted."""

PACE_SECONDS = 0.02
"""Between a line and its being written: under load many go at once, and threads do not hand each other every line."""

STUCK_SECONDS = 5.0
_STOP_SECONDS = 1.0
_MOST_AT_ONCE = 500


class Writer(logging.Handler):
    """Writes to the file descriptor *fd*; None: there is nowhere to write to. Goes on in a forked process."""

    def __init__(self, fd: int | None, stuck_after: float = STUCK_SECONDS) -> None:
        super().__init__()
        self._fd = fd
        self._stuck_after = stuck_after
        self._renew()
        os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        """What waits in the parent is the parent's to write."""
        self._queue: SimpleQueue[bytes | Event] = SimpleQueue()
        self._thread: Thread | None = None
        self._busy_since: float | None = None
        self._pace = Event()
        self.dropped = 0
        self.error: str | None = None

    @property
    def is_stuck(self) -> bool:
        """Whether a line has been waiting to be taken for longer than a healthy reader lets one wait."""
        since = self._busy_since
        return since is not None and monotonic() - since > self._stuck_after

    def condition(self) -> Mapping[str, Any]:
        """How it is doing, for /readyz: `ok` is whether lines are taken."""
        error = "nobody takes the lines" if self.is_stuck else self.error
        return {"ok": error is None, "error": error, "dropped_lines": self.dropped}

    def emit(self, record: logging.LogRecord) -> None:
        """Hand the line over. Called one at a time: the handler's lock is held."""
        if self._fd is None or self._queue.qsize() >= MOST_WAITING:
            self.dropped += 1
            return
        self._queue.put((self._line(record) + "\n").encode(errors="backslashreplace"))
        if self._thread is None:
            self._begin()

    def flush(self) -> None:
        """Wait until what was handed over is written, but not for long."""
        if self._thread is None:
            return
        is_written = Event()
        self._queue.put(is_written)
        is_written.wait(_STOP_SECONDS)

    def close(self) -> None:
        """Write what waits, if somebody takes it; then nothing more."""
        self.flush()
        self._fd = None
        super().close()

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except Exception:  # noqa: BLE001 - a line that cannot be made must not fail whoever logs; what is in it is unsafe
            return f"a log line of {record.name} ({record.filename}:{record.lineno}) could not be made"

    def _begin(self) -> None:
        self._thread = Thread(target=self._run, name="log", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is ending
            self._thread = None
            self._write([self._queue.get()])

    def _run(self) -> None:
        while True:
            waiting = [self._queue.get()]
            self._pace.wait(PACE_SECONDS)
            while len(waiting) < _MOST_AT_ONCE and not self._queue.empty():
                waiting.append(self._queue.get())
            self._write(waiting)

    def _write(self, waiting: Sequence[bytes | Event]) -> None:
        lines = [each for each in waiting if isinstance(each, bytes)]
        rest = b"".join(lines)
        self._busy_since = monotonic()
        try:
            while rest and self._fd is not None:
                rest = rest[os.write(self._fd, rest) :]
            self.error = None if lines else self.error
        except OSError as error:
            self.error = error.strerror
            self.dropped += len(lines)
        self._busy_since = None
        for each in waiting:
            if isinstance(each, Event):
                each.set()
