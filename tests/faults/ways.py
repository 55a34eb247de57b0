"""Ways in which things break: each a block in which it is broken, and after which it is not."""

import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.calllog.postgres import PostgresServer
from tests.service import PATIENCE_SECONDS, RunningService, until

_NO_STRACE = "needs strace, and the right to attach it (Debian: apt install strace)"

_IS_ON = "callrouter is on"
"""What the service logs once it has begun."""

_HIT = re.compile(r"\((INJECTED|DELAYED)|killed by SIGKILL")


def workers(service: RunningService) -> list[int]:
    """The processes that answer, as the system lists them."""
    assert service.process
    pid = service.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another program holds the right to write, as a backup would."""
    backup = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
    backup.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        backup.execute("ROLLBACK")
        backup.close()


@contextmanager
def system_calls(
    service: RunningService, *inject: str, only: Sequence[Path] = (), of: Sequence[int] = ()
) -> Iterator[Path]:
    """Let system calls of all workers, or of those in *of*, fail, wait or kill, in strace's words.

    *only*: those on these files. What it saw stands in the file that is given.
    """
    program = shutil.which("strace") or pytest.skip(_NO_STRACE)
    names = ",".join(each.partition(":")[0] for each in inject)
    words = [word for each in inject for word in ("-e", f"inject={each}")]
    where = [word for path in only for word in ("-P", str(path))]
    pids = [word for pid in of or workers(service) for word in ("-p", str(pid))]
    told, seen = service.home / "strace.told", service.home / "strace.seen"
    with told.open("w", encoding="utf-8") as out:
        command = [program, "-f", "-e", f"trace={names}", *words, *where, "-o", str(seen), *pids]
        tracer = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        until(lambda: tracer.poll() is not None or "attached" in told.read_text("utf-8"), "strace is attached")
        if tracer.poll() is not None:
            pytest.skip(f"{_NO_STRACE}: {told.read_text('utf-8')}")
        yield seen
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    assert _HIT.search(seen.read_text("utf-8", "replace")), f"nobody was hit by {inject}"


@contextmanager
def killed(service: RunningService) -> Iterator[None]:
    """One of the workers is killed; the server itself begins another."""
    before = workers(service)
    os.kill(before[0], signal.SIGKILL)
    yield
    until(lambda: len(workers(service)) == len(before), "another worker has begun")


@contextmanager
def gone(service: RunningService) -> Iterator[None]:
    """The whole service is killed, as a power cut would, and started again after the block."""
    service.stop(signal.SIGKILL)
    try:
        yield
    finally:
        service.start()


@contextmanager
def released(service: RunningService) -> Iterator[None]:
    """Another service begins on the held socket, then the first ends: two that are restarted one after the other."""
    first, begun = service.process, service.log().count(_IS_ON)
    assert first
    service.start()
    until(lambda: service.log().count(_IS_ON) > begun and len(workers(service)) > 1, "the new one is up")
    first.send_signal(signal.SIGTERM)
    yield
    assert first.wait(PATIENCE_SECONDS) == 0


@contextmanager
def out_of_files(service: RunningService) -> Iterator[None]:
    """One of the workers may open no more files than it has open."""
    pid = workers(service)[0]
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(list(Path(f"/proc/{pid}/fd").iterdir())), hard))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def written_over(file: Path, content: bytes | None) -> Iterator[None]:
    """A file holds *content* instead of its own; None: it is not there."""
    good = file.read_bytes()
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(good)


@contextmanager
def stopped(server: PostgresServer) -> Iterator[None]:
    """PostgreSQL is down."""
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def hanging(url: str) -> Iterator[None]:
    """PostgreSQL takes connections and statements, and answers none that writes."""
    place = make_url(url)
    with psycopg.connect(host=str(place.query["host"]), user="postgres", dbname=place.database) as other:
        other.execute("LOCK TABLE call_event IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


@contextmanager
def paused(service: RunningService) -> Iterator[None]:
    """One of the workers stands still."""
    pid = workers(service)[0]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
