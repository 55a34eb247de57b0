"""Whether what is written here is still there after a restart: some platforms start each time on an empty disk."""

import re
from dataclasses import dataclass
from pathlib import Path

from callrouter.calllog.database import Database
from callrouter.checks.finding import Finding, Level
from callrouter.settings import Storage

ADVICE = "Set CALLROUTER_SPOOL_DIR to a volume that stays; take PostgreSQL, and CALLROUTER_SCHEDULE=database."
_PASSING = ("overlay", "tmpfs", "ramfs", "aufs")
_OF_THE_IMAGE = ("/", "/app")
"""On a platform that starts from an image: the places that no volume is mounted at. Heroku has /app of its own."""
_MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True, slots=True)
class Mount:
    """A file system of *kind*, mounted at *place*."""

    place: Path
    kind: str


def mounts() -> str:
    """The mounts as Linux tells them; nothing where nobody does."""
    try:
        return _MOUNTS.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return ""


def lasting(storage: Storage, platform: str | None, told: str) -> Finding | None:
    """What of *storage* a restart takes away, by the mounts that are *told*, and the *platform* if it is known."""
    database = Database(storage.database_url).path
    kept = {"the spool": storage.spool_dir} | ({"the database": database.parent} if database else {})
    lost = [
        f"{what} at {path} (on {reason})"
        for what, path in kept.items()
        if (reason := _passing(_mount_of(path.resolve(), told), platform))
    ]
    return Finding("lasting", Level.WARNING, f"a restart takes away {' and '.join(lost)}", ADVICE) if lost else None


def _passing(mount: Mount | None, platform: str | None) -> str | None:
    if mount and mount.kind in _PASSING:
        return mount.kind
    if platform and (mount is None or str(mount.place) in _OF_THE_IMAGE):
        return f"the own disk of {platform}"
    return None


def _mount_of(path: Path, told: str) -> Mount | None:
    """That which holds *path*: the deepest one, and of several at one place the last."""
    found = None
    for line in told.splitlines():
        before, _, after = line.partition(" - ")
        place = Path(_unescaped(before.split()[4]))
        if path.is_relative_to(place) and (found is None or place.is_relative_to(found.place)):
            found = Mount(place, after.split()[0])
    return found


def _unescaped(text: str) -> str:
    """*text* with its spaces, which the kernel writes as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), text)
