"""What is exported."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from callrouter.calllog.windows import Bounds
from callrouter.domain.call_filter import EVERYTHING, CallFilter, Sight

ALL_CALLS = CallFilter()


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """The calls that arrived in *period* and are *wanted*, as far as *sight* reaches, as a file.

    *legs*: a row for each phone that was rung, instead of one for each call.
    """

    period: Bounds
    file: Path
    format: Format
    wanted: CallFilter = ALL_CALLS
    sight: Sight = EVERYTHING
    legs: bool = False
    show_numbers: bool = False

    def told(self) -> dict[str, Any]:
        """What is asked for, for the audit log: period, form and every filter."""
        start, end = self.period
        form = {"format": self.format.value, "legs": self.legs, "numbers": self.show_numbers}
        wanted = {name: value for name, value in self.wanted.told().items() if name not in ("since", "until")}
        return {"from": start.isoformat(), "to": end.isoformat()} | wanted | form
