"""`callrouter log`: what the call log says, for people and for machines."""

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

import click
from sqlalchemy import Row

from callrouter import clock
from callrouter.calllog.cursor import Cursor
from callrouter.calllog.database import Database
from callrouter.calllog.export import as_json
from callrouter.calllog.searching import LOOKED_AT, Page, count, page
from callrouter.calllog.story import Story
from callrouter.cli import log_export, log_recover
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.call_named import call_named
from callrouter.cli.columns import titles_in_rows
from callrouter.cli.log_filter import filtered, not_in_schedule
from callrouter.cli.log_story import in_sentences, story_as_json
from callrouter.cli.log_table import print_calls
from callrouter.cli.problems import explained
from callrouter.cli.schedule.words import say
from callrouter.cli.whole_numbers import tell_audit
from callrouter.domain.call_filter import CallFilter
from callrouter.domain.schedule import Schedule
from callrouter.settings import storage_settings

_UNREADABLE = "The log cannot be read"


def _cursor(_ctx: click.Context, _option: click.Parameter, text: str | None) -> Cursor | None:
    try:
        return None if text is None else Cursor.parse(text)
    except ValueError as error:
        raise click.BadParameter("expected a place that `callrouter log` named at the end of a list") from error


@click.group("log", invoke_without_command=True)
@filtered
@click.option("--page", "cursor", metavar="PLACE", callback=_cursor, help="Go on there: as named at the list's end.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many calls at most.")
@click.option("--count", "is_count", is_flag=True, help="How many there are, instead of the calls.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked; the audit log tells of it.")
@click.pass_context
def command(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    *,
    wanted: CallFilter,
    cursor: Cursor | None,
    limit: int,
    is_count: bool,
    is_json: bool,
    show_numbers: bool,
) -> None:
    """List the calls, newest first: all of them, or those that fit every option given.

    `callrouter log show CALL` tells one with every attempt.
    """
    if ctx.invoked_subcommand:
        return
    if is_count:
        _count(wanted, is_json=is_json)
        return
    with explained(_UNREADABLE):
        database = _database()
        with database.reading() as connection:
            found = page(connection, wanted, limit, cursor)
    if show_numbers:
        tell_audit(database, "log", len(found.calls))
    if is_json:
        for call in found.calls:
            click.echo(json.dumps(as_json(call, show_numbers=show_numbers), ensure_ascii=False))
    elif found.calls:
        print_calls(found.calls, clock.now(), titles_in_rows(schedule_if_any), show_numbers=show_numbers)
    _tell_where_it_goes_on(found, wanted, limit)


@command.command()
@click.argument("call")
@click.option("--json", "is_json", is_flag=True, help="One JSON object, with the events and all that was written.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked; the audit log tells of it.")
def show(*, call: str, is_json: bool, show_numbers: bool) -> None:
    """Tell one CALL (its id, or the start of it) with every attempt, and what people wrote of it."""
    schedule = schedule_if_any()
    with explained(_UNREADABLE):
        database = _database()
        with database.reading() as connection:
            discreet = schedule.discreet_units if schedule else None
            story = Story.of(connection, call_named(connection, call), discreet=discreet)
    if show_numbers:
        tell_audit(database, f"call {story.call.call_id}", 1)
    if is_json:
        click.echo(json.dumps(story_as_json(story, show_numbers=show_numbers), ensure_ascii=False))
        return
    zone = _zone_of(schedule, story.call)
    say(in_sentences(story, schedule, zone, clock.now(), show_numbers=show_numbers))


command.add_command(log_export.command)
command.add_command(log_recover.command)


def _zone_of(schedule: Schedule | None, call: Row[Any]) -> tzinfo:
    """By whose clocks to tell of a call: the schedule's zone; without a schedule, as the call was decided."""
    decided = datetime.fromisoformat(call.local_time).tzinfo if call.local_time else None
    return schedule.zone if schedule else decided or UTC


def _database() -> Database:
    return Database(storage_settings().database_url)


def _count(wanted: CallFilter, *, is_json: bool) -> None:
    with explained(_UNREADABLE), _database().reading() as connection:
        counted = count(connection, wanted)
    click.echo(json.dumps({"calls": counted.found, "exact": counted.is_exact}) if is_json else str(counted))


def _tell_where_it_goes_on(found: Page, wanted: CallFilter, limit: int) -> None:
    """On standard error: what is listed stays the calls alone."""
    if found.older and len(found.calls) < limit:
        back_to = found.older.received_at.strftime("%Y-%m-%d %H:%M")
        click.echo(f"{LOOKED_AT:,} calls were looked at, back to {back_to} UTC; there may be more:", err=True)
    elif not found.calls:
        click.echo("No calls yet." if wanted == CallFilter() else "No such calls.", err=True)
        for sentence in not_in_schedule(wanted):
            click.echo(sentence, err=True)
    for word, cursor in (("Newer", found.newer), ("Older", found.older)):
        if cursor:
            click.echo(f"{word} calls: --page {cursor}", err=True)
