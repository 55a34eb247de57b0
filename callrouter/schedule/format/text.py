"""Words of the file: every scalar is text until a function here, in times.py or in dates.py gives it a meaning.

Each takes the text of a scalar and raises Unreadable, with what was found and what is expected.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from callrouter.domain.schedule import ServiceTarget
from callrouter.schedule.format.problems import nearest

T = TypeVar("T")

_TRUTH = dict.fromkeys(("yes", "true", "on", "ja"), True) | dict.fromkeys(("no", "false", "off", "nej"), False)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_NAME = 60
LONGEST_NOTE = 200


class Unreadable(ValueError):  # noqa: N818 - it is caught a line away, and reads as a sentence there
    """A text that does not mean what its place needs; the message is the sentence for the editor."""


def tidy(text: str) -> str:
    """Return *text* with single spaces, none at the ends."""
    return " ".join(text.split())


def prose(text: str) -> str:
    """Read words for people."""
    return filled(text)


def name(text: str) -> str:
    """Read the name of a unit, destination, person, rota or message."""
    word = filled(text)
    if len(word) > LONGEST_NAME:
        raise Unreadable(f"the name has {len(word)} characters; expected at most {LONGEST_NAME}")
    if word[0] == "+" or word[0].isdigit():
        raise Unreadable(
            f"the name '{word}' begins with '{word[0]}'; expected a letter, so that no number looks like it"
        )
    return word


def choice(words: Mapping[str, T]) -> Callable[[str], T]:
    """Return a reader of one of *words*."""

    def read(text: str) -> T:
        word = tidy(text)
        if word.casefold() not in words:
            expected = ", ".join(words)
            raise Unreadable(f"'{word}' is unknown here; expected {expected}{nearest(word, words)}")
        return words[word.casefold()]

    return read


def truth(text: str) -> bool:
    """Read yes or no."""
    word = tidy(text).casefold()
    if word not in _TRUTH:
        raise Unreadable(f"'{tidy(text)}' is neither yes nor no; expected yes or no")
    return _TRUTH[word]


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number from *least* to *most*."""

    def read(text: str) -> int:
        word = tidy(text)
        if not re.fullmatch(r"[0-9]{1,9}", word) or not least <= int(word) <= most:
            raise Unreadable(f"'{word}' is not a whole number from {least} to {most}")
        return int(word)

    return read


def target(text: str) -> ServiceTarget:
    """Read `80% 30s`: this share answered within these seconds."""
    match = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?)\s*%\s*([0-9]{1,5})\s*s", tidy(text))
    share = float(match[1].replace(",", ".")) if match else 0
    if not match or not 0 < share <= 100 or int(match[2]) < 1:
        raise Unreadable(f"'{tidy(text)}' is no share and seconds; expected e.g. 80% 30s")
    return ServiceTarget(round(share / 100, 6), int(match[2]))


def note(text: str) -> str:
    """Read words for people that travel with every callback of a call, so they must not be long."""
    return _short(text, LONGEST_NOTE)


def title(text: str) -> str:
    """Read what a unit is called aloud: whoever picks up a call hears it before they are put through."""
    return _short(text, LONGEST_NAME)


def _short(text: str, longest: int) -> str:
    word = filled(text)
    if len(word) > longest:
        raise Unreadable(f"has {len(word)} characters; expected at most {longest}")
    return word


def filled(text: str) -> str:
    """Return the tidy text, which must not be empty."""
    word = tidy(text)
    if not word:
        raise Unreadable("nothing stands here; expected a value")
    if unseen := _CONTROL.search(word):
        raise Unreadable(f"a character stands here that nobody sees (U+{ord(unseen[0]):04X}); expected plain text")
    return word
