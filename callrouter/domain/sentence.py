"""Sentences for people, as data: each is known by its English, and said in another language by a table of the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Value: TypeAlias = "str | int | Sentence | tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Sentence:
    """*english*, where `{name}` stands for one of *values*. A value that is a sentence is said in the same language.

    Without values it is said as it stands: whatever brackets it has are its own.
    """

    english: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, english: str, /, **values: object) -> "Sentence":
        """A sentence with its values: texts, numbers and sentences as they are, a list part by part, dates as ISO."""
        return cls(english, tuple((name, _value(value)) for name, value in values.items()))

    def said(self, table: Mapping[str, str]) -> str:
        """Say it as *table* has it, by its English; in English where the table has it not."""
        text = table.get(self.english, self.english)
        return text.format(**{name: _said(value, table) for name, value in self.values}) if self.values else text

    def __str__(self) -> str:
        """Say it in English."""
        return self.said({})

    def __lt__(self, other: "Sentence") -> bool:
        """Order by what is said."""
        return str(self) < str(other)

    def as_json(self) -> Any:
        """Itself, to be kept."""
        return {"en": self.english} | ({name: _as_json(value) for name, value in self.values})

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Sentence":
        """What `as_json` gave."""
        return cls(kept["en"], tuple((name, _from_json(value)) for name, value in kept.items() if name != "en"))


class SaidError(Exception):
    """An error that people are told; *sentence* says it."""

    def __init__(self, english: str, /, **values: object) -> None:
        self.sentence = Sentence.of(english, **values)
        super().__init__(str(self.sentence))


def _value(value: object) -> Value:
    if isinstance(value, list | tuple):
        return tuple(map(_value, value))
    return value if isinstance(value, str | int | Sentence) else str(value)


def _said(value: Value, table: Mapping[str, str]) -> str:
    if isinstance(value, tuple):
        return ", ".join(_said(part, table) for part in value)
    return value.said(table) if isinstance(value, Sentence) else str(value)


def _as_json(value: Value) -> Any:
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    return value.as_json() if isinstance(value, Sentence) else value


def _from_json(kept: Any) -> Value:
    if isinstance(kept, list):
        return tuple(map(_from_json, kept))
    return Sentence.from_json(kept) if isinstance(kept, dict) else kept
