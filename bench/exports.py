"""A month of calls as a CSV file, beside what the engine's own tool makes of the same columns."""

import subprocess
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from bench.databases import plain_url
from bench.timing import Times
from callrouter.calllog.database import Database
from callrouter.calllog.export import Format, Order, export

_COLUMNS = (
    "c.call_id, c.unit, c.received_at, c.local_time, c.called, n.number, n.forwarded_from, c.state, c.decided_by,"
    " c.reason, c.line, c.schedule_version, c.is_redial, c.disposition, c.answered_destination, c.answered_company,"
    " c.answered_person, c.seconds_to_answer, c.talked_seconds, c.ended_at, c.origin, c.reviewed_at, c.reviewed_by,"
    " c.category"
)
_ROWS = (
    "SELECT {} FROM call c LEFT JOIN caller n ON n.day = c.day AND n.call_id = c.call_id"
    " WHERE c.received_at >= '{:%Y-%m-%d}' AND c.received_at < '{:%Y-%m-%d}' ORDER BY c.received_at"
)


def exported(url: str, database: Database, since: datetime, days: int, rounds: int) -> tuple[int, Times, Times]:
    """How many rows *days* have, and how long ours and the engine's own tool took (ms), in turns."""
    until = since + timedelta(days=days)
    statement = _ROWS.format(_COLUMNS, since, until)
    ours, floor, rows = [], [], 0
    with tempfile.TemporaryDirectory(dir=_beside(url)) as directory:
        for number in range(rounds + 1):
            file = Path(directory) / f"{number}.csv"
            began = time.perf_counter()
            rows = export(database, Order((since, until), file, Format.CSV), lambda _: None)
            ours.append((time.perf_counter() - began) * 1e3)
            began = time.perf_counter()
            _by_hand(url, statement, Path(directory) / "floor.csv")
            floor.append((time.perf_counter() - began) * 1e3)
            file.unlink()
    return rows, Times(tuple(ours[1:])), Times(tuple(floor[1:]))


def _beside(url: str) -> str | None:
    """The disk of the database, where that is a file."""
    return str(Path(url.removeprefix("sqlite:///")).parent) if url.startswith("sqlite") else None


def _by_hand(url: str, statement: str, file: Path) -> None:
    with file.open("wb") as out:
        if url.startswith("sqlite"):
            program = ["sqlite3", "-readonly", "-csv", url.removeprefix("sqlite:///"), statement]
            subprocess.run(program, stdout=out, check=True)
            return
        with (
            psycopg.connect(plain_url(url), options="-c timezone=UTC") as connection,
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as pieces,
        ):
            for piece in pieces:
                out.write(piece)
