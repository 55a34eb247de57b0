"""`callrouter db check`: whether the database is whole, for people and for scripts."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from callrouter.calllog.checkup import Checkup, check
from callrouter.cli.db.place import configured
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.domain.counted import counted

DAMAGED = 3
BEHIND = 4


@click.command("check")
@click.option("--quick", is_flag=True, help="Do not compare the indexes with their tables: much faster.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.pass_context
def command(ctx: click.Context, *, quick: bool, is_json: bool) -> None:
    """Tell whether the database is whole, and every call in it. Changes nothing.

    Exit code 0: all is well; 1: it cannot be asked; 3: it is damaged; 4: it is whole, but its tables are of another
    release, or some calls are not folded yet.
    """
    keep_private()
    with explained("The database cannot be checked"):
        database = configured()
        if database.path and not database.path.exists():
            raise Problem(f"There is no database {database.path} yet; `callrouter db upgrade` makes it.")
        with progress("Comparing calls") as tell:
            found = check(database, tell, quick=quick)
    if is_json:
        click.echo(json.dumps(_as_json(database.shown_url, found)))
    else:
        for line in _told(database.shown_url, found):
            click.echo(line)
    ctx.exit(0 if found.is_whole and found.is_up_to_date else BEHIND if found.is_whole else DAMAGED)


def _as_json(url: str, found: Checkup) -> dict[str, object]:
    newest = found.newest_event.isoformat() if found.newest_event else None
    verdict = {"database": url, "ok": found.is_whole and found.is_up_to_date, "damaged": not found.is_whole}
    return verdict | asdict(found) | {"newest_event": newest}


def _told(url: str, found: Checkup) -> Iterator[str]:
    yield f"Database         {url}"
    yield f"File             {_file(found)}"
    yield from (f"                 {click.style(problem, fg='red')}" for problem in found.problems)
    yield f"Tables           {_tables(found)}"
    if found.calls is not None:
        newest = f", the newest of {found.newest_event:%Y-%m-%d %H:%M:%S} UTC" if found.newest_event else ""
        yield f"Log              {counted(found.calls, 'call')}, {counted(found.events or 0, 'event')}{newest}"
        behind = f"{counted(found.unfolded_calls or 0, 'call')} not folded from all events yet"
        yield f"Call records     {_shade(behind, 'yellow') if found.unfolded_calls else 'hold all their events'}"


def _file(found: Checkup) -> str:
    if found.checksums is not None:
        return "checked by PostgreSQL itself: data checksums are " + ("on" if found.checksums else "off")
    return "whole" if found.is_whole else _shade("damaged", "red")


def _tables(found: Checkup) -> str:
    if found.revision == found.expected_revision:
        return f"revision {found.revision}, as this program expects"
    got = found.revision or "none"
    is_older = found.revision is None or found.revision < found.expected_revision
    what = "`callrouter db upgrade` brings it there" if is_older else "a later release has been here"
    return _shade(f"revision {got}, this program expects {found.expected_revision}: {what}", "yellow")


def _shade(text: str, colour: str) -> str:
    return click.style(text, fg=colour)
