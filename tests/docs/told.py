"""What the pages tell people to type, and what they say is answered: read from the fenced blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callrouter.settings import os_user

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
TYPED = ("console", "sh", "shell", "bash")
"""The languages of blocks that people are told to type."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^(?!#)\S(?:[^\n]*\\\n)*[^\n]*(?:(?<=<<'END')\n.*?\nEND)?$", re.MULTILINE | re.DOTALL)
"""A line, with those that it goes on in, and what is put into it."""

_HEX = re.compile(r"\b(?:CA)?[0-9a-f]{8,}\b")
_NOT_A_WORD = re.compile(r"[^a-zåäöé]+")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WHEN_AND_WHO = {*_DAYS, *(day[:3] for day in _DAYS), "anna", "root", os_user()}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of commands, and the texts that the page shows after it."""

    commands: tuple[str, ...]
    answers: tuple[str, ...]


def name(page: Path) -> str:
    """A page's path in the repository."""
    return str(page.relative_to(ROOT))


def blocks(page: str) -> Iterator[Block]:
    """The blocks of commands of a *page*, one after another."""
    commands: tuple[str, ...] = ()
    answers: list[str] = []
    for language, content in _FENCE.findall(page):
        if language in TYPED:
            if commands:
                yield Block(commands, tuple(answers))
            commands, answers = tuple(_COMMAND.findall(content)), []
        elif language == "text":
            answers.append(content)
    if commands:
        yield Block(commands, tuple(answers))


def likeness(answer: str, shown: str) -> float:
    """How many of the lines that are *shown* have their like in *answer*: the same words, whatever the figures."""
    there = {_words(line) for line in answer.splitlines()}
    lines = [words for line in shown.splitlines() if (words := _words(line))]
    return sum(words in there for words in lines) / len(lines) if lines else 1.0


def _words(line: str) -> str:
    words = _NOT_A_WORD.sub(" ", _HEX.sub("", line).casefold()).split()
    return " ".join(word for word in words if word not in _WHEN_AND_WHO)
