"""Calling back those who reached nobody: who does it right now, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callrouter.domain.review import Act
from callrouter.domain.words import CallBackResult, Disposition

HELD_FOR = timedelta(minutes=15)
"""So long a colleague is believed to be calling back, if nothing more is heard of it."""

WAITS_FOR = timedelta(days=14)
"""Who called earlier expects no call any more."""

MISSED = (Disposition.UNANSWERED, Disposition.ABANDONED, Disposition.MESSAGE)
"""Calls whose callers have spoken with nobody."""

SETTLING = frozenset(CallBackResult) - {CallBackResult.NO_ANSWER}
"""Results after which nobody has to call any more."""


@dataclass(frozen=True, slots=True)
class CallBack:
    """Somebody has *taken* it upon themselves to call back about a call, until *ended_at*.

    Ended without *result*: they let it go. *again_at*: when to try again.
    """

    id: int
    day: date
    call_id: str
    taken: Act
    ended_at: datetime | None = None
    result: CallBackResult | None = None
    again_at: datetime | None = None

    @property
    def held_until(self) -> datetime:
        """When a colleague may take it, if nothing more is heard of it."""
        return self.taken.at + HELD_FOR

    def is_held(self, at: datetime) -> bool:
        """Whether it keeps colleagues from calling the same person at *at* (aware)."""
        return self.ended_at is None and at < self.held_until
