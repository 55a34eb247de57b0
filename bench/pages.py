"""How long the server takes for each page over a large log, beside the page's own queries by hand.

    .venv/bin/python -m bench.pages [--write] [--rounds 9] URL ...

Each URL is a database that bench/fill.py has filled; two users are put into it and taken out again, nothing else is
written. Of each page, signed in: the median of the rounds (lowest to highest) from the request to the last byte; how
long the processor was busy in this process; and the queries that it made, again through the bare driver, in turns with
it, all rows fetched. --write puts the tables into docs/performance.md. Ends with 1 where a page takes more than three
times its queries.
"""

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import click
import psycopg
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from bench.databases import plain_url
from bench.growth import PAGE, Row
from bench.questions import UNIT, Driver, count
from bench.site import PUBLIC_URL, signed_in, site_of
from bench.timing import in_turns, short
from callrouter.calllog.database import Database
from callrouter.calllog.tables import CallRow
from callrouter.cli.progress import progress
from callrouter.domain.words import Role

MARKS = "<!-- bench/pages.py: begin -->", "<!-- bench/pages.py: end -->"
HEADS = ("page", "server", "processor", "queries", "by hand", "ratio")
MOST = 3.0
_LOOKED_AT = timedelta(hours=19)
"""The time of the last day at which the pages are looked at: 20:00 in Stockholm."""

_WARM = 2
"""Rounds left out: some pages take seconds."""

Asked = tuple[str, Any]
"""A statement and its values."""


@click.command(help=__doc__)
@click.argument("urls", nargs=-1, required=True)
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(3, 99))
@click.option("--write", "writes", is_flag=True, help="Put the tables into docs/performance.md.")
def main(*, urls: tuple[str, ...], rounds: int, writes: bool) -> None:
    tables, are_met = [], True
    for url in urls:
        with closing(Database(url)) as database:
            rows = sorted(measured(url, database, rounds), key=lambda row: row[1][0])
            title = f"**{'SQLite' if database.is_sqlite else 'PostgreSQL'}, {count(database):,} calls**"
        lines = [HEADS, ("---",) * len(HEADS), *(cells for _, cells in rows)]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        tables.append(f"{title}: ms, medians of {rounds} rounds (lowest to highest)\n\n{table}\n")
        click.echo(tables[-1])
        are_met = are_met and all(is_met for is_met, _ in rows)
    if writes:
        write("\n".join(tables))
    sys.exit(not are_met)


def measured(url: str, database: Database, rounds: int) -> Iterator[Row]:
    """Each page of an administrator and of a contractor."""
    at = Driver(url).last_day() + _LOOKED_AT
    with TemporaryDirectory() as folder, progress("pages") as tell:
        site = site_of(url, database, Path(folder), at)
        for role, paths in pages(database, at).items():
            with signed_in(site, role) as browser, by_hand(url) as again:
                for done, path in enumerate(paths):
                    tell(done, len(paths))
                    yield row(browser, path, again, rounds)


def pages(database: Database, at: datetime) -> dict[Role, list[str]]:
    """A page of each family."""
    newest = select(CallRow.day, CallRow.call_id).where(CallRow.unit == UNIT).order_by(CallRow.received_at.desc())
    with database.reading() as connection:
        day, call_id = connection.execute(newest.limit(1)).one()
    month = f"{at:%Y-%m}"
    of_administrators = [
        *("/today", "/calls", f"/calls?unit={UNIT}&disposition=unanswered", f"/calls/{day}/{call_id}"),
        *("/call-backs", f"/hand-over?unit={UNIT}", f"/units/{UNIT}/by-hand", "/exports", "/account"),
        *(f"/schedule?unit={UNIT}", "/schedule/edit", "/schedule/history"),
        *("/reports?period=this-month", "/reports?period=this-year", f"/reports/contract/Bolag 4 AB/{month}"),
        *("/administration", "/administration/users", "/administration/sessions", "/administration/audit"),
        *("/administration/retention", "/administration/retention/protocol", "/administration/holds"),
        *("/administration/back-ups", "/administration/settings", "/administration/health"),
        *("/opening-hours", "/opening-hours.json", "/data-protection", "/accessibility"),
    ]
    of_contractors = ["/company", "/company/statement", "/calls?state=closed"]
    return {Role.ADMINISTRATOR: of_administrators, Role.CONTRACTOR: of_contractors}


def row(browser: FlaskClient, path: str, again: Callable[[list[Asked]], None], rounds: int) -> Row:
    """What a page takes, and its queries."""
    with overheard() as asked:
        view(browser, path)
    server, driver = in_turns(rounds, lambda: view(browser, path), lambda: again(asked), warm=_WARM)
    ratio = server.median / driver.median if asked else None
    shown = re.sub(r"CA[0-9a-f]{32}", "CALL", path)
    cells = (shown, str(server), short(median(server.busy)), str(len(asked)), str(driver) if asked else "–")
    return ratio is None or ratio <= MOST, (*cells, short(ratio) if ratio else "–")


def view(browser: FlaskClient, path: str) -> None:
    """Ask for a page, to its last byte."""
    answer = browser.get(path, base_url=PUBLIC_URL, buffered=True)
    if answer.status_code != 200:
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


def write(tables: str) -> None:
    """Put *tables* between the marks of the page."""
    begin, end = MARKS
    new = f"{begin}\n\n{tables}\n{end}"
    text = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(f"{re.escape(begin)}.*{re.escape(end)}", lambda _: new, text, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
