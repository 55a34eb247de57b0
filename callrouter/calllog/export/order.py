"""What is exported."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from callrouter.calllog.windows import Bounds


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """The calls that arrived in *period*, of *unit* or of all, as a file.

    *legs*: a row for each phone that was rung, instead of one for each call.
    """

    period: Bounds
    file: Path
    format: Format
    unit: str | None = None
    legs: bool = False
    show_numbers: bool = False
