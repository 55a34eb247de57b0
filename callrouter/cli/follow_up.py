"""`callrouter follow-up`: what is still to be done about a call: by whom, until when, and with what result."""

import json
from datetime import UTC, datetime, tzinfo

import click
from sqlalchemy import Connection

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.queries import calls_named
from callrouter.calllog.review import add_follow_up, finish_follow_up, follow_up, open_follow_ups
from callrouter.calls.discretion import Hidden
from callrouter.cli.by_hand import control_database, end_of, schedule_if_any
from callrouter.cli.call_named import call_named
from callrouter.cli.columns import print_rows
from callrouter.cli.log_story import at_minute, follow_up_as_json
from callrouter.cli.log_table import SHOWN_OF_ID
from callrouter.cli.numbers import hidden
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import in_moment, say
from callrouter.cli.written import written
from callrouter.domain.review import LONGEST_OWNER, LONGEST_TASK, Act, FollowUp, Task
from callrouter.settings import os_user, storage_settings

_COLUMNS = ("number", "due", "owner", "call", "what")


@click.group("follow-up")
def command() -> None:
    """Keep what is still to be done about a call: by whom, until when, and with what result."""


@command.command("add")
@click.argument("call")
@click.option("--owner", required=True, help="Who does it.")
@click.option("--due", required=True, help="Until when: a date (all of that day), or a date and a time.")
@click.option("--what", required=True, help=f"What is to be done, at most {LONGEST_TASK} characters.")
def add(*, call: str, owner: str, due: str, what: str) -> None:
    """Add a follow-up to CALL (its id, or the start of it)."""
    now, zone = clock.now(), _zone()
    with explained("No follow-up was added"):
        due_at = end_of(due, zone, now, "--due")
        with control_database().writing() as connection:
            found = call_named(connection, call)
            key = (found.day, found.call_id)
            caller = hidden(connection, key)
            name = written("--owner", owner, LONGEST_OWNER, caller)
            task = Task(written("--what", what, LONGEST_TASK, caller), name, due_at)
            added = add_follow_up(connection, key, Act(os_user(), now), task)
    did = f"Follow-up {added}: {name}, until {in_moment(due_at, zone)}, on call {found.call_id}."
    say([click.style(did, fg="green", bold=True), f"When it is done: callrouter follow-up done {added} --result …"])


@command.command("list")
@click.option("--owner", help="Only those of this owner.")
@click.option("--overdue", is_flag=True, help="Only those that should have been done by now.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, owner: str | None, overdue: bool, is_json: bool) -> None:
    """List what is still to be done, the first due first."""
    now, zone = clock.now(), _zone()
    with explained("The follow-ups cannot be read"), Database(storage_settings().database_url).reading() as connection:
        found = open_follow_ups(connection, owner, now if overdue else None)
    if is_json:
        for each in found:
            click.echo(json.dumps(follow_up_as_json(each) | {"overdue": each.is_overdue(now)}, ensure_ascii=False))
        return
    if not found:
        click.echo("Nothing is to be done.", err=True)
        return
    rows = [_row(each, zone) for each in found]
    print_rows(_COLUMNS, rows, [_styled(row, each, now) for row, each in zip(rows, found, strict=True)])


@command.command("done")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--result", required=True, help=f"What came of it, at most {LONGEST_TASK} characters.")
def done(*, number: int, result: str) -> None:
    """Follow-up NUMBER is done."""
    act = Act(os_user(), clock.now())
    with explained("The follow-up was not changed"), control_database().writing() as connection:
        known = follow_up(connection, number)
        if known is None or known.done:
            raise Problem(_not_open(number, known))
        line = written("--result", result, LONGEST_TASK, _caller(connection, known))
        finish_follow_up(connection, number, act, line)
    say([click.style(f"Follow-up {number} is done.", fg="green", bold=True)])


def _caller(connection: Connection, known: FollowUp) -> Hidden:
    calls = calls_named(connection, known.call_id)
    return hidden(connection, (calls[0].day, calls[0].call_id)) if calls else Hidden()


def _zone() -> tzinfo:
    schedule = schedule_if_any()
    return schedule.zone if schedule else UTC


def _row(each: FollowUp, zone: tzinfo) -> tuple[str, ...]:
    return str(each.id), at_minute(each.task.due_at, zone), each.task.owner, each.call_id, each.task.what


def _styled(row: tuple[str, ...], each: FollowUp, now: datetime) -> tuple[str, ...]:
    number, due, owner, call_id, what = row
    is_late = each.is_overdue(now)
    return number, click.style(due, fg="red" if is_late else None, bold=is_late), owner, call_id[:SHOWN_OF_ID], what


def _not_open(number: int, known: FollowUp | None) -> str:
    if known is None or known.done is None:
        return f"There is no follow-up {number}; `callrouter follow-up list` shows those that are open."
    return f"Follow-up {number} is done already, since {at_minute(known.done.at, _zone())}, by {known.done.who}."
