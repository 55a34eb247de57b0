"""The destruction protocol: what was destroyed, how much of it, by which decision, and by whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Row, insert, select, update

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.overdue import Units
from callrouter.calllog.tables import DestructionRow

_UNFINISHED = "not finished"
"""What stands there from the first row that is destroyed on: a run that dies has said what it did."""


BROKEN_OFF = "stopped before the end"
"""Why something is outstanding, where the provider has said nothing."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is destroyed (`numbers`, …), older than which instant (UTC), and the decision that says so.

    *unit*: of this unit alone; None: of all.
    """

    what: str
    before: datetime
    decision: str
    decided_on: date | None
    unit: str | None = None


@dataclass(slots=True)
class Line:
    """A line under way: its number, and how much was destroyed so far."""

    number: int
    count: int = 0


@dataclass(slots=True)
class Protocol:
    """The protocol of one run, by *by* at *at*: a line an order and unit, in the transactions of what it tells of.

    *trouble*: why the provider did not delete something.
    """

    by: str
    at: datetime
    outstanding: int = 0
    trouble: str | None = None
    _lines: dict[tuple[Order, str | None], Line] = field(default_factory=dict)

    @property
    def destroyed(self) -> dict[tuple[str, str | None], int]:
        """How much went of what and which unit."""
        gone: Counter[tuple[str, str | None]] = Counter()
        for (order, unit), line in self._lines.items():
            gone[order.what, unit] += line.count
        return dict(gone)

    def add(self, connection: Connection, order: Order, counts: Units) -> None:
        """Tell of what was destroyed just now. If the transaction fails the run is over."""
        for unit, count in counts.items():
            if count:
                self._told(connection, order, unit, count)

    def finish(self, connection: Connection, order: Order, held: Units, outstanding: Units, result: str) -> None:
        """Tell what is held, what is outstanding, and why. Where nothing was to be destroyed there is no line.

        Nor is there one each night for as much as was held the night before, nor an entry in the audit log where all
        that was to be destroyed is held: nothing was done.
        """
        self.outstanding += outstanding.total()
        units = {unit for told, unit in self._lines if told == order} | set(+outstanding)
        units |= {unit for unit in +held if held[unit] != _told_held(connection, order, unit)}
        counts = {}
        for unit in sorted(units, key=str):
            left = outstanding[unit]
            came_of = {"held": held[unit], "outstanding": left, "result": result if left else "done"}
            counts[unit or ""] = self._told(connection, order, unit, 0, **came_of).count
        if any(counts.values()) or outstanding.total():
            facts = {"destroyed": counts, "outstanding": outstanding.total(), "decision": order.decision}
            append(connection, Deed(self.by, "destroy", order.what, facts, self.at))

    def _told(self, connection: Connection, order: Order, unit: str | None, more: int, **values: object) -> Line:
        """Its line, which tells of so many *more* now.

        A restore may have taken it away meanwhile: what it told of is back then, and another is begun. Each is changed
        in one statement: a portion has dozens, and whoever writes beside it waits for them all.
        """
        line = self._lines.get((order, unit))
        if line is None or not self._set(connection, line, {"count": line.count + more, **values}):
            line = self._lines[order, unit] = self._begun(connection, order, unit, {"count": more, **values})
        line.count += more
        return line

    def _begun(self, connection: Connection, order: Order, unit: str | None, values: Mapping[str, object]) -> Line:
        said = {"at": self.at, "by": self.by, "what": order.what, "unit": unit, "before": order.before}
        said |= {"decision": order.decision, "decided_on": order.decided_on}
        said |= {"held": 0, "outstanding": 0, "result": _UNFINISHED, **values}
        made: CursorResult[Any] = connection.execute(insert(DestructionRow).values(said))
        return Line(int(cast(Row[Any], made.inserted_primary_key)[0]))

    def _set(self, connection: Connection, line: Line, values: Mapping[str, object]) -> bool:
        """Whether the line is there still."""
        row = DestructionRow
        own = update(row).where(row.id == line.number, row.at == self.at, row.by == self.by)
        return connection.execute(own.values(values)).rowcount == 1


def protocol(connection: Connection, since: datetime | None = None) -> Sequence[Row[Any]]:
    """The lines of all runs, or of those from *since* (aware) on, the oldest first."""
    query = select(DestructionRow.__table__).order_by(DestructionRow.id)
    return connection.execute(query if since is None else query.where(DestructionRow.at >= since)).all()


COLUMNS = (
    *("at", "by", "what", "unit", "before", "decision", "decided_on"),
    *("count", "held", "outstanding", "result"),
)
"""Of the protocol as a table."""


def _told_held(connection: Connection, order: Order, unit: str | None) -> int | None:
    """How much of the *unit* was held when the protocol told of it last."""
    row = DestructionRow
    same = select(row.held).where(row.what == order.what, row.unit.is_not_distinct_from(unit))
    return connection.execute(same.order_by(row.id.desc()).limit(1)).scalar()


def line_of(row: Row[Any], zone: tzinfo) -> tuple[str, ...]:
    """A line of the protocol as text, its times by the clocks of *zone*."""
    at, before = (each.astimezone(zone).isoformat(" ", "minutes") for each in (row.at, row.before))
    counts = (str(row.count), str(row.held), str(row.outstanding))
    return at, row.by, row.what, row.unit or "", before, row.decision, str(row.decided_on or ""), *counts, row.result
