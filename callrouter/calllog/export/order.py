"""What is exported, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from callrouter.calllog.tables import CallRow


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """The calls that arrived from *start* until just before *end* (aware), of *unit* or of all, as a file.

    *legs*: a row for each phone that was rung, instead of one for each call.
    """

    start: datetime
    end: datetime
    file: Path
    format: Format
    unit: str | None = None
    legs: bool = False
    show_numbers: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows are written, and up to which arrival."""

    rows: int
    until: datetime

    def share(self, start: datetime, end: datetime) -> float:
        """Which part of the period from *start* to *end* is done, from 0 to 1."""
        whole = end - start
        return 1.0 if whole <= timedelta(0) else min(1.0, max(0.0, (self.until - start) / whole))


Tell = Callable[[Progress], None]
"""Whoever waits for an export is told after each window of it."""


def logged_span(connection: Connection) -> tuple[datetime, datetime] | None:
    """From the first arrival in the log until just after the last; None: there is none."""
    ends: Any = connection.execute(select(func.min(CallRow.received_at), func.max(CallRow.received_at))).one()
    first, last = ends
    return None if first is None else (first, last + datetime.resolution)
