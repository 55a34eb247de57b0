"""What a request hands to the log, and where it ended up."""

from dataclasses import dataclass
from enum import StrEnum

from callrouter.domain.call import CallEvent
from callrouter.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class Entry:
    """Events of one call that belong together, and the caller's number where it may be kept."""

    events: tuple[CallEvent, ...]
    number: PhoneNumber | None = None


class Recorded(StrEnum):
    """Where an entry was safe when the answer went out."""

    DATABASE = "database"
    SPOOL = "spool"
    LOG_LINE = "log-line"
