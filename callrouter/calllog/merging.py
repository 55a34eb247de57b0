"""How a row that was read of a damaged file gets into the sound one, where the two may disagree."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Table as Columns

from callrouter.calllog.tables import (
    AuditRow,
    BlockRow,
    CallBackRow,
    CallerRow,
    CallEventRow,
    DestructionRow,
    DisputeRow,
    FollowUpRow,
    HoldRow,
    NoteRow,
    OverrideRow,
    SchedulePublicationRow,
    ScheduleVersionRow,
)

Values = tuple[Any, ...]

_ONLY_ADDED = {row.__tablename__ for row in (CallEventRow, ScheduleVersionRow, AuditRow)}
"""What was written once stands. In all other tables the damaged file is the newer one."""

_KNOWN_BY: Mapping[str, tuple[str, ...]] = {
    **{row.__tablename__: ("day", "call_id", "at", "who") for row in (NoteRow, FollowUpRow, CallBackRow)},
    **{row.__tablename__: ("day", "call_id", "at", "who") for row in (HoldRow, DisputeRow)},
    **{row.__tablename__: ("unit", "start", "who") for row in (OverrideRow, BlockRow)},
    DestructionRow.__tablename__: ("at", "by", "what", "unit", "before"),
    SchedulePublicationRow.__tablename__: ("hash", "published_at"),
}
"""Tables whose rows are numbered, and what never changes of a row.

Two files that have grown apart, as one that was begun anew, give the same number to different rows.
"""


class Merger:
    """Puts rows of *table* into the file *target*. *renumbered*: how many got a number other than their own."""

    def __init__(self, target: sqlite3.Connection, table: Columns) -> None:
        self.renumbered = 0
        self._target = target
        self._columns = [column.name for column in table.columns]
        self._name = f'"{table.name}"'
        self._known_by = _KNOWN_BY.get(table.name, ())
        self._id = self._columns.index("id") if self._known_by else 0
        self._put = self._way(table)

    def put(self, row: Values) -> bool:
        """Put in a row; whether one was added or replaced."""
        if self._known_by and self._is_another(row):
            self.renumbered += 1
            row = (*row[: self._id], None, *row[self._id + 1 :])
        return self._put(row)

    def _way(self, table: Columns) -> Callable[[Values], bool]:
        into = f"INTO {self._name} ({self._listed(self._columns)}) VALUES ({self._marks()})"
        if table.name == CallerRow.__tablename__:
            keys = [column.name for column in table.primary_key]
            told = ", ".join(f'"{name}" = excluded."{name}"' for name in self._columns if name not in keys)
            stays = "caller.erased_at IS NULL OR excluded.erased_at IS NOT NULL"  # an erased number never comes back
            statement = f"INSERT {into} ON CONFLICT ({self._listed(keys)}) DO UPDATE SET {told} WHERE {stays}"
        else:
            statement = f"INSERT OR {'IGNORE' if table.name in _ONLY_ADDED else 'REPLACE'} {into}"
        return lambda row: self._target.execute(statement, row).rowcount == 1

    def _is_another(self, row: Values) -> bool:
        """Whether something else has its number."""
        given = dict(zip(self._columns, row, strict=True))
        query = f'SELECT {self._listed(self._known_by)} FROM {self._name} WHERE "id" = ?'  # noqa: S608 - our own names
        found = self._target.execute(query, (given["id"],)).fetchone()
        return found is not None and found != tuple(given[name] for name in self._known_by)

    def _marks(self) -> str:
        return ", ".join("?" for _ in self._columns)

    @staticmethod
    def _listed(names: "list[str] | tuple[str, ...]") -> str:
        return ", ".join(f'"{name}"' for name in names)
