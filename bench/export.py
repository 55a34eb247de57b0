"""How fast calls are exported as CSV, beside what the database's own tool makes of the same rows, and in what memory.

    .venv/bin/python bench/export.py --rows 200000

The floors: a bare COPY of the same columns on PostgreSQL, unmasked, unsorted and with formulas, like ours on one
processor; `sqlite3 -csv` on SQLite. In turns, medians; all files are synced to the disk. Goals: 0.7 of the floor on
PostgreSQL, 0.3 on SQLite, and memory that does not grow with the rows.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))

from callrouter.calllog.database import Database
from callrouter.calllog.export import Format, Order, export
from callrouter.calllog.windows import logged_period
from tests.calllog.postgres import running_server

ROUNDS = 5
GOALS = {"postgresql": 0.7, "sqlite": 0.3}
MEMORY_GOAL = 16  # MB more for ten times the rows
START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS_BETWEEN = 100
COLUMNS = """c.call_id, c.unit, c.received_at, c.local_time, c.called, k.number, k.forwarded_from, c.state,
 c.decided_by, c.reason, c.line, c.schedule_version, c.is_redial, c.disposition, c.answered_destination,
 c.answered_company, c.answered_person, c.seconds_to_answer, c.talked_seconds, c.ended_at, c.origin, c.reviewed_at,
 c.reviewed_by, c.category"""
SAME = f"SELECT {COLUMNS} FROM call c LEFT JOIN caller k ON k.day = c.day AND k.call_id = c.call_id"  # noqa: S608
CALL = """'unit-' || mod(i, 100), '+46846500400', {local} || '+01:00', 'closed', 'hours',
 'mon-fri 10:00-15:00 (from 2005-06-01)', 14, '{version}', 'answered', 'security', 'Nordbevakning AB', 'anna',
 20, 60, 'real', '[]', 6""".replace("{version}", "0123456789abcdef" * 4)
NAMES = """day, received_at, ended_at, call_id, is_redial, unit, called, local_time, state, decided_by, reason, line,
 schedule_version, disposition, answered_destination, answered_company, answered_person, seconds_to_answer,
 talked_seconds, origin, legs, events"""
FILL = {
    "sqlite": f"""INSERT INTO call ({NAMES})
 WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < :rows),
 x AS (SELECT i, datetime('{START:%Y-%m-%d}', (i * {SECONDS_BETWEEN}) || ' seconds') AS at FROM s)
 SELECT date(at), at || '.000000', at || '.000000', 'CA' || lower(hex(randomblob(16))), 0,
 {CALL.replace("{local}", "replace(at, ' ', 'T')")} FROM x""",  # noqa: S608 - our own text
    "postgresql": f"""INSERT INTO call ({NAMES})
 SELECT (at AT TIME ZONE 'UTC')::date, at, at, 'CA' || md5(i::text), false,
 {CALL.replace("{local}", "to_char(at, 'YYYY-MM-DDXHH24:MI:SS')").replace("X", '"T"')}
 FROM (SELECT i, timestamptz '{START:%Y-%m-%d} 00:00Z' + i * interval '{SECONDS_BETWEEN} s' AS at
 FROM generate_series(1, :rows) i) x""",  # noqa: S608 - the same
}
CALLERS = "INSERT INTO caller (day, call_id, number) SELECT day, call_id, '+46701740650' FROM call"


def filled(url: str, rows: int) -> Database:
    database = Database(url)
    database.prepare()
    with database.writing() as connection:
        kind = connection.dialect.name
        if not database.is_sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql(FILL[kind].replace(":rows", str(rows)))
        connection.exec_driver_sql(CALLERS)
    with database.writing() as connection:
        connection.exec_driver_sql("ANALYZE")
    return database


def ours(database: Database, file: Path, rows: int | None = None) -> int:
    """The whole log, or its first *rows*."""
    with database.reading() as connection:
        span = logged_period(connection)
    assert span
    end = span[1] if rows is None else START + rows * timedelta(seconds=SECONDS_BETWEEN)
    return export(database, Order((span[0], end), file, Format.CSV), lambda _progress: None)


def sqlite_csv(path: str, file: Path) -> None:
    with file.open("wb") as out:
        subprocess.run(["sqlite3", "-csv", path, SAME + " ORDER BY c.received_at"], stdout=out, check=True)  # noqa: S607
        os.fsync(out.fileno())


def bare_copy(url: str, file: Path) -> None:
    copy = f"COPY ({SAME}) TO STDOUT (FORMAT csv)"
    with (
        psycopg.connect(url, options="-c max_parallel_workers_per_gather=0") as connection,
        connection.cursor() as cursor,
        file.open("wb") as out,
        cursor.copy(copy) as pieces,
    ):
        for piece in pieces:
            out.write(piece)
        os.fsync(out.fileno())


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _memory(url: str, file: str, rows: int, answer: object) -> None:
    ours(Database(url), Path(file), rows)
    answer.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # type: ignore[attr-defined]


def memory(url: str, file: Path, rows: int) -> float:
    """MB that a process needs at most to export *rows*."""
    spawned = get_context("spawn")
    answer = spawned.SimpleQueue()
    process = spawned.Process(target=_memory, args=(url, str(file), rows, answer))
    process.start()
    process.join()
    return float(answer.get())


def measured(name: str, url: str, rows: int, floor: Callable[[Path], None], folder: Path) -> bool:
    """Print a line; returns whether the goals are met."""
    database = filled(url, rows)
    file, raw = folder / f"{name}.csv", folder / f"{name}-floor.csv"
    assert ours(database, file) == rows
    floor(raw)
    pairs = [(seconds(lambda: floor(raw)), seconds(lambda: ours(database, file))) for _ in range(ROUNDS)]
    floors, times = zip(*pairs, strict=True)
    ratio = statistics.median(f / o for f, o in pairs)
    few, many = (memory(url, file, count) for count in (rows // 10, rows))
    print(
        f"{name:<12}{rows / statistics.median(floors):>14,.0f}{rows / statistics.median(times):>14,.0f}"
        f"{ratio:>8.2f}{GOALS[name]:>6}{few:>10.0f}{many:>8.0f}"
    )
    return ratio >= GOALS[name] and many - few <= MEMORY_GOAL


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    rows = parser.parse_args().rows
    print(f"{rows:,} calls")
    print(f"{'':<12}{'floor rows/s':>14}{'ours rows/s':>14}{'ratio':>8}{'goal':>6}{'MB, 1/10':>10}{'all':>8}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = str(folder / "bench.db")
        good = measured("sqlite", f"sqlite:///{path}", rows, lambda file: sqlite_csv(path, file), folder)
        if server := running_server():
            url = server.empty_database()
            plain = url.replace("+psycopg", "")
            good &= measured("postgresql", url, rows, lambda file: bare_copy(plain, file), folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
