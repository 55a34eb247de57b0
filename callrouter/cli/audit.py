"""`callrouter audit`: who did what, when; and whether anybody changed what stands there."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, tzinfo
from typing import Any

import click

from callrouter.calllog.audit import Audited, Verified, entry_of, newest, verify
from callrouter.calllog.database import Database
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.log_story import at_minute
from callrouter.cli.problems import explained
from callrouter.cli.schedule.words import say
from callrouter.domain.counted import plural
from callrouter.settings import storage_settings

_COLUMNS = ("entry", "at", "who", "did", "to", "what")
_UNREADABLE = "The audit log cannot be read"


@click.group("audit")
def command() -> None:
    """Read who did what, when, and verify that nobody changed it."""


@command.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many at most.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, limit: int, is_json: bool) -> None:
    """List the entries, newest first."""
    with explained(_UNREADABLE), Database(storage_settings().database_url).reading() as connection:
        found = newest(connection, limit)
    if is_json:
        for entry in found:
            click.echo(json.dumps(_as_json(entry), ensure_ascii=False))
        return
    if not found:
        click.echo("Nothing stands there yet.", err=True)
        return
    schedule = schedule_if_any()
    zone = schedule.zone if schedule else UTC
    rows = [_row(entry, zone) for entry in found]
    print_rows(_COLUMNS, rows)


@command.command("verify")
@click.option("--noted", metavar="HASH", help="A last hash that was noted earlier: its entry must still be there.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def verify_(*, noted: str | None, is_json: bool) -> None:
    """Follow the chain of hashes from its beginning. Exits with 1 if it is broken.

    Note the last hash elsewhere, and give it the next time: only so can it be seen that the last entries were removed,
    or that the whole chain was written anew.
    """
    with explained(_UNREADABLE), Database(storage_settings().database_url).reading() as connection:
        found = verify(connection)
        at = entry_of(connection, noted.strip().lower()) if noted else None
    if is_json:
        said = {"entries": found.entries, "last_hash": found.last_hash, "broken_at": found.broken_at}
        click.echo(json.dumps(said | ({"noted_at": at} if noted else {})))
    else:
        say([*_verdict(found), *(_noted(at) if noted and found.broken_at is None else ())])
    if found.broken_at is not None or (noted and at is None):
        raise SystemExit(1)


def _verdict(found: Verified) -> Iterator[str]:
    if found.broken_at is None:
        whole = f"{found.entries:,} {plural(found.entries, 'entry', 'entries')}"
        yield click.style(f"The audit log is whole: {whole}.", fg="green", bold=True)
        yield f"Last hash: {found.last_hash}"
    else:
        broken = f"Entry {found.broken_at} does not fit: it, or what stood before it, was changed, removed or added."
        yield click.style(broken, fg="red", bold=True)
        yield f"Whole up to entry {found.entries}: {found.last_hash}"


def _noted(at: int | None) -> Iterator[str]:
    if at is None:
        gone = "The noted hash is not in it: entries were removed from its end, or it was written anew."
        yield click.style(gone, fg="red", bold=True)
    else:
        yield f"The noted hash is that of entry {at:,}: nothing up to there was touched since."


def _row(entry: Audited, zone: tzinfo) -> tuple[str, ...]:
    deed = entry.deed
    facts = ", ".join(f"{name} {_spoken(value)}" for name, value in deed.facts.items())
    return str(entry.seq), at_minute(deed.at, zone), deed.who, deed.action, deed.subject, facts


def _spoken(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return f"({', '.join(f'{name}: {each}' for name, each in value.items())})"


def _as_json(entry: Audited) -> dict[str, Any]:
    deed = entry.deed
    said = {"who": deed.who, "action": deed.action, "subject": deed.subject, "facts": dict(deed.facts)}
    return {"seq": entry.seq, "at": deed.at.isoformat()} | said | {"hash": entry.hash}
