"""A CSV file that the database writes, as calllog/spreadsheet.py has it."""

from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Compiled, Connection, Select, String, case, func, literal
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from callrouter.calllog.export.cells import in_csv
from callrouter.calllog.export.columns import Kind, columns_of, rows_of, window_of
from callrouter.calllog.export.order import Order
from callrouter.calllog.spreadsheet import DELIMITER, MARK
from callrouter.calllog.windows import Read
from callrouter.domain.span import Span

_ROWS_AT_ONCE = 1000
_TO_BE_QUOTED = f'*[{DELIMITER}"\n\r]*'

Cells = tuple[ColumnElement[Any], ...]


class CsvFile:
    """A CSV file that grows window by window: *add* writes the rows of one, and returns how many."""

    add: Read

    def __init__(self, order: Order, path: Path, dialect: str) -> None:
        self._columns = columns_of(order)
        cells = tuple(in_csv(column, dialect, show_numbers=order.show_numbers) for column in self._columns)
        if dialect == "postgresql":
            self.add = partial(self._copied, _to_be_copied(rows_of(order, cells)))
        else:
            self.add = partial(self._written, rows_of(order, (self._line(cells),)))
        self._file = path.open("xb")
        self._file.write((MARK + DELIMITER.join(column.name for column in self._columns) + "\n").encode())

    def _copied(self, query: Compiled, connection: Connection, window: Span) -> int:
        """PostgreSQL writes the file itself; what comes over the line goes to the disk as it is."""
        copy = f"COPY ({query}) TO STDOUT (FORMAT csv, DELIMITER '{DELIMITER}')"
        cursor: Any = connection.connection.cursor()  # psycopg's
        with cursor.copy(copy, {**query.params, **window_of(window)}) as pieces:
            for piece in pieces:
                self._file.write(piece)
        return int(cursor.rowcount)

    def _written(self, query: Select[Any], connection: Connection, window: Span) -> int:
        """SQLite hands over whole lines: a row of cells would cost Python more than all the rest."""
        count = 0
        for lines in connection.execute(query, window_of(window)).scalars().partitions(_ROWS_AT_ONCE):
            self._file.write(("\n".join(lines) + "\n").encode())
            count += len(lines)
        return count

    def _line(self, cells: Cells) -> ColumnElement[str]:
        """The line that SQLite makes of *cells*: plain, unless one of those with any words in it must be quoted."""
        wordy = [column.kind in (Kind.TEXT, Kind.NUMBER) for column in self._columns]
        words = [cell for cell, is_wordy in zip(cells, wordy, strict=True) if is_wordy]
        all_words: ColumnElement[str] = func.printf("%s" * len(words), *words, type_=String)
        quoted = (_quoted(cell) if is_wordy else cell for cell, is_wordy in zip(cells, wordy, strict=True))
        form = DELIMITER.join("%s" for _ in cells)
        needs_quotes = all_words.op("GLOB")(_TO_BE_QUOTED)
        return case((needs_quotes, func.printf(form, *quoted)), else_=func.printf(form, *cells))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _to_be_copied(query: Select[Any]) -> Compiled:
    dialect: Any = PGDialect_psycopg  # without annotations
    return query.compile(dialect=dialect(), compile_kwargs={"render_postcompile": True})


def _quoted(cell: ColumnElement[Any]) -> ColumnElement[str]:
    return literal('"').concat(func.replace(cell, '"', '""', type_=String)).concat('"')
