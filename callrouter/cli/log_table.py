"""Calls as a table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row

from callrouter.calllog.export import shown
from callrouter.cli.columns import Titles, print_rows
from callrouter.domain.ending import END_UNKNOWN, ending

_COLUMNS = (
    "received",
    "call",
    "unit",
    "from",
    "state",
    "why",
    "disposition",
    "answered by",
    "answer",
    "talk",
    "review",
)
_COLOURS = {
    "answered": "green",
    "message": "cyan",
    "abandoned": "yellow",
    **dict.fromkeys(("unanswered", "unknown", END_UNKNOWN), "red"),
}
_CALL, _DISPOSITION = (_COLUMNS.index(name) for name in ("call", "disposition"))
SHOWN_OF_ID = 10
"""Characters of a call's id on a terminal: enough to name it by."""


def print_calls(calls: Sequence[Row[Any]], at: datetime, titles: Titles, *, show_numbers: bool) -> None:
    """One call a row, as it looks at *at* (aware).

    On a terminal with the start of its id, and what people said of it only where they did.
    """
    rows = [_cells(call, at, titles, show_numbers=show_numbers) for call in calls]
    is_any_reviewed = any(call.reviewed_at for call in calls)
    columns = _COLUMNS if is_any_reviewed else _COLUMNS[:-1]
    print_rows(columns, rows, [_on_terminal(row)[: len(columns)] for row in rows])


def minute(local_time: str | None, received_at: datetime) -> str:
    """Local time with its offset, as it was decided by; UTC where nothing was decided."""
    at = datetime.fromisoformat(local_time) if local_time else received_at
    return at.strftime("%Y-%m-%d %H:%M:%S %z")


def seconds(count: int | None) -> str:
    """Write `12 s`, or a dash."""
    return "-" if count is None else f"{count} s"


def _cells(call: Row[Any], at: datetime, titles: Titles, *, show_numbers: bool) -> tuple[str, ...]:
    return (
        minute(call.local_time, call.received_at),
        call.call_id,
        titles(call.unit or "-"),
        shown(call.number, show_numbers=show_numbers) or "no number",
        call.state or "-",
        call.decided_by or "-",
        ending(call.disposition, call.received_at, at),
        call.answered_person or call.answered_company or titles(call.answered_destination or "-"),
        seconds(call.seconds_to_answer),
        seconds(call.talked_seconds),
        (call.category or "reviewed") if call.reviewed_at else "-",
    )


def _on_terminal(row: Sequence[str]) -> list[str]:
    cells = list(row)
    cells[_CALL] = row[_CALL][:SHOWN_OF_ID]
    cells[_DISPOSITION] = click.style(row[_DISPOSITION], fg=_COLOURS.get(row[_DISPOSITION]))
    return cells
