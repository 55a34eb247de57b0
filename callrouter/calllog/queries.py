"""What is asked of the call log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from callrouter.calllog.tables import CallerRow, CallEventRow, CallRow


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event, as `log show` tells it."""

    at: datetime
    kind: str
    facts: dict[str, Any]


def newest_calls(connection: Connection, limit: int, unit: str | None = None) -> Sequence[Row[Any]]:
    """The latest calls, newest first: the columns of `call`, and `number` of the caller where it is kept."""
    query = _calls().order_by(CallRow.received_at.desc(), CallRow.call_id.desc()).limit(limit)
    if unit is not None:
        query = query.where(CallRow.unit == unit)
    return connection.execute(query).all()


def calls_named(connection: Connection, start_of_id: str) -> Sequence[Row[Any]]:
    """The calls whose id starts with *start_of_id*; at most two, for that is one too many."""
    query = _calls().where(CallRow.call_id.startswith(start_of_id, autoescape=True)).limit(2)
    return connection.execute(query).all()


def events_of(connection: Connection, call_id: str) -> list[LoggedEvent]:
    """Everything that was told of a call, in the order it happened."""
    query = select(CallEventRow).where(CallEventRow.call_id == call_id).order_by(CallEventRow.at, CallEventRow.id)
    rows = connection.execute(query.with_only_columns(CallEventRow.at, CallEventRow.kind, CallEventRow.facts))
    return [LoggedEvent(row.at, row.kind, row.facts) for row in rows]


def _calls() -> Select[Any]:
    caller = CallerRow.call_id == CallRow.call_id
    return select(CallRow.__table__, CallerRow.number).join(CallerRow, caller, isouter=True)
