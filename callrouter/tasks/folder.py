"""The files that tasks make: each task in a folder of its own, gone a day after its end."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callrouter.domain.task import KEPT_FOR, Task

_SPARE = timedelta(hours=1)
"""Nobody who fetches a file in the last moment finds it gone in the middle."""


def file_of(folder: Path, task: Task, at: datetime) -> Path | None:
    """The file that *task* made, if it can still be fetched at *at* and is on this machine."""
    if task.file is None or task.kept_until(at) is None:
        return None
    path = folder / task.key / task.file
    return path if path.is_file() else None


def put_away(folder: Path, key: str) -> None:
    """Remove what the task of that *key* made."""
    shutil.rmtree(folder / key, ignore_errors=True)


def sweep(folder: Path, at: datetime) -> None:
    """Remove what is older than files are kept, whoever left it there."""
    for path in folder.iterdir() if folder.is_dir() else ():
        changed = max((each.stat().st_mtime for each in (path, *path.iterdir())), default=0.0)
        if at - datetime.fromtimestamp(changed, UTC) > KEPT_FOR + _SPARE:
            shutil.rmtree(path, ignore_errors=True)
