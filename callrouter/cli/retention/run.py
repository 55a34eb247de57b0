"""`callrouter retention run`: delete now what is older than decided."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import click

from callrouter import clock
from callrouter.calllog.destruction import Protocol
from callrouter.calllog.retention import OnGone, Run, foresee
from callrouter.cli.by_hand import control_database, schedule_in_force
from callrouter.cli.problems import explained
from callrouter.cli.retention.preview import preview
from callrouter.cli.schedule.words import say
from callrouter.cli.stoppable import stoppable
from callrouter.domain.counted import of_class
from callrouter.domain.retention import due
from callrouter.jobs.tools import provider_account
from callrouter.settings import os_user, twilio_settings


@click.command("run")
@click.option("--dry-run", is_flag=True, help="Only tell what would be deleted, as `preview` does.")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a class and unit.")
def command(*, dry_run: bool, is_json: bool) -> None:
    """Delete what is older than decided, as the service does every night.

    It can be stopped at any time (Ctrl-C) and goes on with the next run. Exits with 3 if something is outstanding.
    """
    with explained("Nothing more was deleted"):
        schedule, database = schedule_in_force(), control_database()
        if dry_run:
            preview(database, schedule, is_json=is_json)
            return
        at = clock.now()
        dues = due(schedule, at)
        stop = Event()
        with stoppable(stop), _progress(sum(each.count for each in foresee(database, dues))) as on_gone:
            account = provider_account(twilio_settings())
            protocol = Run(database, account, os_user(), at, stop, on_gone=on_gone).destroy(dues)
    _tell(protocol, is_json=is_json)
    if protocol.outstanding:
        sys.exit(3)


def _tell(protocol: Protocol, *, is_json: bool) -> None:
    gone = [(what, unit, count) for (what, unit), count in protocol.destroyed.items()]
    if is_json:
        for what, unit, count in gone:
            click.echo(json.dumps({"what": what, "unit": unit, "count": count}, ensure_ascii=False))
        return
    say(f"{of_class(count, what)} deleted ({unit or 'of no known unit'})" for what, unit, count in gone if count)
    if not any(count for *_, count in gone):
        say(["Nothing was deleted."])
    if protocol.outstanding:
        say([f"{protocol.outstanding} outstanding: `callrouter retention protocol` tells why."])


@contextmanager
def _progress(total: int) -> Iterator[OnGone]:
    """A bar on a terminal, on standard error; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
