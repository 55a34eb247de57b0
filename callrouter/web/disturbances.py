"""Sees that a part is not as it should be, shows it, and tells the audit log of it when it is well again."""

from collections.abc import Callable, Mapping
from datetime import datetime

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.disturbance import RECORDER, Disturbance, tell
from callrouter.web import metrics
from callrouter.web.health import Condition

_LONGEST_ERROR = 200


class Disturbances:
    """What one process sees of its parts. A part is not judged by the first look: it may just be beginning."""

    def __init__(
        self, conditions: Mapping[str, Condition], database: Database, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._conditions = conditions
        self._database = database
        self._now = now
        self._lasting: dict[str, tuple[datetime, str | None]] = {}
        self._over: list[Disturbance] = []
        self._has_begun = False

    def look(self) -> None:
        """Look at every part, and show it. Nothing is waited for."""
        if self._has_begun:
            self._see(self._now())
        self._has_begun = True

    def tell(self) -> None:
        """Tell of what is over, as soon as the log takes what it is given.

        Raises:
            SQLAlchemyError, OSError: the database did not take it: it is told later.
        """
        over = list(self._over)
        if over and RECORDER not in self._lasting:
            with self._database.writing() as connection:
                for each in over:
                    tell(connection, each)
            del self._over[: len(over)]

    def _see(self, at: datetime) -> None:
        for part, condition in self._conditions.items():
            told = condition()
            metrics.PART_OK.labels(part).set(1 if told["ok"] else 0)
            if not told["ok"]:
                error = told.get("error")
                self._lasting.setdefault(part, (at, str(error)[:_LONGEST_ERROR] if error else None))
            elif part in self._lasting:
                since, error = self._lasting.pop(part)
                self._over.append(Disturbance(part, since, at, error))
