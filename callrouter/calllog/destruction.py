"""The destruction protocol: what was destroyed, how much of it, by which decision, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Row, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.overdue import Units
from callrouter.calllog.tables import DestructionRow

_UNFINISHED = "not finished"
"""What stands there from the first row that is destroyed on: a run that dies has said what it did."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is destroyed (`numbers`, …), older than which instant (UTC), and the decision that says so."""

    what: str
    before: datetime
    decision: str
    decided_on: date


@dataclass(slots=True)
class Protocol:
    """The protocol of one run, by *by* at *at*: a line an order and unit, in the transactions of what it tells of."""

    by: str
    at: datetime
    destroyed: dict[tuple[str, str | None], int] = field(default_factory=dict)
    outstanding: int = 0
    _lines: dict[tuple[str, str | None], int] = field(default_factory=dict)

    def add(self, connection: Connection, order: Order, counts: Units) -> None:
        """Tell of what was destroyed just now. If the transaction fails the run is over."""
        for unit, count in counts.items():
            if count:
                self._line(connection, order, unit)
                self.destroyed[order.what, unit] += count
                self._set(connection, order, unit, count=self.destroyed[order.what, unit])

    def finish(self, connection: Connection, order: Order, held: Units, outstanding: Units, result: str) -> None:
        """Tell what is held, what is outstanding, and why. Where nothing was to be destroyed there is no line."""
        self.outstanding += outstanding.total()
        units = {unit for what, unit in self._lines if what == order.what} | {u for u in outstanding if outstanding[u]}
        for unit in sorted(units, key=str):
            self._line(connection, order, unit)
            left = {"held": held[unit], "outstanding": outstanding[unit]}
            self._set(connection, order, unit, result=result if left["outstanding"] else "done", **left)
        if units:
            counts = {unit or "": self.destroyed[order.what, unit] for unit in units}
            facts = {"destroyed": counts, "outstanding": outstanding.total(), "decision": order.decision}
            append(connection, Deed(self.by, "destroy", order.what, facts, self.at))

    def _line(self, connection: Connection, order: Order, unit: str | None) -> None:
        if (order.what, unit) in self._lines:
            return
        said = {"at": self.at, "by": self.by, "what": order.what, "unit": unit, "before": order.before}
        said |= {"decision": order.decision, "decided_on": order.decided_on}
        nothing = {"count": 0, "held": 0, "outstanding": 0, "result": _UNFINISHED}
        made: CursorResult[Any] = connection.execute(insert(DestructionRow).values(said | nothing))
        self._lines[order.what, unit] = int(cast(Row[Any], made.inserted_primary_key)[0])
        self.destroyed[order.what, unit] = 0

    def _set(self, connection: Connection, order: Order, unit: str | None, **values: object) -> None:
        line = self._lines[order.what, unit]
        connection.execute(update(DestructionRow).where(DestructionRow.id == line).values(values))


def protocol(connection: Connection, since: datetime | None = None) -> Sequence[Row[Any]]:
    """The lines of all runs, or of those from *since* (aware) on, the oldest first."""
    query = select(DestructionRow.__table__).order_by(DestructionRow.id)
    return connection.execute(query if since is None else query.where(DestructionRow.at >= since)).all()
