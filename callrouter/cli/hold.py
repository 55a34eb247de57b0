"""`callrouter hold`: legal holds. Nothing of a held call is deleted until the hold is lifted."""

import json
from datetime import UTC

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.holds import hold, holds, lift
from callrouter.cli.by_hand import control_database, decider, schedule_if_any, signed
from callrouter.cli.call_named import call_named
from callrouter.cli.numbers import hidden, require_discreet
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.words import in_moment, say
from callrouter.settings import os_user, storage_settings


@click.group("hold")
def command() -> None:
    """Keep calls from being deleted, whatever retention and erasure say: a police report, a dispute, an inspection."""


@command.command("add")
@click.argument("call")
@signed
def add(*, call: str, who: str | None, why: str | None) -> None:
    """Hold CALL (its id, or the start of it) from now on."""
    by = decider(who, why)
    with explained("The call is not held"), control_database().writing() as connection:
        found = call_named(connection, call)
        require_discreet("--why", by.why, hidden(connection, (found.day, found.call_id)))
        number = hold(connection, found.day, found.call_id, by.who, by.why, clock.now())
    did = f"Hold {number}: nothing of call {found.call_id} is deleted."
    say([click.style(did, fg="green", bold=True), f"To lift it: callrouter hold lift {number}"])


@command.command("list")
@click.option("--all", "is_all", is_flag=True, help="Also those that were lifted.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, is_all: bool, is_json: bool) -> None:
    """List the holds that last, newest first."""
    with explained("The holds cannot be read"):
        schedule = schedule_if_any()
        with Database(storage_settings().database_url).reading() as connection:
            found = holds(connection, also_lifted=is_all)
    zone = schedule.zone if schedule else UTC
    if not found and not is_json:
        click.echo("There is no hold." if is_all else "No call is held.", err=True)
    for each in found:
        since = each.at.astimezone(zone)
        lifted = each.lifted_at.astimezone(zone) if each.lifted_at else None
        if is_json:
            said = {"id": each.id, "call_id": each.call_id, "at": since.isoformat(), "who": each.who, "why": each.why}
            said |= {"lifted_at": lifted.isoformat() if lifted else None, "lifted_by": each.lifted_by}
            click.echo(json.dumps(said, ensure_ascii=False))
            continue
        ended = f"; lifted {in_moment(lifted, zone)} by {each.lifted_by}" if lifted else ""
        say([f"{each.id:>4}  {each.call_id}  since {in_moment(since, zone)}  {each.who}: {each.why}{ended}"])


@command.command("lift")
@click.argument("hold", type=click.IntRange(min=1))
def lift_(*, hold: int) -> None:
    """Lift HOLD (its number in the list): what is older than decided goes with the next run."""
    with explained("The hold was not lifted"), control_database().writing() as connection:
        if not lift(connection, hold, os_user(), clock.now()):
            raise Problem(f"No hold {hold} lasts. `callrouter hold list` shows those that do.")
    say([click.style(f"Hold {hold} is lifted.", fg="green", bold=True)])
