"""A checkout as a reader of the pages has it: a service on the phone network, and a shell beside it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from shlex import quote

from callrouter import clock
from callrouter.domain.words import Scope
from tests.docs.told import ROOT
from tests.service import RunningService

FIRST_CALL = '.venv/bin/callrouter call +46846500400 --from +46701740650 --at "2026-11-23 18:30"'
"""The one that the README begins with; other pages go on with it."""

TOLD_BY_DEFAULT = ("CALLROUTER_DATA_DIR", "CALLROUTER_SCHEDULE")
"""What a reader does not set: it is where they are."""

_PROGRAMS = {"callrouter": "-m callrouter", "python": ""}
_LIMIT_SECONDS = 120


@dataclass
class Checkout:
    """The directory in which the commands are typed."""

    service: RunningService
    call: str = "not played yet"
    """The id of the first call: it differs from checkout to checkout, as the made-up keys do."""

    @property
    def home(self) -> Path:
        return self.service.home

    def type(self, line: str) -> "subprocess.CompletedProcess[str]":
        """Have a shell run what stands in a page, where the service listens and in a year that is not over."""
        line = re.sub(r"(callrouter call .*)", rf"\1 --url {self.service.url}", line)
        line = re.sub(r"(--until \"?)20\d\d-", rf"\g<1>{clock.now().year + 1}-", line)
        line = line.replace("--until 12:00", f"--until {clock.now().year + 1}-11-23")
        line = re.sub(r"var/callrouter-2\S+\.backup", self.backup, line)
        line = re.sub(r"\bCA[0-9a-f]{8,32}\b", self.call, line)
        line = line.replace("https://calls.example.se", self.service.url)
        line = line.replace("curl ", "curl --fail --silent ").replace("--calls 300", "--calls 60")
        environ = {name: value for name, value in self.service.environ.items() if name not in TOLD_BY_DEFAULT}
        environ |= {"TOKEN": self.token} if "$TOKEN" in line else {}
        environ["PATH"] = f"{self.home / '.venv' / 'bin'}:{environ['PATH']}"
        return subprocess.run(
            ["/bin/bash", "-c", line],
            cwd=self.home,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=_LIMIT_SECONDS,
        )

    @property
    def backup(self) -> str:
        """The newest back-up."""
        return max((str(path) for path in (self.home / "var").glob("*.backup")), default="")

    @cached_property
    def token(self) -> str:
        """What a program shows to the API that may read all of it."""
        scopes = [word for scope in Scope for word in ("--scope", scope.value)]
        return self.service.run("token", "add", f"reader-{clock.now():%H%M%S%f}", *scopes).stdout.split()[-1]

    def new_schedule(self, *changes: tuple[str, str]) -> None:
        """Write `new.yaml`: the schedule with these *changes*."""
        text = (self.home / "config" / "schedule.yaml").read_text("utf-8")
        for before, after in changes:
            assert before in text, f"the schedule does not say {before!r}"
            text = text.replace(before, after, 1)
        (self.home / "new.yaml").write_text(text, "utf-8")


@contextmanager
def checkout(home: Path) -> Iterator[Checkout]:
    """A new one, with the README's first call in its log."""
    shutil.copytree(ROOT / "config", home / "config")
    (home / "bench").symlink_to(ROOT / "bench")
    (home / "tests").symlink_to(ROOT / "tests")
    programs = home / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "journalctl").write_text(
        "#!/bin/sh\necho 'no service of ours has said anything to systemd here'\n", "utf-8"
    )
    (programs / "journalctl").chmod(0o755)
    for name, options in _PROGRAMS.items():
        (programs / name).write_text(f'#!/bin/sh\nexec {quote(sys.executable)} {options} "$@"\n', "utf-8")
        (programs / name).chmod(0o755)
    service = RunningService(home, home / "config" / "schedule.yaml")
    service.start()
    try:
        here = Checkout(service)
        played = here.type(FIRST_CALL)
        assert played.returncode == 0, played.stdout + played.stderr
        (here.call,) = set(re.findall(r"\bCA[0-9a-f]{32}\b", played.stdout))
        yield here
    finally:
        service.stop()
