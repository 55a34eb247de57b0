"""The tally in the database: counts are added to their cells, never set, by whoever folds a call."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, tuple_, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import TallyRow
from callrouter.domain.tally import Cell

_KEY = ("origin", "unit", "by", "grain", "start", "value")
_CELLS_AT_ONCE = 500


def add_up(database: Database, connection: Connection, changes: Mapping[Cell, Mapping[str, int]]) -> None:
    """Add *changes* (counts may be negative) to their cells, in the transaction of the caller.

    Cells are made, then locked, then changed, all in the order of their keys: two who count at once wait for each
    other, never in a circle.
    """
    wanted = sorted(cell for cell, counts in changes.items() if any(counts.values()))
    for start in range(0, len(wanted), _CELLS_AT_ONCE):
        _add_some(database, connection, wanted[start : start + _CELLS_AT_ONCE], changes)


def _add_some(
    database: Database, connection: Connection, cells: list[Cell], changes: Mapping[Cell, Mapping[str, int]]
) -> None:
    keys = [_key(cell) for cell in cells]
    connection.execute(database.insert_new(TallyRow), [key | {"counts": {}} for key in keys])
    columns = [getattr(TallyRow, name) for name in _KEY]
    held = (
        select(*columns, TallyRow.counts)
        .where(tuple_(*columns).in_([tuple(key.values()) for key in keys]))
        .order_by(*columns)
        .with_for_update()
    )
    counted = {tuple(row[:-1]): row.counts for row in connection.execute(held)}
    rows = [
        {f"_{name}": value for name, value in key.items()}
        | {"counts": _sum(counted[tuple(key.values())], changes[cell])}
        for cell, key in zip(cells, keys, strict=True)
    ]
    here = [getattr(TallyRow, name) == bindparam(f"_{name}") for name in _KEY]
    connection.execute(update(TallyRow).where(*here).values(counts=bindparam("counts")), rows)


def _key(cell: Cell) -> dict[str, Any]:
    return {
        "origin": cell.origin,
        "unit": cell.unit,
        "by": cell.by.value,
        "grain": cell.grain.value,
        "start": cell.start,
        "value": cell.value,
    }


def _sum(counts: Mapping[str, int], change: Mapping[str, int]) -> dict[str, int]:
    """Without what has come to nothing, and in one order: equal counts are equal text."""
    total: Counter[str] = Counter(counts)
    total.update(change)
    return {name: total[name] for name in sorted(total) if total[name]}


def difference(
    after: Iterable[Mapping[Cell, Mapping[str, int]]], before: Iterable[Mapping[Cell, Mapping[str, int]]]
) -> dict[Cell, Counter[str]]:
    """What is to be added to turn the counts of *before* into those of *after*."""
    changes: dict[Cell, Counter[str]] = {}
    for counted in after:
        for cell, counts in counted.items():
            changes.setdefault(cell, Counter()).update(counts)
    for counted in before:
        for cell, counts in counted.items():
            changes.setdefault(cell, Counter()).subtract(counts)
    return changes
