"""What is wrong with a schedule file, in sentences for the person who edits it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol


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
    text: str

    def __str__(self) -> str:
        """Write it as `line 72: destinations > security > then: no destination called …`."""
        where = f"{' > '.join(self.path)}: " if self.path else ""
        return f"line {self.line}: {where}{self.text}"


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

    def error(self, place: Place, text: str) -> None:
        """Note an error."""
        self.errors.append(Problem(place.line, place.path, text))

    def warn(self, place: Place, text: str) -> None:
        """Note a warning."""
        self.warnings.append(Problem(place.line, place.path, text))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` for the known word that *word* looks like, or else nothing."""
    spellings = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), spellings, n=1)
    return f"; did you mean '{spellings[close[0]]}'?" if close else ""
