"""What an edit is about, to be read: lines that have problems, lines that differ, and the difference in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from callrouter.domain.schedule import Schedule
from callrouter.schedule.format.reading import Reading
from callrouter.schedule.preview.difference import Difference
from callrouter.schedule.preview.difference_words import PartInWords, told
from callrouter.schedule.preview.wording import ENGLISH, SWEDISH
from callrouter.web.site import visit
from callrouter.web.texts import Language

_AROUND = 2
_MOST_LINES = 400


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line of a file; *is_faulty*: a problem stands on it. *is_first* of lines that follow each other."""

    number: int
    text: str
    is_faulty: bool
    is_first: bool


def excerpt(text: str, reading: Reading) -> list[NumberedLine]:
    """The lines that have problems, with two around each."""
    faulty = {problem.line for problem in (*reading.errors, *reading.warnings)}
    lines = text.split("\n")
    around = range(-_AROUND, _AROUND + 1)
    near = sorted({number + step for number in faulty for step in around if 0 < number + step <= len(lines)})
    return [
        NumberedLine(number, lines[number - 1], number in faulty, number - 1 not in near)
        for number in near[:_MOST_LINES]
    ]


def line_difference(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield what differs line by line: `+`, `-`, ` ` or `@`, and the line."""
    found = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    for line in list(found)[2 : _MOST_LINES + 2]:
        yield line[0], line if line[0] == "@" else line[1:]


def in_words(found: Difference, new: Schedule) -> list[PartInWords]:
    """What *new* changes, in the language of whoever looks; numbers masked."""
    words = SWEDISH if visit().language is Language.SWEDISH else ENGLISH
    return told(found, words, new.zone, show_numbers=False)
