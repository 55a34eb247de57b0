"""Every command that a page shows is typed here, in a checkout with a running service; or it says who else runs it."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.checkout import Checkout, checkout
from tests.docs.told import PAGES, ROOT, Block, blocks, likeness, name

ALIKE = 0.5
"""How many lines of what a page shows must be answered: some tell of a day, a month or a file of their own."""

TOLD = {name(page): found for page in PAGES if (found := list(blocks(page.read_text("utf-8"))))}


MEASUREMENT = r"\.venv/bin/python (?:-m )?(bench[./]\w+)"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Commands that begin as *command*, why they are not typed here, and where they are."""

    command: str
    why: str
    where: str


ELSEWHERE = [
    Elsewhere("make test", "it runs these tests", ".ci/run"),
    Elsewhere("make check", "it runs these tests", ".ci/run"),
    Elsewhere("make run", "it installs, and does not end", "tests/service.py"),
    Elsewhere("make bench", "minutes, and only a quiet machine gives figures", "bench/webhooks/__main__.py"),
    Elsewhere("make faults", "minutes", "tests/faults/test_process.py"),
    Elsewhere(r"\S*callrouter serve", "it does not end", "tests/cli/test_serve.py"),
    Elsewhere(r"\S*callrouter clock", "it does not end", "tests/cli/test_jobs.py"),
    Elsewhere(r"\S*callrouter provision", "it needs the provider", "tests/cli/test_provision.py"),
    Elsewhere(r"\S*callrouter reconcile", "it needs the provider", "tests/cli/test_reconcile.py"),
    Elsewhere(MEASUREMENT, "minutes, and only a quiet machine gives figures", "docs/performance.md"),
    Elsewhere("useradd|cp deploy|systemctl|sudo", "on a machine with systemd, as root", "deploy/callrouter@.service"),
    Elsewhere("git fetch|make venv", "an upgrade needs a release", "Makefile"),
    Elsewhere(
        "cp --rec|pg_dump|pg_restore|createdb calls|/opt", "a machine is lost", "tests/stories/test_lost_machine.py"
    ),
    Elsewhere("initdb|pg_ctl|createdb", "PostgreSQL's own", "tests/calllog/postgres.py"),
    Elsewhere(
        "npm|cat > entry.js|npx", "it fetches from a registry; what came of it is kept", "tests/web/test_vendor.py"
    ),
]

ANSWERS = {
    "schedule check new.yaml": 1,
    "schedule diff": 1,
    "doctor": 1,
    "override close --unit larm": 1,
    "report withdraw": 1,
}
"""Exit codes other than 0 that are right: there is no provider here for the doctor; what was settled stays so."""


def elsewhere(command: str) -> Elsewhere | None:
    return next((each for each in ELSEWHERE if re.match(each.command, command)), None)


def expected(command: str) -> int:
    return next((code for start, code in ANSWERS.items() if f"callrouter {start}" in command), 0)


UNLIKE = (
    "  received   ",  # the table of a terminal: tests/cli/test_log.py
    "All units, 2026-11",  # a month of calls: tests/cli/test_report.py
    "Nordbevakning AB, calls from",  # the same
    "callrouter does not start",  # tests/cli/test_serve.py
)
"""How texts begin that are answered otherwise here."""

MISTAKES = (("10:00-14:00", "10:00-25:00"), ("open: reception", "open: recption"))
SHORTER = ("mon-thu: 08:00-12:00, 13:00-17:00", "mon-thu: 08:00-12:00, 13:00-16:00")


def complaints(here: Checkout, block: Block) -> list[str]:
    """Type a block; what did not go as the page says."""
    found, answers = [], []
    for command in block.commands:
        if elsewhere(command):
            continue
        here.new_schedule(*(MISTAKES if "schedule check" in command else [SHORTER]))
        typed = here.type(command)
        answers.append(typed.stdout + typed.stderr)
        if typed.returncode != expected(command):
            found.append(
                f"{command}\nexit code {typed.returncode}, expected {expected(command)}:\n{answers[-1][-500:]}"
            )
    shown = [text for text in block.answers if not text.startswith(UNLIKE)]
    found += [
        f"nobody says\n{text}" for text in shown if not any(likeness(answer, text) >= ALIKE for answer in answers)
    ]
    return found


def commands() -> list[str]:
    return [command for found in TOLD.values() for block in found for command in block.commands]


@pytest.mark.parametrize("there", ELSEWHERE, ids=lambda each: each.command)
def test_what_is_typed_elsewhere_is_told_by_a_page_and_is_there(there: Elsewhere) -> None:
    assert any(elsewhere(command) is there for command in commands()), "no page tells it any more"
    assert (ROOT / there.where).is_file()


@pytest.mark.parametrize("command", sorted({c for c in commands() if re.match(MEASUREMENT, c)}))
def test_a_measurement_has_the_options_that_a_page_gives_it(command: str) -> None:
    (script,) = re.findall(MEASUREMENT, command)
    place = ROOT / script.removesuffix(".py").replace(".", "/")
    files = place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    code = "".join(file.read_text("utf-8") for file in files)
    assert [option for option in re.findall(r" (--[\w-]+)", command) if f'"{option}"' not in code] == []


@pytest.mark.parametrize("page", TOLD)
def test_what_a_page_tells_to_type_does_what_it_says(page: str, tmp_path: Path) -> None:
    with checkout(tmp_path) as here:
        found = [complaint for block in TOLD[page] for complaint in complaints(here, block)]
    assert found == [], "\n\n".join(found)
