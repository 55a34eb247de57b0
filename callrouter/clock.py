"""The only reader of the clock."""

from datetime import UTC, datetime
from time import monotonic

__all__ = ["monotonic", "now"]


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
