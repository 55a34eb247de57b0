"""`callrouter db backup`: a copy of the database, made while it is in use."""

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from callrouter import clock
from callrouter.calllog.backup import UnfitError, back_up, named
from callrouter.cli.db.place import configured, sqlite_file
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress


@click.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def command(*, file: Path | None) -> None:
    """Copy the database to FILE, while calls go on. Default: the database's name with date and time, beside it.

    The copy is checked before it gets its name, and is for its owner alone: callers' numbers are in it.
    """
    keep_private()
    now = clock.now()
    with explained("No back-up was made"):
        database = sqlite_file(configured(), lambda url: _pg_dump(url, file, now))
        target = file or named(database, now)
        try:
            with progress("Copying") as tell:
                back_up(database, target, tell)
        except UnfitError as error:
            raise Problem(
                f"No back-up was made: the database is damaged ({error}).\n"
                "Keep the last good back-up; `callrouter db restore BACKUP` brings it back with all that can be read."
            ) from error
    click.echo(f"Backed up to {target} ({target.stat().st_size / 1e6:.1f} MB).")


def _pg_dump(url: str, file: Path | None, now: datetime) -> Iterator[str]:
    name = shlex.quote(str(file or f"callrouter-{now:%Y-%m-%dT%H%M%SZ}.dump"))
    yield f"umask 077 && pg_dump --format=custom --file={name} {url}"
