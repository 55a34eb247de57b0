"""The desk of whoever decides something by hand: a schedule, a database, and the commands."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from callrouter.cli import main
from tests.schedule.files import changed

SCHEDULE = """\
version: 1
timezone: Europe/Stockholm
units:
  centre:
    numbers: [+46 8 465 004 00]
    hours:
      - from: 2020-01-01
        mon-fri: 10:00-15:00
    open: desk
    closed: guard
  night:
    numbers: [+46 8 465 004 01]
    hours: always
    open: desk
    closed: guard
  larm:
    numbers: [+46 8 465 004 99]
    hours: always
    open: guard
destinations:
  desk: {ring: [+46 8 465 004 10], then: guard}
  guard: {ring: [+46 31 390 06 10], then: sorry}
  sorry: {message: sorry}
messages:
  sorry: {sv: Ingen kunde svara.}
"""
TOMORROWS = ("--until", "2099-12-31")
"""An end that is far enough."""


@dataclass
class Desk:
    """An administrator's directory, beside a service on the phone network."""

    folder: Path
    privacy_key: str = "pr1vacy-" * 5
    secret_key: str = ""
    """None, unless a command needs the service's own."""

    def __post_init__(self) -> None:
        self.write(SCHEDULE)

    @property
    def database(self) -> Path:
        return self.folder / "var" / "callrouter.db"

    @property
    def environ(self) -> dict[str, str]:
        return {
            "CALLROUTER_DATA_DIR": str(self.folder / "var"),
            "CALLROUTER_SCHEDULE": str(self.folder / "schedule.yaml"),
            "CALLROUTER_PRIVACY_KEY": self.privacy_key,
            "CALLROUTER_SECRET_KEY": self.secret_key,
        }

    def write(self, text: str) -> None:
        (self.folder / "schedule.yaml").write_text(text, encoding="utf-8")

    def break_schedule(self) -> None:
        self.write(changed(SCHEDULE, ("open: desk", "open: dsk")))

    def run(self, *arguments: str) -> Result:
        result = CliRunner().invoke(main, list(arguments), env=self.environ)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def does(self, *arguments: str) -> str:
        """What a command says that must succeed."""
        result = self.run(*arguments)
        assert (result.exit_code, result.stderr) == (0, ""), result.output
        return result.stdout

    def refuses(self, *arguments: str) -> str:
        """What a command says that must be refused; then nothing was kept."""
        before = self.listed(arguments[0], "--all") if self.database.exists() else []
        result = self.run(*arguments)
        assert (result.exit_code, result.stdout) == (1, ""), result.output
        after = self.listed(arguments[0], "--all") if self.database.exists() else []
        assert after == before
        return result.stderr.rstrip("\n")

    def listed(self, command: str, *options: str) -> list[dict[str, Any]]:
        """What `list --json` says."""
        return [json.loads(line) for line in self.does(command, "list", "--json", *options).splitlines()]
