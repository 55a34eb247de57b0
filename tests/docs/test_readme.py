"""The pages say what the code does: settings, commands, schedules, words, links."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click
import pytest

from callrouter.calllog.export import as_json
from callrouter.calllog.job_runs import RunState
from callrouter.calllog.tables import CallRow
from callrouter.checks.finding import Level
from callrouter.cli import main
from callrouter.cli.schedule import schema
from callrouter.domain import words
from callrouter.schedule import load
from callrouter.telephony.provider import Direction, Endpoint
from callrouter.telephony.twilio.links import CONNECTION, PATIENT

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text("utf-8")
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ENUMERATIONS = [kind for kind in vars(words).values() if isinstance(kind, type) and kind.__bases__ == (StrEnum,)]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of *page* that are marked as *language*."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """The words after `callrouter` of every command that a page shows, up to where its output goes."""
    for page in PAGES:
        for line in "".join(blocks(page.read_text("utf-8"), "console")).splitlines():
            program, *arguments = shlex.split(line.partition(" > ")[0], comments=True) or [""]
            if program in ("callrouter", ".venv/bin/callrouter"):
                yield arguments


def parse(arguments: list[str]) -> None:
    """Let click read a command line without running it; an unknown command, option or value raises."""
    command: click.Command = main
    rest = arguments
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        _, found, rest = command.resolve_command(click.Context(command), rest)
        command = found or command
    assert command is not main, f"no such command: {arguments}"
    command.make_context("callrouter", list(rest))


def section(page: str, start: str) -> str:
    """What stands in *page* under the heading that begins with *start*."""
    assert start in page, f"there is no heading {start!r}"
    return re.split(r"\n#+ ", page.partition(start)[2])[0]


def first_cells(text: str) -> list[str]:
    """The first column of the tables in *text*, without headings."""
    return [
        cell
        for cell in re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
        if cell not in ("Key", "Metric", "Name", "Value", "Word")
    ]


def test_the_readme_names_every_setting_and_no_other() -> None:
    code = "".join(
        (ROOT / "callrouter" / f"{name}.py").read_text("utf-8")
        for name in ("settings", "web_settings", "health_settings", "mail_settings", "twilio_settings")
    )
    read = set(re.findall(r'"((?:[A-Z]+_)*(?:CALLROUTER|TWILIO|DATABASE)_[A-Z_]+)"', code))
    told = [re.sub(r"[`† ]", "", cell) for cell in first_cells(section(README, "## Settings"))]
    assert sorted(told) == sorted(read)


@pytest.mark.parametrize("typed", sorted({shlex.join(arguments) for arguments in commands()}))
def test_every_command_that_a_page_shows_can_be_typed(typed: str) -> None:
    parse(shlex.split(typed))


@pytest.mark.parametrize(
    "typed", ["cal +46846500400", "call", "call +46846500400 --fron x", "log --limit many", "block +46 --til x"]
)
def test_a_command_that_cannot_be_typed_is_seen(typed: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        parse(typed.split())


@pytest.mark.parametrize("script", sorted(set(re.findall(r"bench/\w+\.py", "".join(p.read_text() for p in PAGES)))))
def test_every_measurement_that_a_page_names_exists(script: str) -> None:
    assert (ROOT / script).is_file()


def test_the_schedule_of_the_administrators_page_loads() -> None:
    (schedule,) = blocks((ROOT / "docs" / "administrator.md").read_text("utf-8"), "yaml")
    assert load(schedule).units


def test_the_readme_has_the_line_that_makes_editors_know_the_format() -> None:
    (line,) = blocks(README, "yaml")
    assert line.strip() in (schema.command.help or "")


def test_the_python_of_the_architecture_runs() -> None:
    (code,) = blocks((ROOT / "docs" / "architecture.md").read_text("utf-8"), "python")
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_keys_of_the_log_are_told() -> None:
    columns: dict[str, Any] = {column.key: None for column in CallRow.__table__.columns}
    call = SimpleNamespace(
        **columns
        | {"number": None, "forwarded_from": None, "received_at": datetime(2026, 11, 23, tzinfo=UTC), "legs": []}
    )
    told = re.findall(r"`(\w+)`", " ".join(first_cells(section(OPERATIONS, "## Reading the log"))))
    assert told == list(as_json(cast("Any", call), show_numbers=False))


def test_the_provider_is_told_to_wait_as_the_pages_say() -> None:
    told = {page.name: re.findall(r"#ct=[\w=&]+", page.read_text("utf-8")) for page in PAGES}
    assert [name for name, found in told.items() if found] == ["0038-the-server-by-evidence.md", "operations.md"]
    assert all(set(found) in (set(), {CONNECTION, PATIENT}) for found in told.values())


def test_every_metric_is_told() -> None:
    code = (ROOT / "callrouter" / "web" / "metrics.py").read_text("utf-8")
    told = re.findall(r"`(\w+)`", " ".join(first_cells(section(OPERATIONS, "## Is it well?"))))
    assert [name for name in told if name.startswith("callrouter_")] == re.findall(r'"(callrouter_\w+)"', code)


@pytest.mark.parametrize("kind", [*ENUMERATIONS, Direction, Endpoint, RunState, Level], ids=lambda kind: kind.__name__)
def test_the_glossary_has_every_value_of_the_log(kind: type[StrEnum]) -> None:
    told = first_cells(section(GLOSSARY, f"### {kind.__name__}:"))
    assert told == [f"`{value}`" for value in kind]


def test_the_words_of_the_glossary_are_in_order() -> None:
    told = [word.casefold() for word in first_cells(section(GLOSSARY, "## Words"))]
    assert told == sorted(set(told))


def test_every_test_that_the_pages_name_exists() -> None:
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    named = set(re.findall(r"\btest_\w+", "".join(page.read_text("utf-8") for page in PAGES)))
    known = set(re.findall(r"\bdef (test_\w+)", tests)) | {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert sorted(named - known) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not (page.parent / link).exists()] == []
