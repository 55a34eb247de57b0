"""The recorder: how many entries a second are safe, and how long each request waits, beside three things to compare.

    .venv/bin/python bench/recorder.py [--engine postgresql] [--waiters 64] [--processes 2] [--rounds 7] [--write]

In turns, in one run: the recorder as it is, folding and all; (a) the same rows committed one by one through the ORM of
SQLAlchemy; (b) one thread and the bare driver, with the same rows in batches as the recorder has just made them; (c)
fdatasync alone, of as many bytes as a lone entry costs SQLite. An entry is what the first request of a call tells: two
events and a caller. --write puts the tables into docs/performance.md. PostgreSQL is started for it, with fsync on.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # for what stands beside this file, and the PostgreSQL of the tests

from bench.contestants import Result, Task, contest, driver, fdatasync  # noqa: E402
from bench.databases import plain_url  # noqa: E402
from bench.page import write  # noqa: E402
from callrouter.calllog.database import Database  # noqa: E402
from callrouter.cli.progress import progress  # noqa: E402
from tests.calllog.postgres import PostgresServer, programs  # noqa: E402

_WAL_SEGMENTS = 60  # of 16 MB; a round writes two or three


@dataclass(frozen=True)
class Round:
    """One turn of each; *synced* is one fdatasync in ms."""

    recorder: Result
    orm: Result
    driver: Result
    synced: float


COLUMNS: dict[str, Callable[[Round], float]] = {
    "recorder /s": lambda r: r.recorder.rate,
    "p50 ms": lambda r: r.recorder.at(0.5),
    "p99 ms": lambda r: r.recorder.at(0.99),
    "(a) ORM /s": lambda r: r.orm.rate,
    "its p99 ms": lambda r: r.orm.at(0.99),
    "(b) driver /s": lambda r: r.driver.rate,
    "(c) fdatasync ms": lambda r: r.synced,
    "of (a)": lambda r: r.recorder.rate / r.orm.rate,
    "of (b)": lambda r: r.recorder.rate / r.driver.rate,
    "entries per commit": lambda r: statistics.mean(r.recorder.batches),
    "p50 in (c)": lambda r: r.recorder.at(0.5) / r.synced,
    "p99 in (c)": lambda r: r.recorder.at(0.99) / r.synced,
}


@click.command()
@click.option("--engine", "engines", multiple=True, type=click.Choice(["sqlite", "postgresql"]), default=["sqlite"])
@click.option("--waiters", multiple=True, type=click.IntRange(1, 256), default=[1, 8, 32, 64], show_default=True)
@click.option("--processes", multiple=True, type=click.IntRange(1, 4), default=[1, 2], show_default=True)
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 99))
@click.option("--seconds", default=1.0, show_default=True, help="Of each contestant in each round.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(
    *,
    engines: tuple[str, ...],
    waiters: tuple[int, ...],
    processes: tuple[int, ...],
    rounds: int,
    seconds: float,
    writes: bool,
) -> None:
    """Measure in turns, print tables of medians."""
    tables = []
    for engine, count in ((engine, count) for engine in engines for count in processes):
        with progress(f"{engine}, {count} processes") as tell:
            rows = []
            for done, many in enumerate(waiters):
                tell(done, len(waiters))
                rows.append((many, [play(engine, many, count, seconds) for _ in range(rounds)]))
        title = f"**{engine}, {count} process{'es' * (count > 1)}**: medians of {rounds} rounds (lowest to highest)"
        tables.append(f"{title}\n\n{table(rows)}\n")
        click.echo(tables[-1])
    if writes:
        write("bench/recorder.py", "\n".join(tables))


def play(engine: str, waiters: int, processes: int, seconds: float) -> Round:
    """One round, on databases of its own: each begins with empty tables."""
    with places(engine) as (home, new):
        recorded = contest(Task("recorder", new(), home, waiters, seconds), processes)
        return Round(
            recorded,
            contest(Task("orm", new(), home, waiters, seconds), processes),
            driver(new(), recorded.batches, seconds),
            fdatasync(home),
        )


@contextmanager
def places(engine: str) -> Iterator[tuple[Path, Callable[[], str]]]:
    """A directory on the disk that is measured, and what makes prepared databases there."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as directory:
        home = Path(directory)
        names = (f"{number}.db" for number in range(99))
        if engine == "sqlite":
            yield home, lambda: prepared(f"sqlite:///{home / next(names)}")
            return
        found = programs()
        if found is None:
            raise click.ClickException("PostgreSQL is not installed (Debian: apt install postgresql)")
        server = PostgresServer(found, "-c max_connections=300 -c listen_addresses= -c min_wal_size=1GB")
        server.start()
        try:
            have_room_to_write_ahead(server.url("postgres"))
            yield home, lambda: prepared(server.empty_database())
        finally:
            server.remove()


def have_room_to_write_ahead(url: str) -> None:
    """Let the server make the files of its log, as one has that has run for a while: each new one costs 0.1 s."""
    with psycopg.connect(plain_url(url), autocommit=True) as connection:
        for _ in range(_WAL_SEGMENTS):
            connection.execute("SELECT pg_logical_emit_message(false, 'bench', ''), pg_switch_wal()")
        connection.execute("CHECKPOINT")


def prepared(url: str) -> str:
    """The same, with its tables."""
    database = Database(url)
    database.prepare()
    database.close()
    return url


def table(rows: list[tuple[int, list[Round]]]) -> str:
    """Markdown."""
    lines = [["waiters", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    for waiters, rounds in rows:
        cells = []
        for value in COLUMNS.values():
            numbers = sorted(map(value, rounds))
            cells.append(f"{short(statistics.median(numbers))} ({short(numbers[0])}–{short(numbers[-1])})")
        lines.append([str(waiters), *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def short(number: float) -> str:
    """Three figures, and thousands apart."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


if __name__ == "__main__":
    main()
