"""Destroys again, in a restored file, what was destroyed since the back-up: the file that stood there tells of it."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table as Columns
from sqlalchemy import delete, select

from callrouter.calllog.backup import opened
from callrouter.calllog.database import Database
from callrouter.calllog.destruction import Order, Protocol, protocol
from callrouter.calllog.overdue import Old, Overdue, Units
from callrouter.calllog.retention import STEPS, Step
from callrouter.calllog.salvage import ids_of
from callrouter.calllog.tables import HoldRow
from callrouter.setting_values import sqlite_address

BY = "restore"
"""Who destroys here, as the protocol has it."""

_CANNOT_TELL = "the file that stood there cannot be read"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Again:
    """How much of what was destroyed again, and of how much nobody can say whether it had been: that stays."""

    gone: Counter[str] = field(default_factory=Counter)
    unsure: int = 0


def destroy_again(newer: Path, sound: Path, at: datetime) -> Again:
    """Destroy in *sound* what the protocol says is gone, and the file *newer*, whose protocol it has, has no more.

    What waits for the provider is still in *newer*, and waits here too: without it nobody would ask the provider again.
    """
    database = Database(sqlite_address(sound))
    try:
        with closing(opened(newer)) as there, database.unsynced():
            return _Run(database, there, Protocol(BY, at)).destroy()
    finally:
        database.close()


@dataclass(slots=True)
class _Run:
    database: Database
    newer: sqlite3.Connection
    protocol: Protocol
    read: dict[str, tuple[set[tuple[Any, ...]], bool]] = field(default_factory=dict)

    def destroy(self) -> Again:
        """Go through all that was destroyed once."""
        self._forget_lifted_holds()
        with self.database.reading() as connection:
            lines = protocol(connection)
        for order, step in _destroyed(lines):
            unsure = self._go_through(order, step)
            with self.database.writing() as connection:
                self.protocol.finish(connection, order, Counter(), unsure, _CANNOT_TELL)
        gone: Counter[str] = Counter()
        for (what, _), count in self.protocol.destroyed.items():
            gone[what] += count
        return Again(+gone, self.protocol.outstanding)

    def _forget_lifted_holds(self) -> None:
        """A hold that *newer* has no more was lifted, and went with its call."""
        lasting, are_all = ids_of(self.newer, cast(Columns, HoldRow.__table__), ["id"])
        if are_all:
            with self.database.writing() as connection:
                here = set(connection.execute(select(HoldRow.id)).scalars())
                connection.execute(delete(HoldRow).where(HoldRow.id.in_(here - {number for (number,) in lasting})))

    def _go_through(self, order: Order, step: Step) -> Units:
        """Destroy it portion by portion; returns how much stays because nobody can say whether it was destroyed."""
        overdue, unsure = step.overdue(order), Counter[str | None]()
        last: Old | None = None
        while True:
            with self.database.reading() as connection:
                some = overdue.next(connection, last, step.portion)
            if not some:
                return unsure
            is_there = {old: self._is_there(overdue, old) if step.at_provider else False for old in some}
            unsure.update(old.unit for old in some if is_there[old] is None)
            with self.database.writing() as connection:
                gone = [old for old in some if is_there[old] is False]
                self.protocol.add(connection, order, step.destroy(connection, gone, self.protocol.at))
            last = some[-1]

    def _is_there(self, overdue: Overdue, old: Old) -> bool | None:
        """Whether *newer* still has it; None: that cannot be read. No id is used twice, on whatever day it stands."""
        table = overdue.table.__tablename__
        names = ["call_id"] if overdue.item is None else ["call_id", overdue.item.key]
        values = (old.call_id,) if overdue.item is None else (old.call_id, old.item)
        days = [(old.day + beside).isoformat() for beside in (-_DAY, timedelta(0), _DAY)]
        which = " AND ".join(f'"{name}" = ?' for name in names)
        query = f'SELECT 1 FROM "{table}" WHERE day IN (?, ?, ?) AND {which} LIMIT 1'  # noqa: S608 - our own names
        try:
            return self.newer.execute(query, [*days, *values]).fetchone() is not None
        except sqlite3.DatabaseError:  # the index, or the table: row by row more of it may be read
            if table not in self.read:
                self.read[table] = ids_of(self.newer, cast(Columns, overdue.table.__table__), names)
            ids, are_all = self.read[table]
            return True if values in ids else False if are_all else None


def _destroyed(lines: Iterable[Any]) -> Iterator[tuple[Order, Step]]:
    """What was destroyed once, each class and unit by its latest line. A line without a unit is of a rule for all."""
    latest: dict[tuple[str, str | None], Order] = {}
    for line in lines:
        known = latest.get((line.what, line.unit))
        if line.count and (known is None or known.before < line.before):
            latest[line.what, line.unit] = Order(line.what, line.before, line.decision, line.decided_on, line.unit)
    for step in (step for steps in STEPS.values() for step in steps):
        for order in latest.values():
            if order.what == step.what:
                yield order, step
