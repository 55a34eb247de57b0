"""Whether all processes that share a database answer by one version of the schedule."""

from collections.abc import Callable, Sequence
from datetime import datetime

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.processes import LIVES, Process, own_name, tell
from callrouter.schedule.store import Loaded

SETTLES = LIVES
"""So long they may differ: each looks every second whether the schedule has changed, but one that has ended, as in a
deployment, seems to live for so long."""


class Versions:
    """What one process knows of the others. *loaded*: what it answers by itself."""

    def __init__(
        self, loaded: Callable[[], Loaded], database: Database, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._loaded = loaded
        self._database = database
        self._now = now
        self._began_at = now()
        self._others: Sequence[Process] = ()
        self._told_at = self._began_at

    def measure(self) -> None:
        """Tell the others of this process, and hear of them.

        Raises:
            SQLAlchemyError, OSError: the database cannot be written: what was heard last stands for a while.
        """
        at = self._now()
        self._others, self._told_at = tell(self._database, self._own(), at), at

    def condition(self) -> dict[str, object]:
        """`ok` is whether no other process has answered by another version for longer than that takes to settle."""
        at, own = self._now(), self._own()
        is_known = at - self._told_at < LIVES
        apart = [each for each in self._others if each.version != own.version] if is_known else []
        lasting = [each for each in apart if at - max(each.since, own.since) > SETTLES]
        error = f"{_short(own)} here, " + ", ".join(f"{_short(each)} in {each.name}" for each in lasting)
        return {"ok": not lasting, "error": error if lasting else None, "others": len(self._others)}

    def _own(self) -> Process:
        loaded = self._loaded()
        version = loaded.schedule.version if loaded.schedule else None
        return Process(own_name(), version, loaded.loaded_at or self._began_at)


def _short(process: Process) -> str:
    return process.version[:8] if process.version else "none"
