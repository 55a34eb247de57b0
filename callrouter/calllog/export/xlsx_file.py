"""XLSX: a sheet of rows for each million, cells that are text, numbers or times, and never a formula."""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from callrouter.calllog.export.columns import Column, Kind
from callrouter.calllog.spreadsheet import fitting

ROWS_ON_A_SHEET = 1_048_576 - 1
"""As many as Excel has, without the heading."""

_WIDTHS = {Kind.INSTANT: 20, Kind.LOCAL: 20, Kind.NUMBER: 16, Kind.COUNT: 10, Kind.FLAG: 8}
_USUAL_WIDTH = 18
_TIMES = {"num_format": "yyyy-mm-dd hh:mm:ss"}


class XlsxFile:
    """A workbook that grows row by row; a row that is written leaves the memory."""

    def __init__(self, path: Path, columns: tuple[Column, ...], title: str) -> None:
        self._columns = columns
        self._title = title
        self._book = Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
        self._time = self._book.add_format(_TIMES)
        self._heading = self._book.add_format({"bold": True})
        self._sheet = self._new_sheet()
        self._row = 0

    def add(self, row: Any) -> None:
        """Write a row of typed values."""
        if self._row == ROWS_ON_A_SHEET:
            self._sheet, self._row = self._new_sheet(), 0
        self._row += 1
        for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
            if value is not None:
                self._write(place, column.kind, value)

    def _write(self, place: int, kind: Kind, value: Any) -> None:
        match kind:
            case Kind.COUNT:
                self._sheet.write_number(self._row, place, value)
            case Kind.FLAG:
                self._sheet.write_boolean(self._row, place, value)
            case Kind.INSTANT:
                self._sheet.write_datetime(self._row, place, value.astimezone(UTC).replace(tzinfo=None), self._time)
            case Kind.LOCAL:
                local = datetime.fromisoformat(value).replace(tzinfo=None)
                self._sheet.write_datetime(self._row, place, local, self._time)
            case Kind.TEXT | Kind.WORD | Kind.NUMBER:
                self._sheet.write_string(self._row, place, fitting(value))

    def _new_sheet(self) -> Worksheet:
        number = len(self._book.worksheets()) + 1
        sheet = self._book.add_worksheet(self._title if number == 1 else f"{self._title} {number}")
        for place, column in enumerate(self._columns):
            sheet.set_column(place, place, _WIDTHS.get(column.kind, _USUAL_WIDTH))
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            sheet.write_string(0, place, column.name, self._heading)
        return sheet

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put it together; after an error nobody wants it."""
        if error is None:
            self._book.close()
