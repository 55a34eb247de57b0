"""What size does to a call: of the schedule, of the log, of the crowd that calls at once.

    .venv/bin/python -m bench.sizes --write [sqlite:///calls.db ...]

The running service, one worker, in a copy for each size, asked in turns: with 1 to 1,000 units, with 0 to 10,000
exceptions, with an empty log and with those given, which bench.fill made (calls are added to them). Paced, so that it
is the call that is measured and not the queue before it; each call ends, so that what its end does to the log stands in
the way of the next. Then one copy is asked by a crowd of 1 to 500 connections, as fast as it answers. Exit code 1: a
bad answer, or a line that is not flat.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from bench.hours import yaml_of
from bench.page import write
from bench.questions import count
from bench.timing import short
from bench.webhooks.asked import Calls
from bench.webhooks.driver import Played
from bench.webhooks.load import Load
from bench.webhooks.servers import Server, running
from bench.webhooks.who import CONTESTANTS, ROOT, Contestant
from callrouter.calllog.database import Database

UNITS, EXCEPTIONS, CROWDS = (1, 10, 100, 1_000), (0, 100, 1_000, 10_000), (1, 8, 64, 256, 500)
CALLS_A_SECOND, MOST_A_SECOND = 50, 10_000
PACED = Load(1, 16, 2 * CALLS_A_SECOND)
"""A call is two requests: it comes, and it ends."""

FLAT = 1.5
"""A line is flat where its largest size takes at most as many times as long as its smallest, by medians."""

CROWD_FLAT = 0.7
"""That of the crowd: the share of the answers a second of eight connections that the largest crowd must still get."""


@dataclass
class Line:
    """What grows, and what came of each size's turns, by its name."""

    what: str
    turns: dict[str, list[Played]] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times as long the largest size takes as the smallest: round by round, the median."""
        first, *_, last = self.turns.values()
        return statistics.median(b.at(0.5) / a.at(0.5) for a, b in zip(first, last, strict=True))

    @property
    def is_flat(self) -> bool:
        """Whether size costs nothing that a caller notices."""
        return self.ratio <= FLAT


@dataclass
class Crowd(Line):
    """Callers at once: each waits for those before, so it is the answers a second that must stay."""

    @property
    def ratio(self) -> float:
        """How many times as many answers a second the largest crowd gets as eight connections."""
        _, eight, *_, last = self.turns.values()
        return statistics.median(b.rate / a.rate for a, b in zip(eight, last, strict=True))

    @property
    def is_flat(self) -> bool:
        """Whether a crowd is served as fast as a few."""
        return self.ratio >= CROWD_FLAT


@click.command(help=__doc__)
@click.argument("urls", nargs=-1)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 99))
@click.option("--seconds", default=2.0, show_default=True, type=click.FloatRange(0.1, 60), help="Of each turn.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(*, urls: tuple[str, ...], rounds: int, seconds: float, writes: bool) -> None:
    """Ask in turns, print tables."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        home = Path(folder)
        lines = [
            grown("units", {f"{many:,}": _schedule(home, 0, many) for many in UNITS}, home, rounds, seconds),
            grown("exceptions", {f"{many:,}": _schedule(home, many, 1) for many in EXCEPTIONS}, home, rounds, seconds),
            *([grown("calls in the log", _logs(urls), home, rounds, seconds)] if urls else []),
            crowded(home, rounds, seconds),
        ]
    text = "\n\n".join(map(_table, lines))
    click.echo(text)
    if writes:
        write("bench.sizes", text)
    faults = any(played.faults for line in lines for turns in line.turns.values() for played in turns)
    sys.exit(1 if faults or not all(line.is_flat for line in lines) else 0)


def _schedule(home: Path, exceptions: int, units: int) -> dict[str, str]:
    file = home / f"{units}-{exceptions}.yaml"
    file.write_text(yaml_of(exceptions, units), "utf-8")
    return {"CALLROUTER_SCHEDULE": str(file)}


def _logs(urls: tuple[str, ...]) -> dict[str, dict[str, str]]:
    sizes: dict[str, dict[str, str]] = {"0": {}}
    for url in urls:
        with closing(Database(url)) as database:
            engine = "SQLite" if database.is_sqlite else "PostgreSQL"
            sizes[f"{count(database):,} ({engine})"] = {"CALLROUTER_DATABASE_URL": url}
    return sizes


def grown(what: str, sizes: Mapping[str, Mapping[str, str]], home: Path, rounds: int, seconds: float) -> Line:
    """A copy of the service for each of *sizes*: its name, and the settings it differs by."""
    line = Line(what, {name: [] for name in sizes})
    place = home / what.replace(" ", "-")
    place.mkdir()
    with running(tuple(_copy(given) for given in sizes.values()), place, PACED.workers) as servers:
        for server in servers:
            _warm(server)
        for number in range(1, rounds + 1):
            click.echo(f"{what}: round {number} of {rounds}", err=True)
            for turns, server in zip(line.turns.values(), servers, strict=True):
                turns.append(server.ask(Calls().with_their_ends(int(CALLS_A_SECOND * seconds)), PACED, seconds))
    return line


def crowded(home: Path, rounds: int, seconds: float) -> Line:
    """One copy, asked by more and more at once."""
    line = Crowd("callers at once", {f"{many:,}": [] for many in CROWDS})
    place = home / "crowd"
    place.mkdir()
    with running((_copy({}),), place, PACED.workers) as (server,):
        _warm(server)
        for number in range(1, rounds + 1):
            click.echo(f"{line.what}: round {number} of {rounds}", err=True)
            for turns, many in zip(line.turns.values(), CROWDS, strict=True):
                requests = Calls().requests(int(MOST_A_SECOND * seconds))
                turns.append(server.ask(requests, Load(PACED.workers, many), seconds))
    return line


def _copy(given: Mapping[str, str]) -> Contestant:
    return replace(CONTESTANTS[0], environ={**CONTESTANTS[0].environ, **given}, kept=None)


def _warm(server: Server) -> None:
    server.wait_until_ready()
    server.ask(Calls().requests(500), Load(1, 16), 2.0)


def _table(line: Line) -> str:
    rows = [f"| {line.what} | p50 ms | p99 ms | answers a second | faults |", "|---:|---:|---:|---:|---:|"]
    rows += [f"| {name} | {' | '.join(_cells(turns))} |" for name, turns in line.turns.items()]
    said = "flat" if line.is_flat else "**not flat**"
    return "\n".join([*rows, "", f"The largest beside the smallest: {short(line.ratio)}; {said}."])


def _cells(turns: list[Played]) -> Iterator[str]:
    for share in (0.5, 0.99):
        yield short(statistics.median(turn.at(share) for turn in turns))
    yield short(statistics.median(turn.rate for turn in turns))
    yield str(sum(len(turn.faults) for turn in turns))


if __name__ == "__main__":
    main()
