"""Who called lately: by keyed hash, in memory. Best effort: another process, or a restart, does not know.

A caller who was cut off and calls again is in no mood for menus.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from callrouter.domain.phone import PhoneNumber

LATELY = timedelta(minutes=10)
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class LastCall:
    """A caller's last call: when it was last heard of, the unit it went to, and who took it, if anybody did.

    *before*: the one before it, for the provider may ask again what becomes of a call.
    """

    call_id: str
    until: datetime
    unit: str | None
    taken_by: PhoneNumber | None = None
    before: "LastCall | None" = None


class Redials:
    """The last calls of some minutes."""

    def __init__(self) -> None:
        self._calls: dict[str, LastCall] = {}
        self._lock = Lock()

    def last_call(self, key: str | None, call_id: str, at: datetime) -> LastCall | None:
        """The call of the caller with this *key* that was last heard of shortly before *at*, and is not this one."""
        last = self._calls.get(key) if key else None
        if last and last.call_id == call_id:
            last = last.before
        return last if last and timedelta(0) < at - last.until <= LATELY else None

    def called(self, key: str | None, call_id: str, unit: str | None, at: datetime) -> None:
        """The caller calls at *at*; who took the last call is remembered over it."""
        if key is None:
            return
        before = self.last_call(key, call_id, at)
        last = replace(before, before=None) if before else None
        with self._lock:
            self._calls.pop(key, None)
            self._calls[key] = LastCall(call_id, at, unit, last.taken_by if last else None, last)
            while len(self._calls) > _MOST:
                del self._calls[next(iter(self._calls))]

    def attempt_ended(self, key: str | None, taken_by: PhoneNumber | None, at: datetime) -> None:
        """An attempt of the caller's call was over at *at*, answered by *taken_by* if by anybody known."""
        with self._lock:
            if key is not None and key in self._calls:
                last = self._calls[key]
                self._calls[key] = replace(last, until=max(at, last.until), taken_by=taken_by or last.taken_by)
