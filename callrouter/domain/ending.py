"""How a call ended, as it is told to people: one whose end nobody told does not go on for ever."""

from datetime import datetime, timedelta

from callrouter.domain.words import Disposition

LONGEST_CALL = timedelta(hours=4)
"""No call lasts longer: one that came earlier and is open still has lost its end, and is not in progress."""

END_UNKNOWN = "end-unknown"
"""What is said of it. The log goes on to say `in-progress`: that nobody has told of an end."""


def goes_on(disposition: str, received_at: datetime, at: datetime) -> bool:
    """Whether the call is in progress at *at* (both aware)."""
    return disposition == Disposition.IN_PROGRESS and received_at > at - LONGEST_CALL


def ending(disposition: str, received_at: datetime, at: datetime) -> str:
    """The word for how it ended, as it looks at *at* (both aware): a disposition, or END_UNKNOWN."""
    has_lost_it = disposition == Disposition.IN_PROGRESS and not goes_on(disposition, received_at, at)
    return END_UNKNOWN if has_lost_it else disposition
