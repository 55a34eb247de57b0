"""What is wrong with a schedule file, in sentences for the person who edits it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from callrouter.domain.sentence import Sentence


class Place(Protocol):
    """Something of the file that has a line and a path of names."""

    @property
    def line(self) -> int: ...

    @property
    def path(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error or warning: the line (from 1), the path in words, and the sentence."""

    line: int
    path: tuple[str, ...]
    text: Sentence

    @property
    def sentence(self) -> Sentence:
        """With its place: `line 72: destinations > security > then: no destination called …`."""
        if not self.path:
            return Sentence.of("line {line}: {text}", line=self.line, text=self.text)
        return Sentence.of("line {line}: {path}: {text}", line=self.line, path=self.where, text=self.text)

    @property
    def where(self) -> Sentence:
        """Its path: names as they stand in the file, items of a list by their number."""
        gaps = {f"p{number}": _step(name) for number, name in enumerate(self.path)}
        return Sentence.of(" > ".join(f"{{{gap}}}" for gap in gaps), **gaps)

    def __str__(self) -> str:
        """Write it in English."""
        return str(self.sentence)


def _step(name: str) -> Sentence | str:
    kind, _, number = name.partition(" ")
    return Sentence.of("item {n}", n=number) if kind == "item" and number.isdecimal() else name


class ScheduleErrors(ValueError):  # noqa: N818 - many at once is the point of it
    """A schedule that cannot be used; *errors* has all the reasons, in the order of the file."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        """List every error, a line each."""
        return "\n".join(map(str, self.errors))


@dataclass(slots=True)
class Findings:
    """The errors and warnings of one reading, as they are found."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, place: Place, text: str | Sentence, /, **values: object) -> None:
        """Note an error: a sentence, or its English and its values."""
        self.errors.append(Problem(place.line, place.path, _sentence(text, values)))

    def warn(self, place: Place, text: str | Sentence, /, **values: object) -> None:
        """Note a warning."""
        self.warnings.append(Problem(place.line, place.path, _sentence(text, values)))


def _sentence(text: str | Sentence, values: dict[str, object]) -> Sentence:
    return text if isinstance(text, Sentence) else Sentence.of(text, **values)


def similar(word: str, known: Iterable[str]) -> Sentence | str:
    """Return `; did you mean 'x'?` for the known word that *word* looks like, or else nothing."""
    spellings = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), spellings, n=1)
    return Sentence.of("; did you mean '{name}'?", name=spellings[close[0]]) if close else ""


def nearest(word: str, known: Iterable[str]) -> str:
    """The same in English."""
    return str(similar(word, known))
