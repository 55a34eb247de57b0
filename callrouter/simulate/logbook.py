"""What the log says of a call, as the judges need it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from callrouter.calllog.tables import CallerRow, CallRow


@dataclass(frozen=True, slots=True)
class LoggedLeg:
    """One phone that was rung; *outcome* None: the log does not know."""

    to: str
    outcome: str | None
    talked_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One row of the log; *number* is the caller's, where it is kept."""

    call_id: str
    unit: str | None
    called: str
    number: str | None
    received_at: datetime
    state: str | None
    decided_by: str | None
    disposition: str
    answered_destination: str | None = None
    answered_company: str | None = None
    seconds_to_answer: int | None = None
    talked_seconds: int | None = None
    legs: tuple[LoggedLeg, ...] = ()


def logged_calls(connection: Connection, call_ids: Iterable[str]) -> Mapping[str, Sequence[LoggedCall]]:
    """All rows of each call; a call without a row is not among them."""
    caller = and_(CallerRow.day == CallRow.day, CallerRow.call_id == CallRow.call_id)
    query = select(CallRow.__table__, CallerRow.number).join(CallerRow, caller, isouter=True)
    found: dict[str, list[LoggedCall]] = defaultdict(list)
    for row in connection.execute(query.where(CallRow.call_id.in_(list(call_ids)))):
        found[row.call_id].append(_logged(row))
    return found


def _logged(row: Row[Any]) -> LoggedCall:
    return LoggedCall(
        call_id=row.call_id,
        unit=row.unit,
        called=row.called,
        number=row.number,
        received_at=row.received_at,
        state=row.state,
        decided_by=row.decided_by,
        disposition=row.disposition,
        answered_destination=row.answered_destination,
        answered_company=row.answered_company,
        seconds_to_answer=row.seconds_to_answer,
        talked_seconds=row.talked_seconds,
        legs=tuple(LoggedLeg(leg["to"], leg["outcome"], leg["talked_seconds"]) for leg in row.legs),
    )
