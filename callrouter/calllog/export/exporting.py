"""An export: window by window, each in a short transaction, into a file that is put in its place when it is whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Select, select

from callrouter.calllog.conditions import is_wanted
from callrouter.calllog.database import Database
from callrouter.calllog.export.cells import typed
from callrouter.calllog.export.columns import columns_of, of_calls, rows_of, window_of
from callrouter.calllog.export.csv_file import CsvFile
from callrouter.calllog.export.order import Format, Order
from callrouter.calllog.export.place import made_aside
from callrouter.calllog.tables import CallerRow, CallRow
from callrouter.calllog.windows import Read, Tell, in_windows
from callrouter.domain.span import Span

_ROWS_AT_ONCE = 1000


class RowFile(Protocol):
    """A file that rows of typed values are added to."""

    def add(self, row: Any) -> None: ...


def export(database: Database, order: Order, tell: Tell) -> int:
    """Make the file of *order*; returns how many rows it has.

    A call is exported as it is when its window is read; what arrives meanwhile is not.

    Raises:
        OSError: the file cannot be written.
        SQLAlchemyError: the log cannot be read.
        ModuleNotFoundError: a library is missing; the message says which.
    """
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    with made_aside(order.file) as draft, _opened(order, draft, dialect) as add:
        return in_windows(database, order.period, add, tell)


@contextmanager
def _opened(order: Order, path: Path, dialect: str) -> Iterator[Read]:
    """The file at *path*, to be written window by window."""
    if order.format is Format.CSV:
        with CsvFile(order, path, dialect) as file:
            yield file.add
    else:
        with _row_file(order, path) as rows:
            yield partial(_add_rows, _typed(order, dialect), rows)


def _row_file(order: Order, path: Path) -> Any:
    """Libraries are loaded by those who need them."""
    columns = columns_of(order)
    match order.format:
        case Format.JSONL | Format.CSV:
            from callrouter.calllog.export.jsonl_file import JsonlFile

            return JsonlFile(order, path)
        case Format.XLSX:
            from callrouter.calllog.export.xlsx_file import XlsxFile

            return XlsxFile(path, columns, "legs" if order.legs else "calls")
        case Format.PARQUET:
            from callrouter.calllog.export.parquet_file import ParquetFile

            return ParquetFile(path, columns)


def _typed(order: Order, dialect: str) -> Select[Any]:
    if order.format is Format.JSONL and not order.legs:
        whole = select(CallRow.__table__, CallerRow.number, CallerRow.forwarded_from)
        return of_calls(whole, is_wanted(order.wanted, order.sight))
    columns, shows = columns_of(order), order.show_numbers
    return rows_of(order, tuple(typed(each, dialect, show_numbers=shows).label(each.name) for each in columns))


def _add_rows(query: Select[Any], file: RowFile, connection: Connection, window: Span) -> int:
    count = 0
    for row in connection.execute(query, window_of(window), execution_options={"yield_per": _ROWS_AT_ONCE}):
        file.add(row)
        count += 1
    return count
