"""The spool: entries that the database could not take in time, kept on disk, fsync'd, until it can.

One file a process, locked while it lives: nobody replays what is still being written.
"""

import fcntl
import logging
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from io import BufferedRandom, FileIO
from pathlib import Path
from threading import Lock
from uuid import uuid4

from callrouter import clock
from callrouter.calllog.entry import Entry
from callrouter.calllog.refusal import write_together
from callrouter.calllog.spool_lines import as_line, entries_in
from callrouter.durability import sync
from callrouter.sealing import Sealer

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
_MOST_AT_ONCE = 200
"""Entries a transaction: a long replay must not keep the calls of the moment waiting."""
_BEGUN = "%Y%m%dT%H%M%S.%fZ"
"""How a file's name says since when entries wait: that outlives the process."""


def _tell_nobody(_since: datetime) -> None: ...


class Spool:
    """The spool directory, as one process sees it."""

    def __init__(self, directory: Path, sealer: Sealer) -> None:
        self._directory = directory
        self.sealer = sealer
        self._lock = Lock()
        self._path = directory
        self._file: FileIO | None = None
        self._counted: dict[Path, tuple[int, int]] = {}

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep *entries* on disk; when it returns they outlive a power cut.

        Raises:
            OSError: the disk does not take them.
        """
        lines = b"".join(as_line(entry, self.sealer) for entry in entries)
        with self._lock:
            file = self._file or self._open()
            size = os.fstat(file.fileno()).st_size
            try:
                _write(file, lines)
                os.fsync(file.fileno())
            except OSError:
                self._give_up(file, size)
                raise

    def depth(self) -> int:
        """How many files wait to be replayed; 0 is the normal state."""
        return len(list(self._directory.glob("*.jsonl")))

    def entries(self) -> int:
        """How many entries wait in them. Files only grow: each is read on from where it was counted to."""
        before = self._counted
        self._counted = {path: _counted(path, *before.get(path, (0, 0))) for path in self._directory.glob("*.jsonl")}
        return sum(lines for _size, lines in self._counted.values())

    def damaged(self) -> int:
        """How many files were kept because something in them could not be replayed."""
        return len(list(self._directory.glob("*.damaged")))

    def check(self) -> None:
        """See whether the directory could be written, before it has to be.

        Raises:
            OSError: it could not.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        if not os.access(self._directory, os.W_OK | os.X_OK):
            raise PermissionError(f"the spool directory {self._directory} cannot be written")

    def close(self) -> None:
        """Leave this process's file to whoever replays it; the next append begins another one."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def replay(self, write: Callable[[Sequence[Entry]], None], tell: Callable[[datetime], None] = _tell_nobody) -> int:
        """Hand every entry to *write*, then remove its file; files of living processes are left to them.

        *tell* hears before that since when the entries of a file have waited.

        Returns the number of entries replayed. A torn line and one whose entry is refused are kept in a file
        `*.damaged`, and no others; whatever else *write* raises leaves the file as it was: a replay is idempotent.
        Appending goes on meanwhile.

        Raises:
            OSError: a file cannot be read, or what is damaged in it cannot be kept: it is tried again.
        """
        self.close()
        count = 0
        unreadable: OSError | None = None
        for path in sorted(self._directory.glob("*.jsonl")):
            try:
                count += self._replay_file(path, write, tell)
            except OSError as error:
                unreadable = error
        if unreadable:
            raise unreadable
        return count

    def _open(self) -> FileIO:
        """Begin a file. It gets its name when it is locked: until then nobody can take it for a dead process's."""
        self.check()
        self._path = self._directory / f"{clock.now():{_BEGUN}}-{uuid4().hex}.jsonl"
        unnamed = self._path.with_suffix(".new")
        file = unnamed.open("ab", buffering=0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            unnamed.rename(self._path)
            sync(self._directory)
        except OSError:
            file.close()
            with suppress(OSError):
                unnamed.unlink(missing_ok=True)
            raise
        self._file = file
        return file

    def _give_up(self, file: FileIO, size: int) -> None:
        """Cut off what may be half a line, and leave the file: after a failed fsync nobody knows what it holds."""
        self._file = None
        with file, suppress(OSError):
            if size:
                os.ftruncate(file.fileno(), size)
            else:
                self._path.unlink()

    def _replay_file(
        self, path: Path, write: Callable[[Sequence[Entry]], None], tell: Callable[[datetime], None]
    ) -> int:
        with suppress(FileNotFoundError), path.open("r+b") as file:
            if not _is_left_behind(file):
                return 0
            lines, damaged = entries_in(file, self.sealer)
            left = set(damaged)
            for start in range(0, len(lines), _MOST_AT_ONCE):
                some = lines[start : start + _MOST_AT_ONCE]
                refused = {id(entry) for entry in write_together(write, [entry for entry, _ in some])}
                left |= {line for entry, line in some if id(entry) in refused}
            if lines:
                tell(_since(path))
            if left:
                file.seek(0)
                kept = [line for line in file if line in left]
                log.error("spool: %d damaged or refused lines kept in %s.damaged", len(kept), path.stem)
                _keep(kept, path.with_suffix(".damaged"))
            path.unlink()
            return len(lines)
        return 0


def _since(path: Path) -> datetime:
    """When *path* was begun; one that a former release named after nothing has but the time of its last entry."""
    with suppress(ValueError):
        return datetime.strptime(path.name.partition("-")[0], _BEGUN).replace(tzinfo=UTC)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _is_left_behind(file: BufferedRandom) -> bool:
    """Whether no living process writes *file* or replays it right now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _counted(path: Path, size: int, lines: int) -> tuple[int, int]:
    """How far a file is counted and how many lines that is: from *size* and *lines* on, or anew where it was cut."""
    with suppress(OSError), path.open("rb") as file:
        if os.fstat(file.fileno()).st_size < size:
            size = lines = 0
        file.seek(size)
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            size, lines = size + len(chunk), lines + chunk.count(b"\n")
        return size, lines
    return 0, 0  # somebody has replayed it


def _write(file: FileIO, lines: bytes) -> None:
    """All of *lines*: a disk that fills up takes a part without a word and refuses the rest."""
    rest = memoryview(lines)
    while rest:
        rest = rest[file.write(rest) :]


def _keep(lines: Sequence[bytes], path: Path) -> None:
    """Make a file of *lines* alone: it has its name when it is whole and outlives a power cut, not before."""
    unnamed = path.with_suffix(".new")
    with unnamed.open("wb", buffering=0) as file:
        _write(file, b"".join(lines))
        os.fsync(file.fileno())
    unnamed.rename(path)
    sync(path.parent)
