"""`callrouter db restore`: a back-up in the place of the database, with all that can still be read of it."""

from pathlib import Path
from shlex import quote

import click

from callrouter.calllog.backup import UnfitError
from callrouter.calllog.restoring import Content, Restored, restore, verify
from callrouter.calllog.salvage import Salvaged
from callrouter.calllog.tables import Table
from callrouter.cli.db.place import configured, sqlite_file
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress

_UNKNOWN = (
    "What was destroyed or erased after the back-up was made cannot be told for sure, and may be back. Now run:",
    "  callrouter retention run",
    "  callrouter subject NUMBER --erase --why REASON   (for each caller who was erased since)",
)


@click.command("restore")
@click.argument("backup", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--verify", "only_verify", is_flag=True, help="Only tell whether BACKUP could be restored.")
def command(*, backup: Path, only_verify: bool) -> None:
    """Put BACKUP in the place of the database. The service may run: its events wait in the spool meanwhile.

    What stood there is kept beside it, and all that can be read of it is added: nothing is lost that is not damaged.
    What had been destroyed or erased since BACKUP was made is so again; what cannot be told of that is said.
    """
    keep_private()
    with explained("Nothing was restored"):
        database = sqlite_file(configured(), _by_postgres(backup))
        try:
            with progress("Reading") as tell:
                done = verify(backup, database, tell) if only_verify else restore(backup, database, tell)
        except UnfitError as error:
            raise Problem(f"{backup} cannot be restored: {error}.") from error
    if isinstance(done, Content):
        click.echo(f"{backup} can be restored. It holds {_told(done)}.")
    else:
        click.echo("\n".join(_said(backup, database, done)))


def _by_postgres(backup: Path) -> str:
    """All or nothing, beside a running service. `pg_restore --clean` cannot: it takes partitions apart, and fails.

    Through a file: what comes through a pipe is taken for whole where it is broken off.
    """
    tables = ", ".join(f'"{name}"' for name in (*sorted(Table.metadata.tables), "alembic_version"))
    dump, text = quote(str(backup)), quote(f"{backup}.sql")
    return (
        f"(umask 077 && pg_restore --no-owner --file={text} {dump}) &&\n"
        f"  psql --quiet --single-transaction --set=ON_ERROR_STOP=1 URL \\\n"
        f"    --command='DROP TABLE IF EXISTS {tables} CASCADE' \\\n"
        f"    --file={text} &&\n"
        f"  rm {text}"
    )


def _said(backup: Path, database: Path, done: Restored) -> list[str]:
    lines = [f"Restored {backup} to {database}: {_told(done.content)}."]
    if done.aside:
        lines += [f"What stood there is kept: {done.aside}", *_salvaged(done.salvaged)]
    if gone := ", ".join(f"{count} {what}" for what, count in done.again.gone.items()):
        lines.append(f"Destroyed again, as it had been since the back-up: {gone}.")
    return lines if done.knows_destroyed else [*lines, *_UNKNOWN]


def _salvaged(salvaged: Salvaged) -> list[str]:
    events = salvaged.rows.get("call_event", 0)
    lines = [f"Added from it: {events} events of {len(salvaged.calls)} calls that are not in the back-up."]
    if renumbered := ", ".join(f"{count} of {table}" for table, count in (+salvaged.renumbered).items()):
        lines.append(f"Under new numbers, for the back-up has theirs: {renumbered}.")
    if salvaged.deeds:
        lines.append(f"After the back-up's audit log, bound to it anew: {len(salvaged.deeds)} entries of its own.")
    if salvaged.lost:
        lines.append(f"Not readable in it: {salvaged.lost} rows.")
    if salvaged.unreadable:
        tables = ", ".join(salvaged.unreadable)
        lines.append(f"Of these tables nothing could be read; what the back-up lacks of them is missing: {tables}.")
    return lines


def _told(content: Content) -> str:
    newest = f"{content.newest_event:%Y-%m-%d %H:%M:%S} UTC" if content.newest_event else "none"
    return f"{content.calls} calls, {content.events} events, the newest of {newest}"
