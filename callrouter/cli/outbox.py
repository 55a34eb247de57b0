"""`callrouter outbox`: who is told what by mail and SMS, and what became of it."""

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

import click
from sqlalchemy import Row

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.outbox import listed, state_of, try_again
from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.problems import explained
from callrouter.domain.notice import Notice
from callrouter.domain.words import NoticeState
from callrouter.settings import storage_settings

_COLUMNS = ("made", "kind", "about", "to", "state", "tries", "next", "error")
_COLOURS = {NoticeState.WAITING: "yellow", NoticeState.SENT: "green", NoticeState.FAILED: "red"}


@click.group("outbox")
def command() -> None:
    """See who is told what by mail and SMS; it is kept for 30 days."""


@command.command("list")
@click.option("--state", type=click.Choice([each.value for each in NoticeState]), help="Only those that stand so.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="How many at most.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, state: str | None, limit: int, is_json: bool) -> None:
    """List the notices, the newest first."""
    with explained("The outbox cannot be read"), Database(storage_settings().database_url).reading() as connection:
        found = listed(connection, NoticeState(state) if state else None, limit)
    if is_json:
        for notice, row in found:
            click.echo(json.dumps(_as_json(notice, row), ensure_ascii=False))
        return
    if not found:
        click.echo("There is no such notice.", err=True)
        return
    schedule = schedule_if_any()
    zone = schedule.zone if schedule else UTC
    print_rows(
        _COLUMNS,
        (_row(notice, row, zone) for notice, row in found),
        (_row(notice, row, zone, coloured=True) for notice, row in found),
    )


@command.command("retry")
def retry() -> None:
    """Send again all that failed: the jobs do within a minute."""
    with explained("Nothing is sent again"), control_database().writing() as connection:
        count = try_again(connection, clock.now())
    click.echo(f"{count} to be sent again." if count else "Nothing has failed.")


def _row(notice: Notice, row: Row[Any], zone: tzinfo, *, coloured: bool = False) -> tuple[str, ...]:
    state = state_of(row)
    shown = click.style(state, fg=_COLOURS[state]) if coloured else state.value
    made, next_ = (_local(at, zone) for at in (row.made_at, row.next_at))
    return made, notice.kind, notice.about, notice.address, shown, str(row.attempts), next_, row.error or ""


def _local(at: datetime | None, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}" if at else ""


def _as_json(notice: Notice, row: Row[Any]) -> dict[str, Any]:
    said = {"kind": notice.kind, "about": notice.about, "to": notice.address, "state": state_of(row)}
    instants = {name: at.isoformat() if at else None for name, at in _instants(row)}
    return said | {"attempts": row.attempts} | instants | {"error": row.error}


def _instants(row: Row[Any]) -> tuple[tuple[str, datetime | None], ...]:
    return ("made_at", row.made_at), ("next_at", row.next_at), ("sent_at", row.sent_at)
