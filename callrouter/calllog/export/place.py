"""Where files are made: in a private folder beside their place, and put there when they are whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def made_aside(target: Path) -> Iterator[Path]:
    """Give a path to make a file or a folder at. If the block succeeds it becomes *target*, for its owner's eyes only.

    A file that is there is replaced in one step, a folder only if it is empty.

    Raises:
        OSError: there is no such place, or it cannot be written; *target* is as it was.
    """
    prefix = f".{target.name}."
    with TemporaryDirectory(dir=target.parent, prefix=prefix, ignore_cleanup_errors=True) as folder:
        draft = Path(folder) / target.name
        yield draft
        files = sorted(draft.iterdir()) if draft.is_dir() else [draft]
        for file in files:
            file.chmod(0o600)
            _sync(file)
        if draft.is_dir():
            draft.chmod(0o700)
            _sync(draft)
        draft.rename(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
