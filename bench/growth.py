"""How the log does at a million and ten million calls: pages, reports, exports, appends; each beside its floor.

    .venv/bin/python -m bench.growth [--write] [--rounds 15] [--day 2026-10-31] [--empty URL] [--cold COMMAND] URL ...

Each URL is a database that bench/fill.py has filled; months and years are counted back from the last day that has
calls, or from --day where others came since. Of each figure: the median of the rounds (lowest to highest), what was not
warm left out; how long the processor was busy with it in this process; and the same rows by hand through the bare
driver, in turns. Appends come from a process that has just begun, with a cold cache, against appends to the empty
database --empty. --write puts each table into docs/performance.md, in the place of the one of its title. Ends with 1
where a goal is missed.
"""

import statistics
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click

from bench.appends import appended
from bench.exports import exported
from bench.page import renew
from bench.questions import Driver, count, questions
from bench.timing import in_turns, short
from callrouter.calllog.database import Database
from callrouter.cli.progress import progress

Row = tuple[bool, tuple[str, ...]]
"""Whether a goal was met, and the cells of the table."""

HEADS = ("", "callrouter", "processor", "by hand", "ratio", "goal")
EXPORTED_DAYS = 31
_FEW = 5
"""Rounds of what takes long."""

MOST_OF_AN_EMPTY_ONE = 1.2


@click.command(help=__doc__)
@click.argument("urls", nargs=-1, required=True)
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(3, 99))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The last day that is looked at.")
@click.option("--empty", multiple=True, help="A prepared, empty database of the same engine as each URL.")
@click.option("--cold", help="What restarts PostgreSQL with cold caches.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(
    *, urls: tuple[str, ...], rounds: int, day: datetime | None, empty: tuple[str, ...], cold: str | None, writes: bool
) -> None:
    tables, are_met = [], True
    for url in urls:
        database = Database(url)
        last = day.replace(tzinfo=UTC) if day else Driver(url).last_day()
        rows = [*looked_up(url, database, last, rounds), *written_out(url, database, last)]
        title = f"**{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {round(count(database), -4):,} calls**"
        database.close()
        beside = next((other for other in empty if other.startswith(url[:6])), None)
        rows += appends(url, beside, cold) if beside else []
        measured = f"medians of {rounds} rounds, of {_FEW} of exports and appends (lowest to highest)"
        tables.append(f"{title}: ms, {measured}\n\n{table(rows)}\n")
        click.echo(tables[-1])
        are_met = are_met and all(is_met for is_met, _ in rows)
    if writes:
        renew("bench/growth.py", tables)
    sys.exit(not are_met)


def looked_up(url: str, database: Database, last: datetime, rounds: int) -> Iterator[Row]:
    """Pages and reports."""
    asked = list(questions(url, database, last))
    with progress("pages and reports") as tell:
        for done, question in enumerate(asked):
            tell(done, len(asked))
            ours, floor = in_turns(rounds, question.ours, question.floor)
            busy, ratio = short(statistics.median(ours.busy)), short(ours.median / floor.median)
            cells = (question.what, str(ours), busy, str(floor), ratio, f"≤ {question.goal:g} ms")
            yield ours.median <= question.goal, cells


def written_out(url: str, database: Database, last: datetime) -> Iterator[Row]:
    """A month as CSV: rows a second, of the engine's own tool and of ours."""
    since = last - timedelta(days=EXPORTED_DAYS)
    rows, ours, floor = exported(url, database, since, EXPORTED_DAYS, rounds=_FEW)
    goal, beside = (0.3, "sqlite3 -csv") if database.is_sqlite else (0.7, "COPY")
    rate, rate_by_hand = (f"{short(rows / times.median * 1e3)} rows/s" for times in (ours, floor))
    ratio = floor.median / ours.median
    yield ratio >= goal, (f"{rows:,} rows as CSV", rate, "", rate_by_hand, short(ratio), f"≥ {goal} of {beside}")


def appends(url: str, empty: str, cold: str | None) -> Iterator[Row]:
    """Appends by fresh processes, here and to an empty log (in the place of the floor)."""
    here, there = appended([url, empty], _FEW, cold)
    for what, mine, its in (("the first", here.first, there.first), ("those after it", here.later, there.later)):
        ratio = mine.median / its.median
        cells = (f"append, {what}; beside it to an empty log", str(mine), "", str(its), short(ratio), "≤ 1.2 times")
        yield ratio <= MOST_OF_AN_EMPTY_ONE, cells


def table(rows: list[Row]) -> str:
    """Markdown."""
    lines = [HEADS, ("---",) * len(HEADS), *(cells for _, cells in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    main()
