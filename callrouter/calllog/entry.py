"""What a request hands to the log, and where it ended up."""

from dataclasses import dataclass
from enum import StrEnum

from callrouter.domain.call import CallEvent
from callrouter.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Entry:
    """Events of one call that belong together (at least one), and the caller's number where it may be kept.

    *key*: its keyed hash, where it may not. *forwarded_from*: the number that sent the call on, where it may be kept.
    """

    events: tuple[CallEvent, ...]
    number: PhoneNumber | None = None
    key: str | None = None
    forwarded_from: PhoneNumber | None = None

    @property
    def call_id(self) -> str:
        """The call that the events are of."""
        return self.events[0].call_id


class Recorded(StrEnum):
    """Where an entry was safe when the answer went out."""

    DATABASE = "database"
    SPOOL = "spool"
    LOG_LINE = "log-line"
