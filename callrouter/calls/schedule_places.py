"""Where the schedule is kept, to be edited: a file of this machine, or what is published in the database."""

import os
import stat
from dataclasses import dataclass
from typing import Protocol

from callrouter.schedule.watched import FileSource, ScheduleSource, UnreadableError, keep


class SchedulePlace(Protocol):
    """A place that can be read, and maybe written."""

    @property
    def name(self) -> str:
        """Which one, for people."""
        ...

    @property
    def file(self) -> str | None:
        """The file that it is; None: the database."""
        ...

    def content(self) -> bytes:
        """What is kept there now; nothing where it cannot be read."""
        ...

    def is_writable(self) -> bool:
        """Whether it may be written from here."""
        ...

    def put(self, content: bytes) -> None:
        """Keep *content* there, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A schedule file. A link to it stays a link, and it keeps its permissions."""

    source: FileSource

    @property
    def name(self) -> str:
        """Its path."""
        return self.source.place

    @property
    def file(self) -> str | None:
        """The same."""
        return self.source.place

    def content(self) -> bytes:
        """Its bytes."""
        return _content(self.source)

    def is_writable(self) -> bool:
        """Whether the file may be replaced: what is deployed with the program often may not."""
        path = self.source.path.resolve()
        return os.access(path.parent, os.W_OK | os.X_OK) and (not path.exists() or os.access(path, os.W_OK))

    def put(self, content: bytes) -> None:
        """Replace it."""
        path = self.source.path.resolve()
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
        keep(content, path, mode)


@dataclass(frozen=True, slots=True)
class PublishedPlace:
    """What was published last: the publication itself puts it into force."""

    source: ScheduleSource

    @property
    def name(self) -> str:
        """The database."""
        return self.source.place

    @property
    def file(self) -> str | None:
        """None."""
        return None

    def content(self) -> bytes:
        """The text of what was published last."""
        return _content(self.source)

    def is_writable(self) -> bool:
        """Always: without a database nobody is signed in."""
        return True

    def put(self, content: bytes) -> None:
        """Nothing is left to do."""


def schedule_place(source: ScheduleSource) -> SchedulePlace:
    """The place that *source* reads."""
    return FilePlace(source) if isinstance(source, FileSource) else PublishedPlace(source)


def _content(source: ScheduleSource) -> bytes:
    try:
        return source.contents().content
    except UnreadableError:
        return b""
