"""The pages say what the code does: settings, commands, words, links."""

import re
import shlex
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import click
import pytest

from callrouter.cli import main
from callrouter.domain import words
from callrouter.schedule import load

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ENUMERATIONS = [kind for kind in vars(words).values() if isinstance(kind, type) and kind.__bases__ == (StrEnum,)]


def blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of *page* that are marked as *language*."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[list[str]]:
    """The words after `callrouter` of every command that a page shows."""
    for page in PAGES:
        for line in "".join(blocks(page.read_text("utf-8"), "console")).splitlines():
            program, *arguments = shlex.split(line, comments=True) or [""]
            if program in ("callrouter", ".venv/bin/callrouter"):
                yield arguments


def parse(arguments: list[str]) -> None:
    """Let click read a command line without running it; an unknown command, option or value raises."""
    command: click.Command = main
    rest = arguments
    while isinstance(command, click.Group) and rest:
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            break
        command, rest = found, rest[1:]
    assert command is not main, f"no such command: {arguments}"
    command.make_context("callrouter", list(rest))


def section(page: str, start: str) -> str:
    """What stands in *page* under the heading that begins with *start*."""
    assert start in page, f"there is no heading {start!r}"
    return re.split(r"\n#+ ", page.partition(start)[2])[0]


def first_cells(text: str) -> list[str]:
    """The first column of the tables in *text*, without headings."""
    return [
        cell for cell in re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE) if cell not in ("Value", "Word", "Name")
    ]


def test_the_readme_names_every_setting_and_no_other() -> None:
    code = (ROOT / "callrouter" / "settings.py").read_text("utf-8")
    read = set(re.findall(r'"((?:[A-Z]+_)*(?:CALLROUTER|TWILIO|DATABASE)_[A-Z_]+)"', code))
    told = [re.sub(r"[`† ]", "", cell) for cell in first_cells(section(README, "### Settings"))]
    assert sorted(told) == sorted(read)


@pytest.mark.parametrize("arguments", list(commands()), ids=" ".join)
def test_every_command_that_a_page_shows_can_be_typed(arguments: list[str]) -> None:
    parse(arguments)


@pytest.mark.parametrize("typed", ["cal +46846500400", "call", "call +46846500400 --fron x", "log --limit many"])
def test_a_command_that_cannot_be_typed_is_seen(typed: str) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        parse(typed.split())


def test_the_schedule_in_the_readme_loads() -> None:
    (schedule,) = blocks(README, "yaml")
    assert load(schedule).units


@pytest.mark.parametrize("kind", ENUMERATIONS, ids=lambda kind: kind.__name__)
def test_the_glossary_has_every_value_of_the_log(kind: type[StrEnum]) -> None:
    told = first_cells(section(GLOSSARY, f"### {kind.__name__}:"))
    assert told == [f"`{value}`" for value in kind]


def test_the_words_of_the_glossary_are_in_order() -> None:
    told = [word.casefold() for word in first_cells(section(GLOSSARY, "## Words"))]
    assert told == sorted(set(told))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not (page.parent / link).exists()] == []
