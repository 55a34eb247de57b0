"""The whole webhook: signed, 27 fields, the call committed to disk, TwiML out; callrouter beside others, in turns.

    make bench ARGS="--rounds 5 --seconds 2 --write"
    .venv/bin/python -m bench.webhooks --connections 64 --workers 1 --only callrouter --only "bare Flask route"

All of them run at once as processes on loopback and are asked one after the other, round by round: the same requests,
each of which is another call. Then it is counted that every call that was answered is in the contestant's database.
Exit code 1: callrouter gave a bad answer, lost a call, or missed a goal. --write puts the tables into
docs/performance.md.
"""

import sys
import tempfile
from pathlib import Path

import click

from bench.page import write
from bench.webhooks import disk
from bench.webhooks.asked import Calls
from bench.webhooks.goals import PACED, Found, Turns
from bench.webhooks.load import Load
from bench.webhooks.servers import Server, running
from bench.webhooks.who import CONTESTANTS, ROOT, Contestant, missing

_MOST_A_SECOND, _MOST_ALONE = 20_000, 6_000
_NAMES = tuple(contestant.name for contestant in CONTESTANTS)


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 99))
@click.option("--seconds", default=2.0, show_default=True, help="Of each turn.", type=click.FloatRange(0.1, 60))
@click.option("--connections", multiple=True, type=click.IntRange(1, 512), default=[1, 32, 64], show_default=True)
@click.option("--workers", multiple=True, type=click.IntRange(1, 16), default=[1, 2], show_default=True)
@click.option("--only", multiple=True, type=click.Choice(_NAMES), help="Who takes part; without it, all.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(
    *,
    rounds: int,
    seconds: float,
    connections: tuple[int, ...],
    workers: tuple[int, ...],
    only: tuple[str, ...],
    writes: bool,
) -> None:
    """Ask all of them in turns, print tables."""
    present = tuple(each for each in CONTESTANTS if (not only or each.name in only) and _is_here(each))
    loads = [Load(many, at_once) for many in workers for at_once in connections] + [PACED] * (PACED.workers in workers)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as home:
        found = Found(disk.fdatasyncs(Path(home)))
        for many in dict.fromkeys(load.workers for load in loads):
            with running(present, Path(home), many) as servers:
                _warm(servers)
                for load in (each for each in loads if each.workers == many):
                    found.turns[load] = _in_turns(servers, load, rounds, seconds)
                found.lost |= {server.contestant.name: lost for server in servers if (lost := server.lost())}
        found.synced += disk.fdatasyncs(Path(home))
    click.echo(found.text())
    if writes:
        write("bench.webhooks", found.text())
    sys.exit(0 if found.is_good else 1)


def _is_here(contestant: Contestant) -> bool:
    why = missing(contestant)
    if why:
        click.echo(f"left out: {contestant.name}: {why}", err=True)
    return why is None


def _warm(servers: list[Server]) -> None:
    """Nobody is measured cold."""
    for server in servers:
        click.echo(f"starting: {server.contestant.name}", err=True)
        server.wait_until_ready()
        server.ask(Calls().requests(2_000), Load(1, 16), 1.0)


def _in_turns(servers: list[Server], load: Load, rounds: int, seconds: float) -> Turns:
    turns: Turns = {server.contestant.name: [] for server in servers}
    most = load.rate or (_MOST_ALONE if load.connections == 1 else _MOST_A_SECOND)
    for number in range(1, rounds + 1):
        requests = Calls().requests(int(most * seconds))
        for server in servers:
            name = server.contestant.name
            played = server.ask(requests, load, seconds)
            turns[name].append(played)
            said = f"{played.rate:,.0f}/s, p99 {played.at(0.99):.1f} ms, {len(played.faults)} faults"
            click.echo(f"{load}, round {number} of {rounds}: {name}: {said}", err=True)
    return turns


if __name__ == "__main__":
    main()
