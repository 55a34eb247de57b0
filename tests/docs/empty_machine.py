"""A folder that stands for an empty machine: its root, and the programs that only a real one has."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from tests.docs.told import ROOT
from tests.stories.machines import NOWHERE

_PLACES = re.compile(r"(?<=[ ='])/(?=(?:opt|etc|usr|var)/)")
_SYSTEMD_RUN = """
import os, sys

options = [word for word in sys.argv[1:] if word.startswith("-")]
file = [word.split("=", 2)[2] for word in options if word.startswith("--property=EnvironmentFile=")]
given = [line for name in file for line in open("{root}" + name, encoding="utf-8").read().splitlines()]
given += [word.removeprefix("--setenv=") for word in options if word.startswith("--setenv=")]
os.environ |= dict(line.split("=", 1) for line in given)
for name in ("CALLROUTER_DATA_DIR", "CALLROUTER_SCHEDULE"):
    os.environ[name] = "{root}" + os.environ[name]
command = sys.argv[1 + sys.argv[1:].index("--setenv=CALLROUTER_SCHEDULE=/etc/callrouter/schedule.yaml") + 1 :]
os.execv("{root}" + command[0], ["{root}" + command[0], *command[1:]])
"""
"""systemd-run as far as `deploy/callrouter` uses it: the command with a unit's environment."""

_PROGRAMS = {
    "apt-get": "true",
    "useradd": "true",
    "systemctl": "true",
    "systemd-run": 'exec {python} "{root}/bin/systemd_run.py" "$@"',
    "git": f'mkdir -p "$3" && cd {quote(str(ROOT))} && cp -R config deploy requirements "$3"',
    "make": """mkdir -p "$2/.venv/bin"
printf '#!/bin/sh\\nexec {python} -m callrouter "$@"\\n' > "$2/.venv/bin/callrouter"
printf '#!/bin/sh\\nPIP_NO_INDEX=1 exec {python} -m pip "$@"\\n' > "$2/.venv/bin/pip"
chmod +x "$2/.venv/bin/callrouter" "$2/.venv/bin/pip\"""",
}
"""What stands for those that change the machine, or fetch: what is cloned and installed is that of the tests."""


@dataclass(frozen=True, slots=True)
class EmptyMachine:
    """*root* is its root; the service will listen at *url*."""

    root: Path
    url: str

    def prepare(self) -> None:
        """Put in what a new machine has."""
        for place in ("opt", "etc/caddy", "etc/systemd/system", "usr/local/bin", "var/lib", "bin"):
            (self.root / place).mkdir(parents=True)
        (self.root / "bin" / "systemd_run.py").write_text(_SYSTEMD_RUN.replace("{root}", str(self.root)), "utf-8")
        for name, text in _PROGRAMS.items():
            said = text.replace("{python}", f'"{sys.executable}"').replace("{root}", str(self.root))
            (self.root / "bin" / name).write_text(f"#!/bin/sh\n{said}\n", "utf-8")
            (self.root / "bin" / name).chmod(0o755)

    def type(self, command: str) -> "subprocess.CompletedProcess[str]":
        """Have a shell run what the page says, in the checkout where there is one."""
        line = _PLACES.sub(f"{self.root}/", command)
        line = line.replace("http://127.0.0.1:8000", self.url)
        if line.startswith("curl "):
            line = line.replace("https://calls.example.se", self.url).replace("curl ", "curl --fail --silent ")
        checkout = self.root / "opt" / "callrouter"
        path = f"{self.root}/usr/local/bin:{self.root}/bin:/usr/bin:/bin"
        return subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=checkout if checkout.exists() else self.root,
            env=NOWHERE | {"PATH": path, "HOME": str(self.root), "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
