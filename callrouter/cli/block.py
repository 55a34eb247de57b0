"""`callrouter block`: keep a caller out of a unit for a time. Their number is kept as a keyed hash alone."""

import json
from datetime import UTC

import click

from callrouter import clock
from callrouter.calllog.control import blocks
from callrouter.calllog.database import Database
from callrouter.calls import blocks as by_people
from callrouter.calls import ending
from callrouter.calls.discretion import Hidden
from callrouter.cli.by_hand import (
    as_json,
    control_database,
    decider,
    end_of,
    one_line,
    schedule_if_any,
    schedule_in_force,
    signature,
    signed,
    spoken_span,
)
from callrouter.cli.columns import titles_in_rows
from callrouter.cli.numbers import caller_number, require_discreet
from callrouter.cli.problems import Problem, explained
from callrouter.cli.schedule.files import unit_called
from callrouter.cli.schedule.words import in_moment, say
from callrouter.domain.control import LONGEST_WHO, LONGEST_WHY, Block
from callrouter.domain.schedule import Unit
from callrouter.domain.span import Span
from callrouter.sealing import Pseudonymizer
from callrouter.settings import os_user, privacy_key, storage_settings


class NumberFirst(click.Group):
    """A group whose first word may be a number: `block NUMBER …` means `block add NUMBER …`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["add", *args])


@click.group(
    "block",
    cls=NumberFirst,
    subcommand_metavar="NUMBER|COMMAND [ARGS]...",
    context_settings={"ignore_unknown_options": True},  # they are those of `add`
)
def command() -> None:
    """Keep a caller out of a unit: they hear a polite sentence, nobody is rung, and the call is in the log.

    The number is kept as a keyed hash alone: nobody can read it back. Callers who withhold their number cannot be
    blocked, and nobody can be blocked at an alarm unit.
    """


@command.command("add")
@click.argument("number")
@click.option("--unit", required=True, help="The unit, by its name in the schedule.")
@click.option("--until", required=True, help="When it ends: a date (all of that day), or a date and a time.")
@signed
def add(*, number: str, unit: str, until: str, who: str | None, why: str | None) -> None:
    """Block NUMBER at a unit. The word `add` can be left out."""
    by, now = decider(who, why), clock.now()
    with explained("Nobody was blocked"):
        schedule = schedule_in_force()
        of = unit_called(schedule, unit)
        _require_blockable(of)
        caller = caller_number(number, schedule.countries[0])
        require_discreet("--why", by.why, Hidden(caller))
        keys = Pseudonymizer(privacy_key())
        span = Span(now, end_of(until, schedule.zone, now))
        made = Block(0, of.name, keys.key(caller.e164), keys.key_id, span, by.why, by.who)
        kept = by_people.make(control_database(), made, now).id
    end = in_moment(span.end or now, schedule.zone)
    did = f"Block {kept}: {caller.masked} is kept out of {of.title} until {end}."
    note = f"Running services follow within seconds. To end it earlier: callrouter block end {kept}"
    say([click.style(did, fg="green", bold=True), note])


@command.command("list")
@click.option("--number", help="Only those of this caller.")
@click.option("--all", "is_all", is_flag=True, help="Also those that are over.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def list_(*, number: str | None, is_all: bool, is_json: bool) -> None:
    """List the blocks that last, newest first, each caller as the start of a keyed hash."""
    at = clock.now()
    with explained("The blocks cannot be read"):
        schedule = schedule_if_any()
        key = _key(number) if number else None
        with Database(storage_settings().database_url).reading() as connection:
            found = blocks(connection, None if is_all else at)[::-1]
    zone, titles = schedule.zone if schedule else UTC, titles_in_rows(lambda: schedule)
    found = [each for each in found if key in (None, each.caller_key)]
    if not found and not is_json:
        click.echo("There is no block." if is_all or number else "Nobody is blocked.", err=True)
    for each in found:
        if is_json:
            own = {"caller_key": each.caller_key, "key_id": each.key_id, "lasts": each.span.covers(at)}
            click.echo(json.dumps(as_json(each, zone) | own, ensure_ascii=False))
            continue
        who = f"{titles(each.unit)}  {each.caller_key[:8]}"
        say([f"{each.id:>4}  {who}  {spoken_span(each.span, zone)}  {signature(each)}"])


@command.command("end")
@click.argument("block", type=click.IntRange(min=1))
@click.option("--why", help="The reason, if there is one to tell.")
@click.option("--who", help="Who decides this. Default: the user of the operating system.")
def end(*, block: int, who: str | None, why: str | None) -> None:
    """End BLOCK (its number in the list) now."""
    name = one_line("--who", who or os_user(), LONGEST_WHO)
    reason = one_line("--why", why or "", LONGEST_WHY) or None
    with explained("The block was not ended"):
        database = control_database()
        if not ending.end(database, "block", block, name, reason, clock.now()):
            with database.reading() as connection:
                known = {each.id for each in blocks(connection)}
            is_over = f"Block {block} is over already." if block in known else f"There is no block {block}."
            raise Problem(f"{is_over} `callrouter block list` shows those that last.")
    say([click.style(f"Block {block} is ended.", fg="green", bold=True), "Running services follow within seconds."])


def _require_blockable(unit: Unit) -> None:
    if unit.is_alarm:
        raise Problem(f"Nobody was blocked: '{unit.name}' is an alarm unit, whoever calls it is heard.")


def _key(text: str) -> str:
    return Pseudonymizer(privacy_key()).key(caller_number(text, schedule_in_force().countries[0]).e164)
