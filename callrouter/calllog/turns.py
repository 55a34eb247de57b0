"""Whose turn it is to write an SQLite file: threads queue at a lock, processes at a lock file beside the database.

SQLite's own busy-timeout, which stays beneath it, looks again ever more rarely: it starves some for seconds.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock

from callrouter.clock import monotonic

_LOOK_AGAIN_SECONDS = 0.0002


class TurnError(TimeoutError):
    """Somebody else has been writing all the while."""


class Turns:
    """The turns at one database file. Opened by the first who wants to write: after the fork."""

    def __init__(self, database: Path, seconds: float) -> None:
        self._path = database.with_name(f"{database.name}-lock")
        self._seconds = seconds
        self._threads = Lock()
        self._file: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, and have it until the end of the block.

        Raises:
            TurnError: it did not come in time.
            OSError: the lock file cannot be opened.
        """
        give_up_at = monotonic() + self._seconds
        if not self._threads.acquire(timeout=self._seconds):
            raise self._given_up("another thread of this process")
        try:
            file = self._opened()
            self._wait_for(file, give_up_at)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Let go of the file; the next turn opens it again."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _opened(self) -> int:
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file

    def _wait_for(self, file: int, give_up_at: float) -> None:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > give_up_at:
                    raise self._given_up(_holder(file)) from None
                Event().wait(_LOOK_AGAIN_SECONDS)
            else:
                return

    def _given_up(self, who: str) -> TurnError:
        return TurnError(f"{who} has held {self._path} for {self._seconds:g} s: it is writing, or it is stuck")


def _holder(file: int) -> str:
    """Which process has the lock on *file*, as far as the kernel tells."""
    found = os.fstat(file)
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    with suppress(OSError):
        for line in Path("/proc/locks").read_text("ascii").splitlines():
            _, kind, *rest = line.split()  # 1: FLOCK ADVISORY WRITE 4711 fe:00:1234 0 EOF
            if kind == "FLOCK" and place in rest:
                return f"process {rest[2]}"
    return "another process"
