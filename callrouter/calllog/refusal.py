"""What the database refuses because of what it says, told apart from a database that takes nothing at all.

A refused entry takes no other with it; during an outage nothing is given up.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

log = logging.getLogger(__name__)

REFUSED = (StatementError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What a value that makes no sense may raise, here or in the database; `is_refusal` says whether it did."""


class OfACall(Protocol):
    """What is written of a call: an entry, or the rows that it was made into."""

    @property
    def call_id(self) -> str:
        """The call."""


Told = TypeVar("Told", bound=OfACall)

_PROGRAM_LIMIT = "54"  # PostgreSQL's error class for a value too long to be indexed


def is_refusal(error: Exception) -> bool:
    """Whether *error* is the fault of what was to be written and not of the database."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, REFUSED)
    state: str = getattr(error.orig, "sqlstate", None) or ""
    return isinstance(error, DataError | IntegrityError) or state.startswith(_PROGRAM_LIMIT)


def in_a_line(error: Exception) -> str:
    """*error* for a log line or a health page: SQLAlchemy tells the statement in the lines after the first."""
    return f"{type(error).__name__}: {error}".splitlines()[0]


def write_together(write: Callable[[Sequence[Told]], None], entries: Sequence[Told]) -> list[Told]:
    """Write *entries* at once or, where one of them is refused, each alone. Returns those that are refused.

    Raises:
        Exception: whatever keeps everything from being written now.
    """
    try:
        write(entries)
    except REFUSED as error:
        if not is_refusal(error):
            raise
        if len(entries) > 1:
            return [refused for entry in entries for refused in write_together(write, [entry])]
        tell_refused(entries[0], error)
        return list(entries)
    return []


def tell_refused(entry: OfACall, error: Exception) -> None:
    """Say in the log that *entry* is given up here."""
    log.error("an entry of call %s is refused: %s", entry.call_id, in_a_line(error))
