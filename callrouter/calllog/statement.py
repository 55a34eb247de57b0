"""A company's statement as data, and as CSV: what both sides of a contract can recompute from the events."""

from collections.abc import Sequence
from typing import Any

from callrouter.calllog.report_data import level_data, times_data
from callrouter.calllog.spreadsheet import as_csv
from callrouter.domain.ledger import OUTCOMES, Dispute, Line, Statement

NOT_TOLD = "not-told"
"""How a call ended of which nobody ever told."""

_COLUMNS = (
    "local_time",
    "unit",
    "call_id",
    "outcome",
    "seconds_from_first_ring",
    "promised_seconds",
    "within_promise",
    "talked_seconds",
    "started_minutes",
    "dispute",
    "reason",
    "result",
    "events_destroyed",
)

_YES_OR_NO = {None: None, True: "yes", False: "no"}


def statement_data(statement: Statement) -> dict[str, Any]:
    """The sums, and under `calls` each call."""
    outcomes = statement.outcomes
    return {
        "company": statement.company,
        "from": str(statement.period.first),
        "to": str(statement.period.last),
        "origin": statement.origin,
        "schedule_version": statement.schedule_version,
        "calls_destroyed_before": str(statement.gone_before) if statement.gone_before else None,
        "calls_without_events": len(statement.without_events),
        "offered": statement.offered,
        "answer_rate": statement.answer_rate.value,
        "outcomes": {outcome.value: outcomes[outcome] for outcome in OUTCOMES} | {NOT_TOLD: outcomes[None]},
        "seconds_from_first_ring": times_data(statement.taken),
        "service_levels": [level_data(level) for level in statement.levels],
        "talked_seconds": statement.talked_seconds,
        "started_minutes": statement.started_minutes,
        "disputed": len(statement.disputed),
        "calls": [line_data(line, has_events=statement.has_events(line)) for line in statement.lines],
    }


def line_data(line: Line, *, has_events: bool) -> dict[str, Any]:
    """One call; without its events nobody can compute it again."""
    return {
        "local_time": line.arrived,
        "unit": line.unit,
        "call_id": line.call_id,
        "outcome": line.outcome.value if line.outcome else NOT_TOLD,
        "seconds_from_first_ring": line.seconds,
        "promised_seconds": line.promise.seconds if line.promise else None,
        "within_promise": line.is_within,
        "talked_seconds": line.talked_seconds,
        "started_minutes": line.started_minutes,
        "events_destroyed": not has_events,
        "disputes": [_dispute_data(dispute) for dispute in line.disputes],
    }


def statement_csv(statement: Statement) -> str:
    """A row a call."""
    return as_csv(*statement_table(statement))


def statement_table(statement: Statement) -> tuple[Sequence[str], list[list[Any]]]:
    """The heads, and a row a call; of several disputes the last."""
    return _COLUMNS, [_row(line, has_events=statement.has_events(line)) for line in statement.lines]


def _row(line: Line, *, has_events: bool) -> list[Any]:
    last = line.disputes[-1] if line.disputes else None
    return [
        line.arrived,
        line.unit,
        line.call_id,
        line.outcome.value if line.outcome else NOT_TOLD,
        line.seconds,
        line.promise and line.promise.seconds,
        _YES_OR_NO[line.is_within],
        line.talked_seconds,
        line.started_minutes,
        last and last.state,
        last and last.reason,
        last and last.result,
        _YES_OR_NO[not has_events],
    ]


def _dispute_data(dispute: Dispute) -> dict[str, Any]:
    return {
        "id": dispute.id,
        "reason": dispute.reason,
        "who": dispute.who,
        "at": dispute.at.isoformat(),
        "settled_at": dispute.settled_at.isoformat() if dispute.settled_at else None,
        "settled_by": dispute.settled_by,
        "result": dispute.result,
    }
