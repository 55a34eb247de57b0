"""What was decided of calls, and where they first rang: what a back-test compares with."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, and_, case, or_, select

from callrouter.calllog.tables import CallEventRow, CallRow, LegRow
from callrouter.domain.backtest import LoggedCall
from callrouter.domain.span import Span
from callrouter.domain.words import EventKind

_ROWS_AT_ONCE = 1000


def decided_calls(connection: Connection, window: Span, origin: str, unit: str | None) -> Iterator[LoggedCall]:
    """The calls of *origin* that arrived in *window*, to *unit* or to all, in that order."""
    first_leg = and_(LegRow.day == CallRow.day, LegRow.call_id == CallRow.call_id, LegRow.place == 0)
    query = (
        select(
            CallRow.call_id,
            CallRow.called,
            CallRow.unit,
            CallRow.received_at,
            CallRow.state,
            CallRow.decided_by,
            CallRow.reason,
            LegRow.destination,
            LegRow.company,
            case((or_(LegRow.place.is_(None), CallRow.is_redial.is_(True)), _destination())),
            CallRow.talked_seconds,
        )
        .join(LegRow, first_leg, isouter=True)
        .where(CallRow.received_at >= window.start, CallRow.received_at < window.end, CallRow.origin == origin)
        .order_by(CallRow.received_at)
    )
    if unit is not None:
        query = query.where(CallRow.unit == unit)
    for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
        yield LoggedCall(*row)


def _destination() -> ColumnElement[str]:
    """Where the call was sent, from its arrival: the row of the call does not say it."""
    told = CallEventRow.facts["destination"].as_string()
    of_call = and_(CallEventRow.day == CallRow.day, CallEventRow.call_id == CallRow.call_id)
    arrived = select(told).where(of_call, CallEventRow.kind == EventKind.ARRIVED.value)
    return arrived.order_by(CallEventRow.at.desc()).limit(1).correlate(CallRow).scalar_subquery()
