"""`callrouter log recover`: what stands in lines of the service's own log alone, back into the call log."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.recovering import Recovered, recover
from callrouter.cli.by_hand import control_database
from callrouter.cli.private import keep_private
from callrouter.cli.problems import explained
from callrouter.cli.schedule.words import say
from callrouter.domain.counted import counted
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.settings import os_user, privacy_key, secret_keys

_LEFT_OUT = 3


@click.command("recover")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--new-calls", is_flag=True, help="Also calls that are not in the call log at all, without who called.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(*, file: str, new_calls: bool, is_json: bool) -> None:
    """Bring back the events that have but a line in FILE, a log of the service ("-": standard input).

    Only what the call log lacks is added, so it may be run again. Run `callrouter reconcile` before it: the provider
    knows who called, the lines do not. Exit code 0: nothing is left out; 1: the database could not be asked; 3:
    something is left out.
    """
    keep_private()
    with explained("Nothing more was added"):
        database, sealer, callers = control_database(), Sealer(*secret_keys()), Pseudonymizer(privacy_key())
        with click.open_file(file, encoding="utf-8", errors="replace") as lines:
            done = recover(database, sealer, callers, lines, new_calls=new_calls)
        if done.added:
            _audit(database, done)
    if is_json:
        click.echo(json.dumps(asdict(done)))
    else:
        say(_lines(done))
    sys.exit(_LEFT_OUT if done.unknown or done.unreadable else 0)


def _audit(database: Database, done: Recovered) -> None:
    with database.writing() as connection:
        append(connection, Deed(os_user(), "recover", "calls", {"added": done.added}, clock.now()))


def _lines(done: Recovered) -> Iterator[str]:
    events, calls = counted(done.events, "event"), counted(done.calls, "call")
    yield f"Lines of {events} were found. Missing, and added: {done.added}, of {calls}."
    if done.destroyed:
        yield f"{counted(done.destroyed, 'event')} of calls that were deleted since: left out."
    if done.unknown:
        yield click.style(
            f"{counted(done.unknown, 'call')} not in the call log at all: left out. `callrouter reconcile` adds them, "
            "with who called; then run this again. Without it: --new-calls.",
            fg="yellow",
        )
    if done.unreadable:
        yield click.style(
            f"{counted(done.unreadable, 'line')} cannot be read: cut off, of another release, or of another key.",
            fg="red",
        )
