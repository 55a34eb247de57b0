"""The commands of docs/operations.md, typed as they stand on a machine that is installed as the page says."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from sqlalchemy import URL

from tests.calllog.postgres import programs
from tests.docs.told import ROOT, blocks
from tests.stories.machines import Machine

ENGINES = ("SQLite", "PostgreSQL")


def told(title: str, engine: str) -> list[str]:
    """The commands under a heading of the page: those for every database, and those for *engine*."""
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    section = re.split(r"^#+ ", page.partition(f"### {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    files, *each = blocks(section)
    after = each.pop().commands if len(each) > len(ENGINES) else ()
    return [*files.commands, *(each[ENGINES.index(engine)].commands if each else ()), *after]


def unit() -> str:
    """What systemd runs each night, and whenever somebody starts it."""
    text = (ROOT / "deploy" / "callrouter-backup.service").read_text("utf-8")
    (command,) = re.findall("^ExecStart=(.*)$", text, re.MULTILINE)
    return str(command)


def installed(home: Path) -> Path:
    """What the page has in /opt/callrouter."""
    program = home / "opt" / ".venv" / "bin" / "callrouter"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {quote(sys.executable)} -m callrouter "$@"\n', "utf-8")
    program.chmod(0o755)
    (home / "opt" / "deploy").symlink_to(ROOT / "deploy")
    return program.parents[2]


@dataclass(frozen=True, slots=True)
class Typist:
    """Types commands of the page on a machine, where what they name has another place."""

    here: Machine
    backup: Path
    database: URL

    @property
    def settings(self) -> Path:
        """What the page has in /etc/callrouter/environment."""
        return self.here.home / "environment"

    def type(self, commands: list[str]) -> None:
        """Each of them must go well; root and the service's user are one here."""
        environ = self.here.environ | {"PGHOST": str(self.database.query.get("host", "")), "PGUSER": "postgres"}
        environ["PATH"] = f"{programs()}:{environ['PATH']}"
        for command in commands:
            if "reconcile" in command:
                continue  # nobody is at the provider's here: tests/cli/test_reconcile.py
            done = subprocess.run(
                ["/bin/sh", "-c", self._ours(command)],
                cwd=self.here.home,
                env=environ,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                raise AssertionError(f"{command}\n{done.stdout}{done.stderr}")

    def _ours(self, command: str) -> str:
        newest = max((path.stem for path in self.backup.glob("callrouter-*.*")), default="")
        home = self.here.home
        for name, ours in {
            r"^systemctl start callrouter-backup$": unit(),
            r"callrouter-2\S+?Z": newest,
            r" --owner=callrouter --group=callrouter": "",
            r"^chown --recursive callrouter": "test -d",
            r"/var/lib/callrouter-backup|(?<=[ =])/backup": str(self.backup),
            r"/var/lib/callrouter": str(home / "var"),
            r"/etc/callrouter|\$\{CREDENTIALS_DIRECTORY\}": str(home),
            r"/opt/callrouter": str(home / "opt"),
            r"^callrouter": str(home / "opt" / ".venv" / "bin" / "callrouter"),
            r"([ =])calls$|(?<=dbname=)calls\b": rf"\1{self.database.database}",
        }.items():
            command = re.sub(name, ours, command)
        return command
