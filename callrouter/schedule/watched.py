"""What the schedule is read from: whole or not at all, noticed when it changes, and kept safe as a copy on disk."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from callrouter.domain.sentence import SaidError
from callrouter.durability import sync
from callrouter.schedule.format.source import LARGEST

Signature = tuple[int, ...]
"""What changes when the contents do."""


class UnreadableError(SaidError):
    """A source that cannot be read now; the message says so of the source, for people."""


class UnreadableFileError(UnreadableError):
    """A file that is not there, cannot be read, or changes while it is read; the message is for people."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a schedule and the signature its source had while they were read."""

    content: bytes
    signature: Signature


class ScheduleSource(Protocol):
    """Where a schedule comes from. *kind* is a word of `store.Source`; *place* says which one, for people."""

    @property
    def kind(self) -> str: ...

    @property
    def place(self) -> str: ...

    def signature(self) -> Signature | None:
        """Return what changes when the contents do; None: it is not to be had."""
        ...

    def contents(self) -> Contents:
        """Return the schedule as it is now.

        Raises:
            UnreadableError: it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class FileSource:
    """A schedule file on disk."""

    path: Path

    @property
    def kind(self) -> str:
        return "file"

    @property
    def place(self) -> str:
        return str(self.path)

    def signature(self) -> Signature | None:
        return signature(self.path)

    def contents(self) -> Contents:
        return contents(self.path)


def signature(path: Path) -> Signature | None:
    """Return what changes when the file does, also by a rename or a swapped link; None: it is not to be had."""
    try:
        return _signature(path.stat())
    except OSError:
        return None


def contents(path: Path) -> Contents:
    """Return the file, at most one byte more than a schedule may have.

    Raises:
        UnreadableFileError: it cannot be read, or somebody is writing it.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait for ever
            raise UnreadableFileError("is no file")
        with path.open("rb") as file:
            before = _signature(os.fstat(file.fileno()))
            content = file.read(LARGEST + 1)
            after = _signature(os.fstat(file.fileno()))
    except OSError as error:
        raise UnreadableFileError("cannot be read: {why}", why=error.strerror or error) from None
    if before != after:
        raise UnreadableFileError("is being written")
    return Contents(content, after)


def keep(content: bytes, path: Path, mode: int = 0o600) -> None:
    """Write *content* to *path* so that after a crash there is the old copy or the new one, never half of it.

    It names people and their numbers: unless *mode* says so, nobody else may read it, whatever the umask.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb", opener=_private) as file:
            os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    sync(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _signature(found: os.stat_result) -> Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns
