"""`callrouter log export`: calls as a file, for spreadsheets and programs elsewhere."""

from collections.abc import Callable
from pathlib import Path

import click

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.calllog.export import ExportError, Format, Order, export, in_child
from callrouter.calllog.windows import Bounds, Progress, Tell, logged_period
from callrouter.cli.log_filter import filtered
from callrouter.cli.period import within
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.cli.schedule.words import say
from callrouter.domain.call_filter import CallFilter
from callrouter.domain.counted import plural
from callrouter.settings import os_user, storage_settings

_FAILED = "Nothing was exported"
_STEPS = 1000


@click.command("export")
@filtered
@click.option("--format", "format_", type=click.Choice([each.value for each in Format]), help="Default: by the name.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to be written.")
@click.option("--overwrite", is_flag=True, help="Write over a file that is there already.")
@click.option("--legs", is_flag=True, help="A row for each phone that was rung, instead of one for each call.")
@click.option("--show-numbers", is_flag=True, help="Numbers in full instead of masked; the audit log tells of it.")
def command(
    *, wanted: CallFilter, format_: str | None, out: Path, overwrite: bool, legs: bool, show_numbers: bool
) -> None:
    """Write calls to a file, those that fit every option given: CSV, XLSX, JSON lines or Parquet.

    The file is whole or not there at all, and only its owner can read it. A long export gives way to everything else on
    the machine.
    """
    _require_free(out, overwrite=overwrite)
    with explained(_FAILED):
        url = storage_settings().database_url
        database = Database(url)
        with database.reading() as connection:
            bounds = within(wanted.since, wanted.until, logged_period(connection))
        order = Order(bounds, out, _format(format_, out), wanted, legs=legs, show_numbers=show_numbers)
        if show_numbers:
            _audit(database, order)
        database.close()
    count = exported(url, order)
    what = plural(count, "leg" if legs else "call")
    say([f"{count:,} {what} written to {click.format_filename(out)}."])


def exported(url: str, order: Order) -> int:
    """Run the export beside this process, with a bar.

    Raises:
        Problem: it failed.
    """
    with progress("Exporting") as show:
        try:
            return in_child(_work, (url, order), shown(show, order.period))
        except ExportError as error:
            raise Problem(f"{_FAILED}: {error}") from error


def shown(show: Callable[[int, int], None], period: Bounds) -> Tell:
    """Whoever is told how far an export of that period has come, and shows it."""

    def tell(done: Progress) -> None:
        show(round(done.share(period) * _STEPS), _STEPS)

    return tell


def _work(asked: tuple[str, Order], tell: Tell) -> int:
    url, order = asked
    return export(Database(url), order, tell)


def _require_free(out: Path, *, overwrite: bool) -> None:
    """Refuse a place where something is, and what is no file in any case: it would be replaced."""
    if not out.exists() and not out.is_symlink():
        return
    name = click.format_filename(out)
    if not out.is_file():
        raise Problem(f"{_FAILED}: {name} is there already, and is no file. Give the name of a new one.")
    if not overwrite:
        raise Problem(f"{_FAILED}: {name} is there already. Give another name, or say --overwrite.")


def _format(named: str | None, out: Path) -> Format:
    try:
        return Format(named or out.suffix.removeprefix(".").lower())
    except ValueError:
        known = ", ".join(Format)
        raise Problem(f"The name {out.name} does not tell the format: say --format, one of {known}.") from None


def _audit(database: Database, order: Order) -> None:
    """Say who takes numbers away, before they do."""
    database.prepare()
    with database.writing() as connection:
        append(connection, Deed(os_user(), "export-numbers", "calls", order.told(), clock.now()))
