"""How much memory a worker takes: idle, after 100,000 calls, and as it goes on to a million requests.

    .venv/bin/python -m bench.memory --write

One worker of the running service is asked by 64 connections at once; each request is another call, which is kept. Takes
as long as the machine needs for a million calls, some ten minutes. Exit code 1: a bad answer, a lost call, or more than
5 % growth from the 100,000th request to the last.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from bench.page import write
from bench.webhooks.asked import Calls
from bench.webhooks.load import Load
from bench.webhooks.servers import Server, running
from bench.webhooks.who import CONTESTANTS, ROOT
from callrouter.cli.progress import progress

LOAD, AT_ONCE, MOST = Load(1, 64), 10_000, 1.05
_LONG_SECONDS = 600.0
FIRST_LOOK = 100_000


@click.command(help=__doc__)
@click.option("--requests", default=1_000_000, show_default=True, type=click.IntRange(FIRST_LOOK))
@click.option("--write", "writes", is_flag=True, help="Put the table into docs/performance.md.")
def main(*, requests: int, writes: bool) -> None:
    """Ask, look, print a table."""
    with (
        tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as home,
        running(CONTESTANTS[:1], Path(home), LOAD.workers) as (server,),
    ):
        server.wait_until_ready()
        looks = dict(looks_at(server, requests))
        lost = server.lost()
    growth = looks[requests] / looks[FIRST_LOOK]
    lines = ["| After | In memory |", "|---:|---:|"]
    lines += [
        f"| {f'{after:,} requests' if after else 'its start'} | {size / 1e6:.1f} MB |" for after, size in looks.items()
    ]
    lines += ["", f"From {FIRST_LOOK:,} requests to {requests:,}: {growth - 1:+.1%}. Calls lost: {lost}."]
    text = "\n".join(lines)
    click.echo(text)
    if writes:
        write("bench.memory", text)
    sys.exit(1 if lost or growth > MOST else 0)


def looks_at(server: Server, requests: int) -> Iterator[tuple[int, int]]:
    """After how many requests how many bytes: at its start, then every 100,000."""
    yield 0, server.memory()
    calls = Calls()
    with progress("requests") as tell:
        for done in range(AT_ONCE, requests + 1, AT_ONCE):
            played = server.ask(calls.requests(AT_ONCE), LOAD, _LONG_SECONDS)
            if played.faults:
                raise click.ClickException(f"after {done:,} requests: {played.faults[0]}")
            tell(done, requests)
            if done % FIRST_LOOK == 0 or done == requests:
                yield done, server.memory()


if __name__ == "__main__":
    main()
