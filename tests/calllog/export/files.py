"""Exported files read back by others' readers, as text or as typed values."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from callrouter.calllog.spreadsheet import FORMULA_STARTS


def csv_cells(path: Path) -> list[dict[str, str]]:
    """The cells as a spreadsheet gets them."""
    return csv_rows(path.read_bytes().decode())


def csv_rows(text: str) -> list[dict[str, str]]:
    """The same of a text."""
    assert text[:1] == "\ufeff"
    return list(csv.DictReader(StringIO(text[1:], newline=""), delimiter=";"))


def csv_text(path: Path) -> list[dict[str, str]]:
    """What was meant: without the apostrophe before what might calculate."""
    return [{name: meant(cell) for name, cell in row.items()} for row in csv_cells(path)]


def meant(cell: str) -> str:
    """Take the apostrophe off."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] and cell[1] in FORMULA_STARTS else cell


def xlsx_rows(path: Path, sheet: str = "calls") -> list[dict[str, Any]]:
    """The typed cells of a sheet."""
    heads, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python()
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def json_lines(path: Path) -> list[dict[str, Any]]:
    """The objects."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
