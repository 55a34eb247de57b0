"""The tally in the database: counts are added to their cells, never set, by whoever folds a call."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select, tuple_, update

from callrouter.calllog import json_values
from callrouter.calllog.database import Database
from callrouter.calllog.tables import TallyRow
from callrouter.domain.tally import ALL_UNITS, LEG, By, Cell, Grain
from callrouter.domain.words import Origin, Outcome

_Key = tuple[Any, ...]
_KEY = ("origin", "unit", "by", "grain", "start", "value")
_CELLS_AT_ONCE = 500

_columns = [getattr(TallyRow, name) for name in _KEY]
_HELD = (
    select(*_columns, TallyRow.counts)
    .where(tuple_(*_columns).in_(bindparam("keys", expanding=True)))
    .order_by(*_columns)
    .with_for_update()
)
_given = func.json_each(bindparam("keys")).table_valued("value", name="given")
_HELD_IN_SQLITE = select(*_columns, TallyRow.counts).join_from(
    _given,
    TallyRow,
    and_(*(column == func.json_extract(_given.c.value, f"$[{place}]") for place, column in enumerate(_columns))),
)
"""The same, each cell looked up: a list of whole keys SQLite compares with every cell that there is."""

_HERE = tuple(f"_{name}" for name in _KEY)
_COUNT = (
    update(TallyRow)
    .where(*(column == bindparam(name) for column, name in zip(_columns, _HERE, strict=True)))
    .values(counts=bindparam("counts"))
)


def add_up(database: Database, connection: Connection, changes: Mapping[Cell, Mapping[str, int]]) -> None:
    """Add *changes* (counts may be negative) to their cells, in the transaction of the caller.

    Cells are made, then locked, then changed, all in the order of their keys: two who count at once wait for each
    other, never in a circle.
    """
    wanted = sorted((cell for cell, counts in changes.items() if any(counts.values())), key=_key)
    for start in range(0, len(wanted), _CELLS_AT_ONCE):
        _add_some(database, connection, wanted[start : start + _CELLS_AT_ONCE], changes)


def legs_by_outcome(connection: Connection, origin: Origin) -> Counter[Outcome]:
    """How often each outcome of a leg has been counted, in all calls that are over, also in those that were deleted.

    A leg belongs to one destination, so the cells of all destinations hold each leg once.
    """
    cells = (TallyRow.by == By.DESTINATION, TallyRow.grain == Grain.YEAR)
    query = select(TallyRow.counts).where(TallyRow.origin == origin, TallyRow.unit == ALL_UNITS, *cells)
    legs: Counter[Outcome] = Counter()
    for counts in connection.execute(query).scalars():
        legs.update({outcome: counts.get(f"{LEG}{outcome}", 0) for outcome in Outcome})
    return legs


def _add_some(
    database: Database, connection: Connection, cells: list[Cell], changes: Mapping[Cell, Mapping[str, int]]
) -> None:
    keys = [_key(cell) for cell in cells]
    new = [dict(zip(_KEY, key, strict=True)) | {"counts": {}} for key in keys]
    connection.execute(database.insert_new(TallyRow), new)
    counted = _held(database, connection, keys)
    rows = [
        dict(zip(_HERE, key, strict=True)) | {"counts": _sum(counted[key], changes[cell])}
        for cell, key in zip(cells, keys, strict=True)
    ]
    connection.execute(_COUNT, rows)


def _held(database: Database, connection: Connection, keys: list[_Key]) -> dict[_Key, dict[str, int]]:
    """The counts of the cells of *keys*, which nobody else changes before the transaction ends."""
    statement, given = (_HELD_IN_SQLITE, json_values.write(keys)) if database.is_sqlite else (_HELD, keys)
    return {tuple(row[:-1]): row[-1] for row in connection.execute(statement, {"keys": given})}


def _key(cell: Cell) -> _Key:
    return cell.origin, cell.unit, cell.by.value, cell.grain.value, cell.start, cell.value


def _sum(counts: Mapping[str, int], change: Mapping[str, int]) -> dict[str, int]:
    """Without what has come to nothing, and in one order: equal counts are equal text."""
    total = {name: counts.get(name, 0) + change.get(name, 0) for name in counts.keys() | change.keys()}
    return {name: total[name] for name in sorted(total) if total[name]}


def difference(
    after: Iterable[Mapping[Cell, Mapping[str, int]]], before: Iterable[Mapping[Cell, Mapping[str, int]]]
) -> dict[Cell, dict[str, int]]:
    """What is to be added to turn the counts of *before* into those of *after*."""
    changes: dict[Cell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sign, tallies in ((1, after), (-1, before)):
        for cell, counts in (item for counted in tallies for item in counted.items()):
            total = changes[cell]
            for name, count in counts.items():
                total[name] += sign * count
    return changes
