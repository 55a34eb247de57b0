"""A contestant that runs: a process on loopback, in a home and with a database of its own."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event
from time import monotonic

from bench.webhooks.asked import AUTH_TOKEN, PUBLIC_URL, Calls
from bench.webhooks.driver import Played, play
from bench.webhooks.load import Load
from bench.webhooks.who import CODE, EXPRESS, ORM, PYTHON, Contestant
from tests.service import free_port, until

_READY_SECONDS, _STOP_SECONDS, _REST_SECONDS = 30.0, 10.0, 20.0
_LOOK_SECONDS, _RESTING_SHARE = 0.2, 0.15
_INHERITED = ("PATH", "HOME", "LANG")


class Server:
    """A contestant that runs."""

    def __init__(self, contestant: Contestant, home: Path, workers: int) -> None:
        self.contestant, self.home, self.port, self.answered = contestant, home, free_port(), 0
        home.mkdir()
        self._environ = {name: os.environ[name] for name in _INHERITED if name in os.environ} | {
            "PORT": str(self.port),
            "WORKERS": str(workers),
            "PUBLIC_URL": PUBLIC_URL,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            **contestant.environ,
        }
        if contestant.prepare:
            place = home / "calls.db"
            self._environ |= {"DATABASE": str(place), "DATABASE_URL": f"sqlite:///{place}"}
            self._prepare(place)
        words = {"ours": sys.executable, "python": PYTHON, "code": CODE, "express": EXPRESS}
        command = [word.format(port=self.port, workers=workers, **words) for word in contestant.command.split()]
        with (home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=home, env=self._environ, stdout=log, stderr=log, start_new_session=True
            )

    def _prepare(self, place: Path) -> None:
        if self.contestant.prepare == ORM:
            subprocess.run([PYTHON, CODE / "sample.py"], env=self._environ, check=True)
        elif self.contestant.prepare:
            with closing(sqlite3.connect(place)) as connection:
                connection.execute(self.contestant.prepare)

    def wait_until_ready(self) -> None:
        """Until it answers a call."""
        until(self._answers, f"{self.contestant.name} answers; it said:\n{self.log()}", _READY_SECONDS)

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"{self.contestant.name} ended by itself; it said:\n{self.log()}")
        try:
            return bool(self.ask(Calls().requests(1), Load(1, 1), 1.0).waits)
        except OSError:
            return False

    def ask(self, requests: list[bytes], load: Load, seconds: float) -> Played:
        """One turn, and the rest after it: what is still done off the path counts as its processor time."""
        before = self._processor_seconds()
        played = self.play(requests, load, seconds)
        self.come_to_rest()
        played.processor_ms = (self._processor_seconds() - before) / max(len(played.waits), 1) * 1e3
        return played

    def play(self, requests: list[bytes], load: Load, seconds: float) -> Played:
        """One turn, until the last answer."""
        played = play(self.port, requests, load.connections, seconds, load.rate)
        self.answered += len(played.waits)
        return played

    def come_to_rest(self) -> None:
        """Until it has nothing left to do, so that it does not disturb whoever is next."""
        give_up_at = monotonic() + _REST_SECONDS
        while monotonic() < give_up_at:
            before = self._processor_seconds()
            Event().wait(_LOOK_SECONDS)
            if self._processor_seconds() - before <= _LOOK_SECONDS * _RESTING_SHARE:
                return

    def _processor_seconds(self) -> float:
        """Of all its processes until now."""
        ticks = sum(int(fields[11]) + int(fields[12]) for fields in self._processes())
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """The largest of its processes: what of it is in memory now, in bytes."""
        return max(int(fields[21]) for fields in self._processes()) * os.sysconf("SC_PAGE_SIZE")

    def _processes(self) -> Iterator[list[str]]:
        """Each of its group: what the kernel tells, from the state on (proc_pid_stat(5))."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text("ascii", errors="replace").rpartition(")")[2].split()
                if int(fields[2]) == self._process.pid:
                    yield fields

    def log(self) -> str:
        """The end of what it wrote."""
        return (self.home / "log").read_text("utf-8", errors="replace")[-2000:]

    def lost(self) -> int:
        """How many calls were answered and are not in its database."""
        kept = self._kept()
        return 0 if kept is None else max(0, self.answered - kept)

    def _kept(self) -> int | None:
        """How many calls are safe in its database."""
        if self.contestant.kept is None:
            return None
        name, query = self.contestant.kept
        with closing(sqlite3.connect(self.home / name, timeout=60)) as connection:
            return int(connection.execute(query).fetchone()[0])

    def stop(self) -> None:
        """End it, and all the processes it has started."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, how)
                self._process.wait(_STOP_SECONDS)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


@contextmanager
def running(contestants: tuple[Contestant, ...], home: Path, workers: int) -> Iterator[list[Server]]:
    """All of *contestants* at once; whoever is not asked has nothing to do."""
    servers: list[Server] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what is begun is ended then too
    try:
        for number, contestant in enumerate(contestants):
            servers.append(Server(contestant, home / f"{workers}-{number}", workers))
        yield servers
    finally:
        for server in servers:
            server.stop()
