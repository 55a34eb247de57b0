"""Webhooks while the schedule is replaced every second, and ten reports and exports run at once over a full log.

    .venv/bin/python -m bench.disturbed --write sqlite:///calls.db

The running service has that log, which bench.fill made, and two workers. The same calls come in undisturbed and
disturbed, in turns: a new file of the schedule each second; five people who look at reports of a year, each of them one
that ends on another day of the log, and five who export a month, each of them again as soon as it is there. What came
and went is counted while calls come. The calls are added to the log. Exit code 1: a call was not answered well, or not
within the 3 s that a caller is promised.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click
from sqlalchemy import delete, insert

from bench import town
from bench.page import write
from bench.questions import Driver
from bench.site import COOKIE
from bench.timing import short
from bench.webhooks.asked import Calls
from bench.webhooks.driver import Played
from bench.webhooks.load import Load
from bench.webhooks.servers import Server, running
from bench.webhooks.who import CONTESTANTS, ROOT, Contestant
from callrouter.calllog.database import Database
from callrouter.calllog.tables import SessionRow, UserRow
from callrouter.domain.words import Role
from callrouter.people import sessions

WORKERS, CONNECTIONS, EACH = 2, 64, 5
PROMISED_SECONDS = 3.0
_PATIENCE_SECONDS = 120
_YEAR_DAYS = 365


@click.command(help=__doc__)
@click.argument("url")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 99))
@click.option("--seconds", default=6.0, show_default=True, type=click.FloatRange(1, 60), help="Of each turn.")
@click.option("--rate", default=50.0, show_default=True, type=click.FloatRange(1, 1000), help="Calls a second.")
@click.option("--write", "writes", is_flag=True, help="Put the table into docs/performance.md.")
def main(*, url: str, rounds: int, seconds: float, rate: float, writes: bool) -> None:
    """Ask in turns, print a table."""
    calm: list[Played] = []
    disturbed: list[Played] = []
    load = Load(WORKERS, CONNECTIONS, rate)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        schedule = Path(folder) / "schedule.yaml"
        schedule.write_text(town.text(), "utf-8")
        with running((_over(url, schedule),), Path(folder), WORKERS) as (server,):
            server.wait_until_ready()
            server.ask(Calls().requests(500), Load(WORKERS, 16), 2.0)
            others, addresses = Others(server, schedule), reports(*Driver(url).days())
            for number in range(1, rounds + 1):
                click.echo(f"round {number} of {rounds}", err=True)
                calm.append(server.ask(Calls().requests(int(rate * seconds)), load, seconds))
                requests = Calls().requests(int(rate * seconds))
                with disturbing(others, url, addresses):
                    disturbed.append(server.play(requests, load, seconds))
                server.come_to_rest()
    text = _table(load, calm, disturbed, others)
    click.echo(text)
    if writes:
        write("bench.disturbed", text)
    sys.exit(1 if others.failed or any(map(_is_bad, [*calm, *disturbed])) else 0)


def _over(url: str, schedule: Path) -> Contestant:
    """Our service with that log and schedule."""
    given = {"CALLROUTER_DATABASE_URL": url, "CALLROUTER_SCHEDULE": str(schedule)}
    return replace(CONTESTANTS[0], environ={**CONTESTANTS[0].environ, **given}, kept=None)


def reports(first: date, last: date) -> list[str]:
    """The addresses of reports of a year, which end as far apart as a log from *first* to *last* allows, or a year.

    But for the end of a year, none of their counts is ready: months and days are added up.
    """
    apart = min(_YEAR_DAYS, (last - first).days // EACH)
    ends = [last - timedelta(days=place * apart) for place in range(EACH)]
    return [f"/reports?from={end - timedelta(days=_YEAR_DAYS - 1)}&to={end}" for end in ends]


@contextmanager
def disturbing(others: "Others", url: str, addresses: Iterable[str]) -> Iterator[None]:
    """All that happens beside the calls, as long as they come."""
    with closing(Database(url)) as database, session(database, datetime.now(UTC)) as secret:
        acts = [others.replace_schedule, *[others.export] * EACH]
        acts += [partial(others.look_at_report, secret, path) for path in addresses]
        threads = [Thread(target=others.over_and_over, args=(act,)) for act in acts]
        others.is_over.clear()
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            others.is_over.set()
            for thread in threads:
                thread.join()


@contextmanager
def session(database: Database, at: datetime) -> Iterator[str]:
    """The secret of a session of somebody who may see all, and who is there as long as it is."""
    name = "bench-disturbing"
    row = {"name": name, "role": Role.ADMINISTRATOR.value, "made_at": at, "made_by": "bench"}
    with database.writing() as connection:
        connection.execute(delete(UserRow).where(UserRow.name == name))
        connection.execute(insert(UserRow), [row])
        secret = sessions.begin(connection, name, at)
    try:
        yield secret
    finally:
        with database.writing() as connection:
            connection.execute(delete(SessionRow).where(SessionRow.user == name))
            connection.execute(delete(UserRow).where(UserRow.name == name))


class Others:
    """Who changes the schedule, looks at reports and exports; and how often they did before the turn was over."""

    def __init__(self, server: Server, schedule: Path) -> None:
        self._server, self._schedule = server, schedule
        self._numbers = count()
        self.is_over = Event()
        self.schedules = self.reports = self.exports = self.turned_away = 0
        self.failed = ""

    def over_and_over(self, act: Callable[[], None]) -> None:
        """Until the turn is over, or it fails."""
        while not self.is_over.is_set():
            try:
                act()
            except (OSError, subprocess.SubprocessError) as error:
                self.failed = str(error)
                return

    def replace_schedule(self) -> None:
        """Another file with the same hours."""
        new = self._schedule.with_suffix(".new")
        new.write_text(f"# {time.monotonic()}\n{town.text()}", "utf-8")
        new.replace(self._schedule)
        self.schedules += self._still()
        self.is_over.wait(1.0)

    def look_at_report(self, secret: str, path: str) -> None:
        """As somebody who is signed in."""
        url = f"http://127.0.0.1:{self._server.port}{path}"
        asked = Request(url, headers={"Cookie": f"{COOKIE}={secret}"})
        try:
            with urlopen(asked, timeout=_PATIENCE_SECONDS) as answer:  # noqa: S310 - as above
                if "/sign-in" in answer.url:
                    raise OSError("nobody is signed in")
                answer.read()
        except HTTPError as error:
            self._come_again(error)
        else:
            self.reports += self._still()

    def _come_again(self, error: HTTPError) -> None:
        """As told by whoever has no place for a page now."""
        with error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise error
            self.turned_away += self._still()
            self.is_over.wait(float(error.headers["Retry-After"]))

    def export(self) -> None:
        """A month, as the command does it."""
        server = self._server
        to = server.home / f"export-{next(self._numbers)}.csv"
        words = ["log", "export", "--from", "2026-09-01", "--to", "2026-09-30", "--out", str(to)]
        command = [sys.executable, "-m", "callrouter", *words]
        given = {**os.environ, **server.contestant.environ}
        subprocess.run(command, env=given, cwd=server.home, check=True, capture_output=True, timeout=_PATIENCE_SECONDS)
        to.unlink()
        self.exports += self._still()

    def _still(self) -> int:
        """1 for what was done while calls came."""
        return 0 if self.is_over.is_set() else 1


def _is_bad(played: Played) -> bool:
    return bool(played.faults) or max(played.waits, default=0.0) > PROMISED_SECONDS


def _table(load: Load, calm: list[Played], disturbed: list[Played], others: Others) -> str:
    lines = [f"**{load}**", "", "| | p50 ms | p99 ms | slowest ms | faults |", "|---|---:|---:|---:|---:|"]
    for name, turns in (("undisturbed", calm), ("disturbed", disturbed)):
        cells = [short(statistics.median(turn.at(share) for turn in turns)) for share in (0.5, 0.99)]
        slowest = max(turn.at(1.0) for turn in turns)
        lines.append(f"| {name} | {' | '.join(cells)} | {short(slowest)} | {sum(len(turn.faults) for turn in turns)} |")
    ratio = statistics.median(b.at(0.99) / a.at(0.99) for a, b in zip(calm, disturbed, strict=True))
    beside = f"{others.schedules} schedules, {others.reports} reports and {others.exports} exports came and went"
    away = f"{others.turned_away} times a report was told to come again, for want of a place"
    lines += ["", f"99th percentile, disturbed : undisturbed: {short(ratio)}. Meanwhile {beside}; {away}."]
    return "\n".join([*lines, *([f"Failed: {others.failed}"] if others.failed else [])])


if __name__ == "__main__":
    main()
