"""An arrival appended to a log of any size, by a process that has just begun, against one appended to an empty log.

Each append is a commit of its own, of two events and a caller, as a request that finds nobody writing makes it. Cold:
before each process, what the system keeps of the database's files in memory is dropped. PostgreSQL keeps pages of its
own; `--cold COMMAND` of bench/growth.py is what restarts it.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.contestants import entry
from bench.generated_calls import PSEUDONYMIZER
from bench.timing import Times
from callrouter.calllog.database import Database
from callrouter.calllog.writes import write_entries

APPENDS = 200


@dataclass(frozen=True, slots=True)
class Appends:
    """How long the first append of each process took, and the median of all those after it (ms, a process each)."""

    first: Times
    later: Times


def appended(urls: list[str], rounds: int, cold: str | None) -> list[Appends]:
    """What appends cost in each of *urls*, process by process in turns."""
    took: list[list[list[float]]] = [[] for _ in urls]
    for _ in range(rounds):
        for url, processes in zip(urls, took, strict=True):
            _cool(url, cold)
            program = [sys.executable, "-m", "bench.appends", url]
            processes.append(json.loads(subprocess.run(program, check=True, capture_output=True).stdout))
    return [
        Appends(Times(tuple(p[0] for p in processes)), Times(tuple(sorted(p[1:])[len(p) // 2] for p in processes)))
        for processes in took
    ]


def _cool(url: str, cold: str | None) -> None:
    """Drop what is kept in memory of the files of *url*; whatever waits to be written is written first."""
    if not url.startswith("sqlite"):
        if cold:
            subprocess.run(shlex.split(cold), check=True)
        return
    path = Path(url.removeprefix("sqlite:///"))
    for file in path.parent.glob(f"{path.name}*"):
        drop(file)


def drop(file: Path) -> None:
    """Drop what the system keeps of *file* in memory."""
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(handle)


def _append(url: str) -> list[float]:
    """Each append's time, in this process."""
    database, took = Database(url), []
    for told in [entry() for _ in range(APPENDS)]:
        began = time.perf_counter()
        write_entries(database, PSEUDONYMIZER, [told])
        took.append((time.perf_counter() - began) * 1e3)
    database.close()
    return took


if __name__ == "__main__":
    print(json.dumps(_append(sys.argv[1])))
