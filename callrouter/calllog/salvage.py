"""Reads what can still be read of a damaged SQLite file, row by row, into a sound one."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table as Columns
from sqlalchemy.dialects.sqlite import dialect

from callrouter.calllog.backup import Progress, opened
from callrouter.calllog.merging import Merger
from callrouter.calllog.tables import (
    AuditRow,
    CallEventRow,
    CallRow,
    LegRow,
    ProjectionRow,
    RecordingRow,
    Table,
    TallyRow,
)

_FOLDED = {row.__tablename__ for row in (CallRow, LegRow, RecordingRow, TallyRow, ProjectionRow)}
"""Made again from the events."""

_SAID_BESIDE: tuple[tuple[Columns, tuple[str, ...]], ...] = (
    (cast(Columns, CallRow.__table__), ("reviewed_at", "reviewed_by", "category")),
    (cast(Columns, RecordingRow.__table__), ("deleted_at",)),
)
"""What stands in tables that are folded, and no event tells it."""

_ROWS_AT_ONCE = 1000
_MOST_FAILURES = 200_000
_Row = tuple[Any, ...]


@dataclass(slots=True)
class Salvaged:
    """What was read of a damaged file.

    *rows*: by table, how many the sound file did not have. *calls*: those that have new events. *lost_rows*: by table,
    how many could not be read, or made no sense. *unreadable*: tables of which nothing could be read. *renumbered*: by
    table, how many have another number now, for theirs is that of another row of the sound file. *deeds*: rows of an
    audit log that does not go on from that of the sound file.
    """

    rows: dict[str, int] = field(default_factory=dict)
    calls: set[tuple[date, str]] = field(default_factory=set)
    lost_rows: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    renumbered: Counter[str] = field(default_factory=Counter)
    deeds: list[_Row] = field(default_factory=list)

    @property
    def lost(self) -> int:
        """How many rows of all tables were lost."""
        return self.lost_rows.total()

    def has_all_of(self, *tables: type[Table]) -> bool:
        """Whether all rows of these tables were read."""
        names = {table.__tablename__ for table in tables}
        return names.isdisjoint(self.unreadable) and not any(self.lost_rows[name] for name in names)


def salvage(damaged: Path, sound: Path, tell: Progress, *, goes_on: bool = True) -> Salvaged:
    """Add to *sound*, which has all tables, what *damaged* has and it lacks.

    *goes_on*: the audit log of *damaged* is that of *sound* and what came later; else its entries are told in `deeds`.
    """
    salvaged = Salvaged()
    tables = [table for table in Table.metadata.sorted_tables if table.name not in _FOLDED]
    with closing(opened(damaged)) as source, closing(opened(sound)) as target:
        target.execute("BEGIN IMMEDIATE")
        for number, table in enumerate(tables):
            tell(number, len(tables))
            if table.name == AuditRow.__tablename__ and not goes_on:
                salvaged.deeds += _unknown(source, target, table, salvaged)
            else:
                _salvage_table(source, target, table, salvaged)
        target.execute("COMMIT")
    tell(len(tables), len(tables))
    return salvaged


def salvage_words(damaged: Path, sound: Path, salvaged: Salvaged) -> None:
    """Bring over what stands beside folded rows, made by people or jobs, once they are folded in *sound* too."""
    with closing(opened(damaged)) as source, closing(opened(sound)) as target:
        target.execute("BEGIN IMMEDIATE")
        for table, words in _SAID_BESIDE:
            keys = [column.name for column in table.primary_key]
            which = " AND ".join(f'"{key}" = ?' for key in keys)
            told = ", ".join(f'"{word}" = ?' for word in words)
            change = f'UPDATE "{table.name}" SET {told} WHERE {which}'  # noqa: S608 - our own names
            for row in _read(source, table, [*words, *keys], salvaged):
                if any(row[: len(words)]):
                    target.execute(change, row)
        target.execute("COMMIT")


def ids_of(damaged: sqlite3.Connection, table: Columns, columns: Sequence[str]) -> tuple[set[_Row], bool]:
    """What the *columns* of all rows hold that can be read, and whether that was every row."""
    reader = _Reader(damaged, table, columns)
    found = set(reader.rows())
    return found, not (reader.lost or reader.is_unreadable)


def _salvage_table(source: sqlite3.Connection, target: sqlite3.Connection, table: Columns, salvaged: Salvaged) -> None:
    columns = [column.name for column in table.columns]
    count = f'SELECT count(*) FROM "{table.name}"'  # noqa: S608 - our own names
    (before,) = target.execute(count).fetchone()
    merger = Merger(target, table)
    for row in _read(source, table, columns, salvaged):
        if merger.put(row) and table.name == CallEventRow.__tablename__:
            salvaged.calls.add((date.fromisoformat(row[0]), row[1]))
    salvaged.rows[table.name] = target.execute(count).fetchone()[0] - before
    salvaged.renumbered[table.name] += merger.renumbered


def _unknown(
    source: sqlite3.Connection, target: sqlite3.Connection, table: Columns, salvaged: Salvaged
) -> Iterator[_Row]:
    """The rows of *table* that *target* does not have, in the order of their keys."""
    known = set(target.execute(f'SELECT * FROM "{table.name}"'))  # noqa: S608 - our own names
    columns = [column.name for column in table.columns]
    yield from sorted(row for row in _read(source, table, columns, salvaged) if row not in known)


def _read(source: sqlite3.Connection, table: Columns, columns: Sequence[str], salvaged: Salvaged) -> Iterator[_Row]:
    """All rows of *table* that can be read and make sense; what is lost is told in *salvaged*."""
    reader = _Reader(source, table, columns)
    yield from reader.rows()
    salvaged.lost_rows[table.name] += reader.lost
    salvaged.unreadable += [table.name] * reader.is_unreadable


class _Reader:
    """Reads one table by ranges of row ids; a range that cannot be read is halved until what is bad stands alone."""

    def __init__(self, connection: sqlite3.Connection, table: Columns, columns: Sequence[str]) -> None:
        self.lost = 0
        self.is_unreadable = False
        self._connection = connection
        self._failures = 0
        self._checks = [_check(table.columns[name]) for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        self._select = f'SELECT {names} FROM "{table.name}" WHERE rowid BETWEEN ? AND ?'  # noqa: S608 - our own names
        self._last = f'SELECT coalesce(max(rowid), 0) FROM "{table.name}"'  # noqa: S608 - the same

    def rows(self) -> Iterator[_Row]:
        """All rows that can be read and make sense."""
        try:
            self._connection.execute(f"{self._select} LIMIT 0", (0, 0))  # another release's table has other columns
            (last,) = self._connection.execute(self._last).fetchone()
        except sqlite3.DatabaseError:
            self.is_unreadable = True
            return
        for low in range(1, last + 1, _ROWS_AT_ONCE):
            yield from self._between(low, min(last, low + _ROWS_AT_ONCE - 1))

    def _between(self, low: int, high: int) -> Iterator[_Row]:
        try:
            rows = self._connection.execute(self._select, (low, high)).fetchall()
        except sqlite3.DatabaseError:
            yield from self._halves(low, high)
            return
        for row in rows:
            if self._makes_sense(row):
                yield row
            else:
                self.lost += 1

    def _halves(self, low: int, high: int) -> Iterator[_Row]:
        self._failures += 1
        if low == high or self._failures > _MOST_FAILURES:
            self.lost += high - low + 1
            return
        middle = (low + high) // 2
        yield from self._between(low, middle)
        yield from self._between(middle + 1, high)

    def _makes_sense(self, row: Sequence[Any]) -> bool:
        try:
            for check, value in zip(self._checks, row, strict=True):
                check(value)
        except (ValueError, TypeError):
            return False
        return True


def _check(column: Any) -> Callable[[Any], object]:
    """What raises where a value cannot be one of *column*: SQLite takes whatever stands in a page."""
    kind = str if column.type.python_type is not int else int
    read = column.type.dialect_impl(dialect()).result_processor(dialect(), None)

    def check(value: Any) -> object:
        if value is None and column.nullable:
            return None
        if not isinstance(value, kind):
            raise TypeError(f"{column}: {value!r}")
        return read(value) if read else value

    return check
