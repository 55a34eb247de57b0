"""How the log does at a million and ten million calls: pages, reports, exports, appends; each beside its floor.

    .venv/bin/python -m bench.growth [--write] [--rounds 15] [--empty URL] [--cold COMMAND] URL ...

Each URL is a database that bench/fill.py has filled. Of each figure: the median of the rounds (lowest to highest), what
was not warm left out; beside it the same rows by hand through the bare driver, in turns. Appends come from a process
that has just begun, with a cold cache, against appends to the empty database --empty. --write puts the tables into
docs/performance.md.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from bench.appends import appended
from bench.exports import exported
from bench.questions import Driver, count, questions
from bench.timing import Times, in_turns, short
from callrouter.calllog.database import Database
from callrouter.cli.progress import progress

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
MARKS = "<!-- bench/growth.py: begin -->", "<!-- bench/growth.py: end -->"
HEADS = ("", "callrouter", "by hand", "ratio", "goal")
EXPORTED_DAYS = 31


@click.command(help=__doc__)
@click.argument("urls", nargs=-1, required=True)
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(3, 99))
@click.option("--empty", multiple=True, help="A prepared, empty database of the same engine as each URL.")
@click.option("--cold", help="What restarts PostgreSQL with cold caches.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(*, urls: tuple[str, ...], rounds: int, empty: tuple[str, ...], cold: str | None, writes: bool) -> None:
    tables = []
    for url in urls:
        database = Database(url)
        rows = [*looked_up(url, database, rounds), *written_out(url, database)]
        title = f"**{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {count(database):,} calls**"
        database.close()
        beside = next((other for other in empty if other.startswith(url[:6])), None)
        rows += appends(url, beside, cold) if beside else []
        tables.append(f"{title}: ms, medians of {rounds} rounds (lowest to highest)\n\n{table(rows)}\n")
        click.echo(tables[-1])
    if writes:
        write("\n".join(tables))


def looked_up(url: str, database: Database, rounds: int) -> Iterator[tuple[str, ...]]:
    """Pages and reports."""
    asked = list(questions(url, database))
    with progress("pages and reports") as tell:
        for done, question in enumerate(asked):
            tell(done, len(asked))
            ours, floor = in_turns(rounds, question.ours, question.floor)
            ratio = short(ours.median / floor.median)
            yield question.what, str(ours), str(floor), ratio, f"≤ {question.goal:g} ms"


def written_out(url: str, database: Database) -> Iterator[tuple[str, ...]]:
    """A month as CSV: rows a second, of the engine's own tool and of ours."""
    since = Driver(url).last_day() - timedelta(days=EXPORTED_DAYS)
    rows, ours, floor = exported(url, database, since, EXPORTED_DAYS, rounds=5)
    what, goal = f"export of {rows:,} rows as CSV", 0.3 if database.is_sqlite else 0.7
    rates = [f"{short(rows / times.median * 1e3)} rows/s" for times in (ours, floor)]
    yield what, *rates, short(floor.median / ours.median), f"≥ {goal} of {'sqlite3 -csv' if goal < 0.5 else 'COPY'}"


def appends(url: str, empty: str, cold: str | None) -> Iterator[tuple[str, ...]]:
    """Appends by fresh processes, here and to an empty log (in the place of the floor)."""
    here, there = appended([url, empty], 5, cold)
    yield "append, the first (to an empty log)", str(here.first), str(there.first), *_against(here.first, there.first)
    yield "append, those after it (the same)", str(here.later), str(there.later), *_against(here.later, there.later)


def _against(here: Times, there: Times) -> tuple[str, str]:
    return short(here.median / there.median), "≤ 1.2 times"


def table(rows: list[tuple[str, ...]]) -> str:
    """Markdown."""
    lines = [HEADS, ("---",) * len(HEADS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(tables: str) -> None:
    """Put *tables* between the marks of the page."""
    begin, end = MARKS
    page = PAGE.read_text("utf-8")
    new = f"{begin}\n\n{tables}\n{end}"
    PAGE.write_text(re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _: new, page, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
