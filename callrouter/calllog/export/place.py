"""Where files are made: in a private folder beside their place, and put there when they are whole."""

import errno
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from callrouter import clock
from callrouter.calllog.folder_lock import locked
from callrouter.durability import sync

_SURELY_LOCKED_SECONDS = 60.0
"""Whoever makes a folder has locked it by then."""


@contextmanager
def made_aside(target: Path) -> Iterator[Path]:
    """Give a path to make a file or a folder at. If the block succeeds it becomes *target*, for its owner's eyes only.

    A file that is there is replaced in one step, a folder only if it is empty. What somebody who was killed has left
    there is removed.

    Raises:
        OSError: there is no such place, or it cannot be written; *target* is as it was.
    """
    prefix = f".{target.name}."
    _put_away_abandoned(target.parent, prefix)
    with (
        TemporaryDirectory(dir=target.parent, prefix=prefix, ignore_cleanup_errors=True) as folder,
        locked(Path(folder)),
    ):
        draft = Path(folder) / target.name
        with _room_told(target.parent):
            yield draft
        files = sorted(draft.iterdir()) if draft.is_dir() else [draft]
        for file in files:
            file.chmod(0o600)
            sync(file)
        if draft.is_dir():
            draft.chmod(0o700)
            sync(draft)
        draft.rename(target)
    sync(target.parent)


@contextmanager
def _room_told(place: Path) -> Iterator[None]:
    """Whoever writes a file is not told by the system which disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise OSError(errno.ENOSPC, "there is no room left", str(place)) from error
        raise


def _put_away_abandoned(parent: Path, prefix: str) -> None:
    """Remove the folders of those who were killed: nobody holds their lock any more."""
    ours = re.compile(re.escape(prefix) + r"[a-z0-9_]{8}")  # as tempfile names them
    for folder in list(parent.iterdir()):
        if not ours.fullmatch(folder.name) or folder.is_symlink():
            continue
        with suppress(OSError):  # another one was faster, or it is somebody else's
            is_old = clock.now().timestamp() - folder.stat().st_mtime > _SURELY_LOCKED_SECONDS
            if folder.is_dir() and is_old:
                with locked(folder):
                    shutil.rmtree(folder)
