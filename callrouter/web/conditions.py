"""How what is around the service is doing, for /readyz: its disks, its clock, the tables that it finds."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.revisions import known_revisions, revision_of
from callrouter.checks.disks import TOO_LITTLE_BYTES, file_systems
from callrouter.web.metrics import CLOCK_OFF, DISK_FREE

BEHIND_SECONDS, AHEAD_SECONDS = 5.0, 30.0
"""How far our clock may be off. What comes late by itself makes it look ahead, nothing makes it look behind."""

_HEARD = 20
_FEWEST = 3
_HOLDS = timedelta(hours=1)


class Disk:
    """The space that is left in *places*."""

    def __init__(self, places: Iterable[Path], too_little: int = TOO_LITTLE_BYTES) -> None:
        self._places = {str(place): place for place in places}
        self._too_little = too_little

    def condition(self) -> dict[str, object]:
        """How much is free; `ok` is whether there is enough in each place, and each can be asked."""
        try:
            free = self._free()
        except OSError as error:
            return {"ok": False, "error": str(error), "free_bytes": {}}
        little = [place for place, left in free.items() if left < self._too_little]
        told = f"too little space: {', '.join(little)}" if little else None
        return {"ok": not little, "error": told, "free_bytes": free}

    def measure(self) -> None:
        """Bring the metric up to date."""
        for place, free in self._free().items():
            DISK_FREE.labels(place).set(free)

    def _free(self) -> dict[str, int]:
        return {name: each.free for each in file_systems(self._places) for name in each.names}


class ClockWatch:
    """Our clock, judged by what the provider tells: when something happened, and when we heard of it.

    What is told may be late, never early: the smallest difference of the last is how far we are ahead at most.
    """

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now
        self._heard: deque[tuple[datetime, float]] = deque(maxlen=_HEARD)

    def heard(self, happened_at: datetime) -> None:
        """The provider told of something just now."""
        at = self._now()
        self._heard.append((at, (at - happened_at).total_seconds()))

    @property
    def off_seconds(self) -> float | None:
        """By how much we are ahead (behind: below 0) of the provider, at most; None: too little was told of late."""
        at = self._now()
        late = [off for heard_at, off in list(self._heard) if abs(at - heard_at) < _HOLDS]
        return min(late) if len(late) >= _FEWEST else None

    def condition(self) -> dict[str, object]:
        """`ok` is whether our clock is not known to be wrong."""
        off = self.off_seconds
        is_right = off is None or -BEHIND_SECONDS <= off <= AHEAD_SECONDS
        error = None if is_right else f"{off:+.0f} s against the provider's"
        return {"ok": is_right, "error": error, "off_seconds": off}

    def measure(self) -> None:
        """Bring the metric up to date."""
        CLOCK_OFF.set(self.off_seconds or 0.0)


class Tables:
    """Whose tables the log has: those of a later release are written to, but whoever went back should know."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._revision: str | None = None
        self._is_known = True

    def measure(self) -> None:
        """Look at them.

        Raises:
            SQLAlchemyError: the database cannot be read: what was seen last stands.
        """
        with self._database.reading() as connection:
            revision = revision_of(connection)
        if revision != self._revision:
            self._revision, self._is_known = revision, revision is None or revision in known_revisions()

    def condition(self) -> dict[str, object]:
        """`ok` is whether no later release has brought them to its own revision."""
        error = None if self._is_known else f"revision {self._revision}, which this release does not know"
        return {"ok": self._is_known, "error": error, "revision": self._revision}
