"""The real service as a process, for tests: started, asked, stopped, killed, started again."""

import json
import os  # the service is given the environment of this process, and a few settings
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any, ClassVar
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from callrouter.settings import Settings, phone_network_settings

PATIENCE_SECONDS = 30.0
_TRIES_A_SECOND = 50


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(is_so: Any, what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for *is_so()*; a test that waits in vain says *what* for."""
    give_up_at = monotonic() + seconds
    while not is_so():
        assert monotonic() < give_up_at, f"in {seconds} s it did not come about: {what}"
        Event().wait(1 / _TRIES_A_SECOND)


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> int:
    """End a service with a signal; returns its exit code. SIGKILL takes the workers with it, as a power cut would."""
    if how is signal.SIGKILL:
        for child in children(process.pid):
            os.kill(child, signal.SIGKILL)
    process.send_signal(how)
    return process.wait(PATIENCE_SECONDS)


@dataclass
class RunningService:
    """`callrouter serve` in a directory of its own."""

    home: Path
    schedule: Path
    options: tuple[str, ...] = ("--phone-network",)
    given: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    sends: ClassVar[str] = "sendto"
    """The system call that its server sends an answer with."""
    python: str = sys.executable
    """Whose program it is: that of the environment with this Python."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        """What the service, and the commands beside it, are told."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CALLROUTER_", "TWILIO_", "DATABASE_"))}  # noqa: TID251
        own = {"CALLROUTER_DATA_DIR": str(self.home / "var"), "CALLROUTER_SCHEDULE": str(self.schedule)}
        return inherited | own | dict(self.given)

    @property
    def command(self) -> list[str]:
        """What starts it."""
        return [self.python, "-m", "callrouter", "serve", "--port", str(self.port), *self.options]

    @property
    def settings(self) -> Settings:
        return phone_network_settings(self.url, self.environ)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = (self.home / "service.log").open("a", encoding="utf-8")
        self.process = subprocess.Popen(
            self.command, cwd=self.home, env=self.environ, stdout=log, stderr=log, text=True
        )
        log.close()
        until(self.answers, f"the service answers; its log:\n{self.log()}")

    def answers(self) -> bool:
        """Whether /healthz is answered."""
        if self.process and self.process.poll() is not None:
            raise AssertionError(f"the service ended by itself; its log:\n{self.log()}")
        try:
            return self.get("/healthz")[0] == 200
        except (URLError, OSError):
            return False

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        try:
            with urlopen(self.url + path, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def ready(self) -> dict[str, Any]:
        """What /readyz says."""
        readiness: dict[str, Any] = json.loads(self.get("/readyz")[1])
        return readiness

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it with a signal, as `end` does; returns its exit code."""
        process, self.process = self.process, None
        return end(process, how) if process else 0

    @contextmanager
    def ticking(self) -> Iterator["subprocess.Popen[str]"]:
        """`callrouter clock` beside the service."""
        log = self.home / "clock.log"
        with log.open("w", encoding="utf-8") as file:
            command = [self.python, "-m", "callrouter", "clock"]
            process = subprocess.Popen(command, cwd=self.home, env=self.environ, stdout=file, stderr=file, text=True)
        try:
            until(lambda: "runs the jobs" in log.read_text("utf-8"), "the clock runs")
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE_SECONDS)

    def run(self, *arguments: str, **otherwise: str) -> "subprocess.CompletedProcess[str]":
        """A command of the program, beside the service; *otherwise*: settings that are others than the service's."""
        command = [self.python, "-m", "callrouter", *arguments]
        environ = self.environ | otherwise
        return subprocess.run(
            command, cwd=self.home, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    def log(self) -> str:
        """What it wrote."""
        path = self.home / "service.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def children(pid: int) -> list[int]:
    """The processes that any thread of *pid* has started and not yet buried."""
    started = (each.read_text(encoding="ascii") for each in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(child) for those in started for child in those.split()]
