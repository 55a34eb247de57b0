"""The spool: entries that the database could not take in time, kept on disk, fsync'd, until it can.

One file a process, locked while it lives; JSON lines, each with a checksum. A caller's number stands in it sealed.
"""

import fcntl
import json
import logging
import os
import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import IO, Any
from uuid import uuid4

from callrouter.calllog.entry import Entry
from callrouter.domain.call import CallEvent
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.words import EventKind
from callrouter.sealing import Sealer

log = logging.getLogger(__name__)


class Spool:
    """The spool directory, as one process sees it."""

    def __init__(self, directory: Path, sealer: Sealer) -> None:
        self._directory = directory
        self._sealer = sealer
        self._lock = Lock()
        self._file: IO[str] | None = None

    def append(self, entries: Sequence[Entry]) -> None:
        """Keep *entries* on disk; when it returns they outlive a power cut.

        Raises:
            OSError: the disk does not take them.
        """
        with self._lock:
            file = self._file or self._open()
            file.writelines(_line(entry, self._sealer) for entry in entries)
            file.flush()
            os.fsync(file.fileno())

    def depth(self) -> int:
        """How many files wait to be replayed; 0 is the normal state."""
        return len(list(self._directory.glob("*.jsonl")))

    def replay(self, write: Callable[[Sequence[Entry]], None]) -> int:
        """Hand every entry to *write*, then remove its file; files of living processes are left to them.

        Returns the number of entries replayed. Whatever *write* raises leaves the file as it was: a replay is
        idempotent.
        """
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None
            return sum(self._replay_file(path, write) for path in sorted(self._directory.glob("*.jsonl")))

    def _open(self) -> IO[str]:
        self._directory.mkdir(parents=True, exist_ok=True)
        file = (self._directory / f"{uuid4().hex}.jsonl").open("a", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_EX)
        descriptor = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._file = file
        return file

    def _replay_file(self, path: Path, write: Callable[[Sequence[Entry]], None]) -> int:
        with path.open(encoding="utf-8", errors="replace") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0
            entries, damaged = _read(file, self._sealer)
            if entries:
                write(entries)
            if damaged:
                log.error("spool: %d damaged lines kept in %s.damaged", damaged, path.name)
                path.rename(path.with_suffix(".damaged"))
            else:
                path.unlink()
            return len(entries)


def _line(entry: Entry, sealer: Sealer) -> str:
    content = {
        "number": sealer.seal(entry.number.e164) if entry.number else None,
        "events": [[e.day.isoformat(), e.call_id, e.id, e.kind, e.at.isoformat(), dict(e.facts)] for e in entry.events],
    }
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return f"{zlib.crc32(text.encode()):08x} {text}\n"


def _read(file: IO[str], sealer: Sealer) -> tuple[list[Entry], int]:
    entries: list[Entry] = []
    damaged = 0
    for line in file:
        checksum, _, text = line.rstrip("\n").partition(" ")
        try:
            is_whole = int(checksum, 16) == zlib.crc32(text.encode())
            entries += [_entry(json.loads(text), sealer)] if is_whole else []
            damaged += not is_whole
        except (ValueError, KeyError, TypeError):
            damaged += 1
    return entries, damaged


def _entry(content: dict[str, Any], sealer: Sealer) -> Entry:
    events = tuple(
        CallEvent(date.fromisoformat(day), call_id, id_, EventKind(kind), datetime.fromisoformat(at), facts)
        for day, call_id, id_, kind, at, facts in content["events"]
    )
    number = PhoneNumber(sealer.open(content["number"])) if content["number"] else None
    return Entry(events, number)
