"""docs/installation.md from top to bottom, in an empty folder: what it says is seen, and a call is heard at its end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.schedule import load
from callrouter.telephony.simulator import answers
from tests.docs.empty_machine import EmptyMachine
from tests.docs.told import ROOT, blocks, likeness
from tests.service import free_port
from tests.stories.machines import NOWHERE, Machine, switchboard

PAGE = (ROOT / "docs" / "installation.md").read_text("utf-8")
NUMBER = PhoneNumber("+46846500400")
LOG = "callrouter log --limit 5"
LOCK = "requirements/run.txt"
LOGGED = re.compile(r"trygghetscenter\s+\+467\*+50\b.*\banswered")
AT_THE_PROVIDER = "callrouter provision"
BACK_UP = "systemctl start callrouter-backup"
STARTED = "systemctl enable --now callrouter.socket"
MISSING_YET = {"callrouter doctor": (0, 1)}
"""Exit codes other than 0 that are right: nobody is at the provider's here."""


@dataclass
class Technician:
    """Whoever types the page."""

    home: Path
    machine: Machine
    empty: EmptyMachine

    def follow(self, command: str) -> str:
        """Type a command, and do what systemd would."""
        if command.startswith(AT_THE_PROVIDER):
            return ""
        if command == BACK_UP:
            command = self.unit("callrouter-backup")
        done = self.empty.type(command)
        said = done.stdout + done.stderr
        assert done.returncode in MISSING_YET.get(command, (0,)), f"{command}\n{said}"
        if command.startswith(STARTED):
            self.machine.given = NOWHERE | self.settings()
            self.machine.start()
        return said

    def calls(self) -> None:
        """Call the number: words are heard, somebody is rung and takes it."""
        phones = switchboard(self.machine)
        people = load(self.machine.schedule.read_bytes()).destinations.values()
        phones.on(*(phone for each in people for phone in each.numbers), does=answers(after=6, talks=60))
        call = phones.rings(NUMBER)
        assert call.said
        assert call.answered_by
        phones.logged(call)

    def settings(self) -> dict[str, str]:
        """What the services are given."""
        lines = (self.home / "etc" / "callrouter" / "environment").read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines) | {
            "CALLROUTER_DATA_DIR": str(self.home / "var" / "lib" / "callrouter"),
            "CALLROUTER_SCHEDULE": str(self.home / "etc" / "callrouter" / "schedule.yaml"),
        }

    def unit(self, name: str) -> str:
        """What a unit that was copied runs, in its environment."""
        text = (self.home / "etc" / "systemd" / "system" / f"{name}.service").read_text("utf-8")
        (command,) = re.findall("^ExecStart=(.*)$", text, re.MULTILINE)
        (self.home / "var" / "lib" / "callrouter-backup").mkdir()
        given = " ".join(f"{name}='{value}'" for name, value in self.settings().items() if name.startswith("CALLR"))
        return f"{given} {command}".replace("${CREDENTIALS_DIRECTORY}", "/etc/callrouter")


@pytest.fixture
def technician(tmp_path: Path) -> Iterator[Technician]:
    port = free_port()
    machine = Machine(tmp_path, tmp_path / "etc" / "callrouter" / "schedule.yaml", port=port)
    empty = EmptyMachine(tmp_path, machine.url)
    empty.prepare()
    yield Technician(tmp_path, machine, empty)
    machine.stop()


def followed(technician: Technician) -> dict[str, str]:
    """Go through the page; what was seen after each command, and what the page says is seen is among it."""
    seen: dict[str, str] = {}
    for block in blocks(PAGE):
        for command in block.commands:
            if command == LOG:
                technician.calls()
            seen[command] = technician.follow(command)
        here = "".join(seen[command] for command in block.commands)
        assert [text for text in block.answers if likeness(here, text) < 1] == [], here
    return seen


def test_the_page_leads_from_an_empty_machine_to_a_call_that_is_heard(technician: Technician) -> None:
    seen = followed(technician)
    assert "Installing requirements/run.txt" in (ROOT / "Makefile").read_text("utf-8").replace("$(1)", LOCK)
    assert LOGGED.search(seen[LOG]), seen[LOG]
    assert "/welcome/" in seen["callrouter user add anna --role administrator"]
    well = set(re.findall(r"^ok\t([\w-]+)", seen["callrouter doctor"], re.MULTILINE))
    assert {"settings", "schedule", "database", "spool", "back-up"} <= well, seen["callrouter doctor"]


def test_each_step_says_what_is_seen_and_what_to_do_if_not() -> None:
    steps = re.split(r"^## (?=\d)", PAGE.partition("## Extras")[0], flags=re.MULTILINE)[1:]
    assert [step.split(".")[0] for step in steps] == [str(number) for number in range(1, 10)]
    assert [step for step in steps if "Seen" not in step and "Hear " not in step] == []
