"""How long the server takes for each page over a large log, beside the page's own queries by hand.

    .venv/bin/python -m bench.pages [--write] [--only TEXT] [--seconds 1.5] [--day 2026-10-31] URL ...

Each URL is a database that bench/fill.py has filled; some users and what else pages show is put into it and taken out
again. They are looked at on the evening of the last day that has calls, or of --day where others came since. Of each
page: the first view, before anything is kept for it; then the median of the rounds (lowest to highest) from the request
to the last byte, and how long the processor was busy in this process; and the queries that it made, again through the
bare driver, in turns with it, all rows fetched. A page takes its seconds of rounds, at least three of them. --only
takes the addresses that have the text; --write puts the tables into docs/performance.md. Ends with 1 where a page takes
more than three times its queries and more than FLOOR. A workbook is no page: its time is shown, and has no goal.
"""

import gc
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
import psycopg
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.addresses import addresses
from bench.databases import plain_url
from bench.furnishing import furnished
from bench.growth import Row
from bench.page import write
from bench.questions import Driver, count
from bench.site import PUBLIC_URL, looking, site_of
from bench.timing import Times, in_turns, short
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.web.pages import create_pages

HEADS = ("page", "first", "server", "processor", "queries", "by hand", "ratio", "goal")
MOST = 3.0
FLOOR = 15.0
"""Milliseconds that any page may take: one that asks nothing of the log cannot be held against its queries."""

_LOOKED_AT = timedelta(hours=19)
"""The time of the last day at which the pages are looked at: 20:00 in Stockholm."""

_ROUNDS = 25
_NOTHING = "/nothing"
"""The empty page: head, foot and session of the others, and that there is no such page."""

Asked = tuple[str, Any]
"""A statement and its values."""


@click.command(help=__doc__)
@click.argument("urls", nargs=-1, required=True)
@click.option("--seconds", default=1.5, show_default=True, type=click.FloatRange(0, 60), help="Of rounds for a page.")
@click.option("--only", default="", help="The addresses that have this text.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day on which they are looked at.")
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(*, urls: tuple[str, ...], seconds: float, only: str, day: datetime | None, writes: bool) -> None:
    tables, are_met = [], True
    for url in urls:
        at = (day.replace(tzinfo=UTC) if day else Driver(url).last_day()) + _LOOKED_AT
        with closing(Database(url)) as database:
            rows = sorted(measured(url, database, at, only, seconds), key=lambda row: row[1][0])
            title = f"**{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {count(database):,} calls**"
        lines = [HEADS, ("---",) * len(HEADS), *(cells for _, cells in rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        tables.append(f"{title}: ms, medians (lowest to highest)\n\n{table}\n")
        click.echo(tables[-1])
        are_met = are_met and all(is_met for is_met, _ in rows)
    if writes:
        write("bench/pages.py", "\n".join(tables))
    sys.exit(not are_met)


def measured(url: str, database: Database, at: datetime, only: str, seconds: float) -> Iterator[Row]:
    """Each page, by whoever looks at it at *at*; what was found is told as it is found."""
    with TemporaryDirectory() as folder, by_hand(url) as again:
        site = site_of(url, database, Path(folder), at)
        with furnished(site) as there:
            for who, paths in addresses(there).items():
                browser = looking(create_pages(site), site, who)
                gc.freeze()  # as a worker does when it begins
                view(browser, _NOTHING)
                for path in (each for each in (*paths, _NOTHING) if only in each):
                    is_met, (page, *cells) = row(browser, path, again, seconds)
                    found = (f"{page}, {who}" if who is Role.CONTRACTOR else page, *cells)
                    click.echo("  ".join(found), err=True)
                    yield is_met, found


def row(browser: FlaskClient, path: str, again: Callable[[list[Asked]], None], seconds: float) -> Row:
    """What a page takes, and its queries."""
    (first,) = in_turns(1, lambda: view(browser, path), warm=0)
    with overheard() as asked:
        view(browser, path)
    server, driver = in_turns(_ROUNDS, lambda: view(browser, path), lambda: again(asked), warm=0, seconds=seconds)
    is_met, goal = held(path, server.median, driver.median)
    cells = (
        shown(path),
        short(first.median),
        str(server),
        short(median(server.busy)),
        *_queries(asked, server, driver),
    )
    return is_met, (*cells, goal)


def held(path: str, server: float, driver: float) -> tuple[bool, str]:
    """Whether a page may take so long (ms), and how long it may; a library writes workbooks, cell by cell."""
    if path.partition("?")[0].endswith(".xlsx"):
        return True, "–"
    goal = max(FLOOR, MOST * driver)
    is_met = server <= goal
    return is_met, f"≤ {short(goal)}{'' if is_met else ' **missed**'}"


def _queries(asked: list[Asked], server: Times, driver: Times) -> tuple[str, str, str]:
    return (str(len(asked)), str(driver), short(server.median / driver.median)) if asked else ("0", "–", "–")


def shown(path: str) -> str:
    """The address without what differs from log to log."""
    return re.sub(r"CA[0-9a-f]{32}", "CALL", re.sub(r"\b[0-9a-f]{64}\b", "VERSION", path))


def view(browser: FlaskClient, path: str) -> None:
    """Ask for a page, to its last byte."""
    answer = browser.get(path, base_url=PUBLIC_URL, buffered=True)
    if answer.status_code != (404 if path == _NOTHING else 200):
        raise click.ClickException(f"{path} answers {answer.status}")


@contextmanager
def overheard() -> Iterator[list[Asked]]:
    """What is asked of any database meanwhile."""
    asked: list[Asked] = []

    def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")):
            asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@contextmanager
def by_hand(url: str) -> Iterator[Callable[[list[Asked]], None]]:
    """What asks again, through the bare driver and a connection of its own."""
    file = Database(url).path
    with closing(sqlite3.connect(file) if file else psycopg.connect(plain_url(url))) as driver:

        def ask(asked: list[Asked]) -> None:
            cursor = driver.cursor()
            for statement, values in asked:
                cursor.execute(statement, values)
                cursor.fetchall()
            driver.rollback()

        yield ask


if __name__ == "__main__":
    main()
