"""Every command that a page shows is typed here, in a checkout with a running service; or it says who else runs it."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.checkout import Checkout, checkout
from tests.docs.told import PAGES, ROOT, Block, blocks, likeness, name

ALIKE = 0.5
"""How many lines of what a page shows must be answered: some tell of a day, a month or a file of their own."""

TOLD = {name(page): found for page in PAGES if (found := list(blocks(page.read_text("utf-8"))))}


MEASUREMENT = r"(?:strace .*)?\.venv/bin/python (?:-m )?(bench[./]\w+)"
"""A measurement, on the disk that is there or on one that `strace` slows down."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Commands that begin as *command*, why they are not typed here, and what types them: all their words are there."""

    command: str
    why: str
    where: tuple[str, ...]


ELSEWHERE = [
    Elsewhere("make test", "it runs these tests", (".ci/run",)),
    Elsewhere("make check", "it runs these tests", ("Makefile",)),
    Elsewhere("make run", "it installs, and does not end; then it is `serve`", ("Makefile",)),
    Elsewhere(
        "make bench", "minutes, and only a quiet machine gives figures", ("Makefile", "bench/webhooks/__main__.py")
    ),
    Elsewhere("make faults", "minutes", ("Makefile", "tests/faults/conftest.py")),
    Elsewhere(
        r"\S*callrouter serve",
        "it does not end",
        ("deploy/Procfile", "tests/stories/test_stopping_under_load.py"),
    ),
    Elsewhere(r"\S*callrouter clock", "it does not end", ("tests/cli/test_jobs.py",)),
    Elsewhere(r"\S*callrouter provision", "it needs the provider", ("tests/cli/test_provision.py",)),
    Elsewhere(r"\S*callrouter reconcile", "it needs the provider", ("tests/cli/test_reconcile.py",)),
    Elsewhere("initdb|pg_ctl", "PostgreSQL's own, and not as root", ("tests/calllog/postgres.py",)),
]

READ = {
    ("docs/installation.md", "# Installing it"): "tests/docs/test_installation.py",
    ("docs/operations.md", "### Upgrading, and going back"): "tests/stories/test_roll_back.py",
    ("docs/operations.md", "### All of it, each night"): "tests/stories/test_lost_machine.py",
    ("docs/operations.md", "### When the machine is lost"): "tests/stories/test_lost_machine.py",
}
"""Sections whose commands a test of their own reads from the page, and types as they stand."""

UNTYPED = {
    MEASUREMENT: "minutes, and only a quiet machine gives figures: docs/type-what-takes-long; their options are below",
    "createdb -h": "beside ten million calls; without its options it is typed where a machine is lost",
    "npm|cat > entry.js|npx": "it fetches from a registry; what came of it is kept, with its hash",
}
"""What nobody types, and why."""

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


def is_typed_here(page: str, command: str) -> bool:
    if elsewhere(command) or any(re.match(start, command) for start in UNTYPED):
        return False
    return not any(of == page and command in section(page, heading) for of, heading in READ)


def section(page: str, heading: str) -> str:
    """What stands under a *heading*, up to the next one of its level."""
    text = (ROOT / page).read_text("utf-8")
    assert f"{heading}\n" in text
    level = heading.partition(" ")[0]
    return re.split(rf"^{level} ", text.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def words(command: str) -> list[str]:
    """What a *command* says beside its values: the program, what it is to do, options."""
    first, *rest = shlex.split(command, comments=True)
    does = [rest[0]] if first == "make" or first.endswith("callrouter") else [first]
    return does + re.findall(r"--[\w-]+", " ".join(rest))


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


def complaints(here: Checkout, page: str, block: Block) -> list[str]:
    """Type a block of a *page*; what did not go as it says."""
    found, answers = [], []
    typed_here = [command for command in block.commands if is_typed_here(page, command)]
    for command in typed_here:
        here.new_schedule(*(MISTAKES if "schedule check" in command else [SHORTER]))
        typed = here.type(command)
        answers.append(typed.stdout + typed.stderr)
        if typed.returncode != expected(command):
            found.append(
                f"{command}\nexit code {typed.returncode}, expected {expected(command)}:\n{answers[-1][-500:]}"
            )
    shown = [text for text in block.answers if typed_here and not text.startswith(UNLIKE)]
    found += [
        f"nobody says\n{text}" for text in shown if not any(likeness(answer, text) >= ALIKE for answer in answers)
    ]
    return found


def commands() -> list[str]:
    return [command for found in TOLD.values() for block in found for command in block.commands]


def unsaid(command: str, where: tuple[str, ...]) -> list[str]:
    """The words of a *command* that none of these files has."""
    there = set(re.findall(r"[\w-]+", "".join((ROOT / file).read_text("utf-8") for file in where)))
    return [word for word in words(command) if word not in there]


@pytest.mark.parametrize("there", ELSEWHERE, ids=lambda each: each.command)
def test_what_is_typed_elsewhere_is_told_by_a_page_and_its_words_are_there(there: Elsewhere) -> None:
    told = [command for command in commands() if elsewhere(command) is there]
    assert told, "no page tells it any more"
    assert {command: missing for command in told if (missing := unsaid(command, there.where))} == {}


@pytest.mark.parametrize("command", ["callrouter serve --no-such-option", "callrouter serv", "make serve"])
def test_words_that_nobody_types_are_seen(command: str) -> None:
    assert unsaid(command, ("tests/docs/test_readme.py",)) != []


@pytest.mark.parametrize(("place", "test"), READ.items(), ids=str)
def test_a_section_that_is_read_by_a_test_is_told_and_read_there(place: tuple[str, str], test: str) -> None:
    page, heading = place
    assert list(blocks(section(page, heading)))
    code = (ROOT / test).read_text("utf-8")
    assert heading.lstrip("# ") in code or Path(page).name in code


@pytest.mark.parametrize("start", UNTYPED)
def test_what_nobody_types_is_told_by_a_page(start: str) -> None:
    assert any(re.match(start, command) for command in commands())


@pytest.mark.parametrize("command", sorted({c for c in commands() if re.match(MEASUREMENT, c)}))
def test_a_measurement_has_the_options_that_a_page_gives_it(command: str) -> None:
    (script,) = re.findall(MEASUREMENT, command)
    told = command.partition(script)[2]
    place = ROOT / script.removesuffix(".py").replace(".", "/")
    files = place.glob("*.py") if place.is_dir() else [place.with_suffix(".py")]
    code = "".join(file.read_text("utf-8") for file in files)
    assert [option for option in re.findall(r" (--[\w-]+)", told) if f'"{option}"' not in code] == []


def test_what_takes_long_is_typed_by_a_script() -> None:
    script = ROOT / "docs" / "type-what-takes-long"
    typed = subprocess.run([str(script), "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    long = rf"{MEASUREMENT}|make (?:check|bench|faults)"
    told = {command for command in commands() if re.match(long, command)}
    assert told
    assert told <= set(typed)


@pytest.mark.parametrize("page", TOLD)
def test_what_a_page_tells_to_type_does_what_it_says(page: str, tmp_path: Path) -> None:
    with checkout(tmp_path) as here:
        found = [complaint for block in TOLD[page] for complaint in complaints(here, page, block)]
    assert found == [], "\n\n".join(found)
