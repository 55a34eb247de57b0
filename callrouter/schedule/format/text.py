"""Words of the file: every scalar is text until a function here, in times.py or in dates.py gives it a meaning.

Each takes the text of a scalar and raises Unreadable, with what was found and what is expected.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

from callrouter.domain.destination import ServiceTarget
from callrouter.domain.sentence import SaidError
from callrouter.schedule.format.problems import similar

T = TypeVar("T")

_TRUTH = dict.fromkeys(("yes", "true", "on", "ja"), True) | dict.fromkeys(("no", "false", "off", "nej"), False)

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_NAME = 60
LONGEST_NOTE = 200


class Unreadable(SaidError, ValueError):  # noqa: N818 - it is caught a line away, and reads as a sentence there
    """A text that does not mean what its place needs; *sentence* is for the editor."""


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
        raise Unreadable("the name has {n} characters; expected at most {most}", n=len(word), most=LONGEST_NAME)
    if word[0] == "+" or word[0].isdigit():
        text = "the name '{word}' begins with '{first}'; expected a letter, so that no number looks like it"
        raise Unreadable(text, word=word, first=word[0])
    return word


def choice(words: Mapping[str, T]) -> Callable[[str], T]:
    """Return a reader of one of *words*."""

    def read(text: str) -> T:
        word = tidy(text)
        if word.casefold() not in words:
            text = "'{word}' is unknown here; expected {words}{hint}"
            raise Unreadable(text, word=word, words=list(words), hint=similar(word, words))
        return words[word.casefold()]

    return read


def truth(text: str) -> bool:
    """Read yes or no."""
    word = tidy(text).casefold()
    if word not in _TRUTH:
        raise Unreadable("'{text}' is neither yes nor no; expected yes or no", text=tidy(text))
    return _TRUTH[word]


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of a whole number from *least* to *most*."""

    def read(text: str) -> int:
        word = tidy(text)
        if not re.fullmatch(r"[0-9]{1,9}", word) or not least <= int(word) <= most:
            raise Unreadable("'{word}' is not a whole number from {least} to {most}", word=word, least=least, most=most)
        return int(word)

    return read


def target(text: str) -> ServiceTarget:
    """Read `80% 30s`: this share answered within these seconds."""
    match = re.fullmatch(r"([0-9]{1,3}(?:[.,][0-9]{1,3})?)\s*%\s*([0-9]{1,5})\s*s", tidy(text))
    share = float(match[1].replace(",", ".")) if match else 0
    if not match or not 0 < share <= 100 or int(match[2]) < 1:
        raise Unreadable("'{text}' is no share and seconds; expected e.g. 80% 30s", text=tidy(text))
    return ServiceTarget(round(share / 100, 6), int(match[2]))


def note(text: str) -> str:
    """Read words for people that travel with every callback of a call, so they must not be long."""
    return _short(text, LONGEST_NOTE)


def title(text: str) -> str:
    """Read what people call a unit, which whoever picks up its calls hears, or a destination."""
    return _short(text, LONGEST_NAME)


def _short(text: str, longest: int) -> str:
    word = filled(text)
    if len(word) > longest:
        raise Unreadable("has {n} characters; expected at most {most}", n=len(word), most=longest)
    return word


def filled(text: str) -> str:
    """Return the tidy text, which must not be empty."""
    word = tidy(text)
    if not word:
        raise Unreadable("nothing stands here; expected a value")
    if unseen := _CONTROL.search(word):
        text = "a character stands here that nobody sees ({code}); expected plain text"
        raise Unreadable(text, code=code_of(unseen[0]))
    return word


def code_of(character: str) -> str:
    """Name a *character* that cannot be shown: `U+0007`."""
    return f"U+{ord(character):04X}"
