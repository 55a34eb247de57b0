"""What became of the attempts of the last minutes, in memory: for when the log cannot say so in time.

Best effort, as in redials.py: another process, or a restart, does not know.
"""

from dataclasses import replace
from datetime import datetime
from threading import Lock

from callrouter.calllog.queries import LoggedAttempt
from callrouter.domain.call import RunningCall
from callrouter.domain.words import Outcome

_MOST = 10_000


_Name = tuple[str, str | None]
"""Call and attempt."""


class AttemptsLately:
    """The keys that were pressed and the ends that were judged lately: of each the first."""

    def __init__(self) -> None:
        self._attempts: dict[_Name, LoggedAttempt] = {}
        self._lock = Lock()

    def taken(self, call: RunningCall, at: datetime) -> None:
        """The key that takes the call was pressed at *at*."""
        with self._lock:
            known = self._known(call)
            self._keep(call, replace(known, key_at=known.key_at or at))

    def judged(self, call: RunningCall, outcome: Outcome) -> None:
        """The end of its attempt was judged to be *outcome*."""
        with self._lock:
            known = self._known(call)
            self._keep(call, replace(known, outcome=known.outcome or outcome))

    def added_to(self, logged: LoggedAttempt, call: RunningCall) -> LoggedAttempt:
        """What the log has of the attempt under way, and of what it does not have, what is remembered."""
        with self._lock:
            known = self._known(call)
        return LoggedAttempt(logged.key_at or known.key_at, logged.outcome or known.outcome)

    def _known(self, call: RunningCall) -> LoggedAttempt:
        return self._attempts.get(_name(call), LoggedAttempt())

    def _keep(self, call: RunningCall, known: LoggedAttempt) -> None:
        self._attempts[_name(call)] = known
        while len(self._attempts) > _MOST:
            del self._attempts[next(iter(self._attempts))]


def _name(call: RunningCall) -> _Name:
    return call.call_id, call.attempt.id if call.attempt else None
