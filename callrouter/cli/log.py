"""`callrouter log`: what the call log says, for people and for machines."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Row

from callrouter.calllog.database import Database
from callrouter.calllog.export import as_json, shown
from callrouter.calllog.queries import LoggedEvent, calls_named, events_of, newest_calls
from callrouter.cli import log_export
from callrouter.cli.problems import Problem, explained
from callrouter.domain.words import EventKind
from callrouter.settings import storage_settings

_COLUMNS = ("received", "call", "unit", "from", "state", "why", "disposition", "answered by", "answer", "talk")
_COLOURS = {"answered": "green", "message": "cyan", "unanswered": "red", "abandoned": "yellow", "unknown": "red"}


@click.group("log", invoke_without_command=True)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many calls at most.")
@click.option("--unit", help="Only calls to this unit.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
@click.pass_context
def command(ctx: click.Context, *, limit: int, unit: str | None, is_json: bool, show_numbers: bool) -> None:
    """List the calls, newest first. `callrouter log show CALL` tells one with every attempt."""
    if ctx.invoked_subcommand:
        return
    with explained("The log cannot be read"), _database().reading() as connection:
        calls = newest_calls(connection, limit, unit)
    if is_json:
        for call in calls:
            click.echo(json.dumps(as_json(call, show_numbers=show_numbers), ensure_ascii=False))
        return
    if not calls:
        click.echo("No calls yet." if unit is None else f"No calls to a unit called {unit!r}.", err=True)
        return
    _table([_cells(call, show_numbers=show_numbers) for call in calls])


@command.command()
@click.argument("call")
@click.option("--json", "is_json", is_flag=True, help="One JSON object, with the events.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked.")
def show(*, call: str, is_json: bool, show_numbers: bool) -> None:
    """Tell one CALL (its id, or the start of it) with every attempt."""
    with explained("The log cannot be read"), _database().reading() as connection:
        found = _only(call, calls_named(connection, call))
        events = events_of(connection, found.day, found.call_id)
    record = as_json(found, show_numbers=show_numbers)
    if is_json:
        told = [_event(e, show_numbers=show_numbers) for e in events]
        click.echo(json.dumps(record | {"events": told}, ensure_ascii=False))
        return
    for line in _story(record, found.local_time, events):
        click.echo(line)


command.add_command(log_export.command)


def _database() -> Database:
    return Database(storage_settings().database_url)


def _only(start_of_id: str, found: Sequence[Row[Any]]) -> Row[Any]:
    if not found:
        raise Problem(f"No call has an id that starts with {start_of_id!r}; `callrouter log` lists them.")
    if len(found) > 1 and found[0].call_id != start_of_id:
        raise Problem(f"More than one call has an id that starts with {start_of_id!r}: give more of it.")
    return found[0]


def _cells(call: Row[Any], *, show_numbers: bool) -> tuple[str, ...]:
    return (
        _minute(call.local_time, call.received_at),
        call.call_id,
        call.unit or "-",
        shown(call.number, show_numbers=show_numbers) or "no number",
        call.state or "-",
        call.decided_by or "-",
        call.disposition,
        call.answered_person or call.answered_company or call.answered_destination or "-",
        _seconds(call.seconds_to_answer),
        _seconds(call.talked_seconds),
    )


def _table(rows: Sequence[tuple[str, ...]]) -> None:
    """Columns on a terminal; plain lines, a tab between the fields, in a pipe."""
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*_COLUMNS, box=box.SIMPLE_HEAD)
    for row in rows:
        received, call_id, *rest = row
        colour = _COLOURS.get(row[6])
        cells = [f"[{colour}]{cell}[/]" if colour and cell == row[6] else cell for cell in rest]
        table.add_row(received, call_id[:10], *cells)
    Console().print(table)


def _story(record: dict[str, Any], local_time: str | None, events: Sequence[LoggedEvent]) -> list[str]:
    """One call in sentences."""
    lines = [
        f"Call {record['call_id']} to {record['to']} from {record['from'] or 'a caller without a number here'}"
        + (f", forwarded by {record['forwarded_from']}" if record["forwarded_from"] else ""),
        f"  received    {local_time or record['received_at']}",
        f"  unit        {record['unit'] or 'none claims the number'}",
        f"  decided     {record['state']} by {record['decided_by']}: {record['reason']}"
        + (f" (line {record['line']})" if record["line"] else ""),
        f"  schedule    {(record['schedule_version'] or 'none')[:12]}",
        f"  disposition {record['disposition']}{_answered(record)}",
        "Attempts",
    ]
    lines += [_leg_line(leg) for leg in record["legs"]] or ["  nobody was rung"]
    zone = datetime.fromisoformat(local_time).tzinfo if local_time else UTC
    lines += ["Events", *(f"  {e.at.astimezone(zone):%H:%M:%S.%f} {e.kind}{_detail(e)}" for e in events)]
    return lines


def _answered(record: dict[str, Any]) -> str:
    by = record["answered_by"]
    if not by:
        return ""
    who = ", ".join(part for part in (by["person"], by["company"], by["destination"]) if part)
    return f" by {who} after {_seconds(record['seconds_to_answer'])}, talked {_seconds(record['talked_seconds'])}"


def _leg_line(leg: dict[str, Any]) -> str:
    who = ", ".join(part for part in (leg["person"], leg["company"], leg["destination"]) if part)
    talked = "" if leg["talked_seconds"] is None else f", talked {leg['talked_seconds']} s"
    rang = "" if leg["rang_seconds"] is None else f" after {leg['rang_seconds']} s"
    return f"  {leg['to']} ({who}): {leg['outcome'] or 'not told'}{rang}{talked}"


def _event(event: LoggedEvent, *, show_numbers: bool) -> dict[str, Any]:
    """An event with the numbers of the phones masked."""
    facts = dict(event.facts)
    for key in ("to", "called"):
        if key in facts:
            facts[key] = shown(facts[key], show_numbers=show_numbers)
    if "phones" in facts:
        facts["phones"] = [p | {"to": shown(p["to"], show_numbers=show_numbers)} for p in facts["phones"]]
    return {"at": event.at.isoformat(), "kind": event.kind, "facts": facts}


def _detail(event: LoggedEvent) -> str:
    words = [str(event.facts[key]) for key in ("destination", "status", "outcome") if event.facts.get(key)]
    if event.kind == EventKind.LEG:
        words.insert(0, shown(event.facts["to"], show_numbers=False) or "")
    return f" ({', '.join(words)})" if words else ""


def _minute(local_time: str | None, received_at: datetime) -> str:
    """Local time with its offset, as it was decided by; UTC where nothing was decided."""
    at = datetime.fromisoformat(local_time) if local_time else received_at
    return at.strftime("%Y-%m-%d %H:%M:%S %z")


def _seconds(seconds: int | None) -> str:
    return "-" if seconds is None else f"{seconds} s"
