"""XLSX: a sheet of rows for each million, cells that are text, numbers or times, and never a formula."""

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from callrouter.calllog.export.columns import Column, Kind
from callrouter.calllog.workbook import Workbook

_WIDTHS = {Kind.INSTANT: 20, Kind.LOCAL: 20, Kind.NUMBER: 16, Kind.COUNT: 10, Kind.FLAG: 8}
_USUAL_WIDTH = 18


class XlsxFile:
    """A workbook that grows row by row; a row that is written leaves the memory."""

    def __init__(self, path: Path, columns: tuple[Column, ...], title: str) -> None:
        self._kinds = [column.kind for column in columns]
        widths = [_WIDTHS.get(kind, _USUAL_WIDTH) for kind in self._kinds]
        self._book = Workbook(path, title, [column.name for column in columns], widths)

    def add(self, row: Any) -> None:
        """Write a row of typed values."""
        self._book.add([_cell(kind, value) for kind, value in zip(self._kinds, row, strict=True)])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Put it together; after an error nobody wants it."""
        self._book.__exit__(kind, error, trace)


def _cell(kind: Kind, value: Any) -> Any:
    """Times of UTC or of the local clock, without a zone: a workbook has none."""
    if value is None:
        return None
    match kind:
        case Kind.INSTANT:
            return value.astimezone(UTC).replace(tzinfo=None)
        case Kind.LOCAL:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        case _:
            return value
