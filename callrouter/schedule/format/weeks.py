"""Weeks of the file: lines such as `mon-fri: 10:00-15:00` under `from:` or `period:`."""

from dataclasses import dataclass
from typing import Any

from callrouter.domain.days import WeekEntry, days_in_words
from callrouter.domain.sentence import Sentence
from callrouter.schedule.format import words
from callrouter.schedule.format.problems import Findings, similar
from callrouter.schedule.format.readers import Json, ListOf
from callrouter.schedule.format.records import Field, Record, Values
from callrouter.schedule.format.text import Unreadable
from callrouter.schedule.format.times import WEEKDAY_NAMES, weekdays
from callrouter.schedule.format.tree import Node, Scalar

_ONE_DAY = "|".join(f"[{name[0].upper()}{name[0]}]{name[1:]}" for name in WEEKDAY_NAMES)
_WEEKDAY_KEYS = rf"^({_ONE_DAY})\.?(\s*[-–—−,]\s*({_ONE_DAY})\.?)*$"


@dataclass(frozen=True, slots=True)
class Week:
    """A block with its own settings and the weekdays it lists."""

    values: Values
    entries: tuple[WeekEntry, ...]


class WeekReader:
    """Reads a block of weekdays that has *settings* besides."""

    def __init__(self, settings: tuple[Field[Any], ...], expected: str) -> None:
        self._names = [setting.name for setting in settings]
        self._record = Record(settings, expected, self._may_stand, {_WEEKDAY_KEYS: words.RANGES.json_schema()})

    def read(self, node: Node, found: Findings) -> Week | None:
        values = self._record.read(node, found)
        if values is None:
            return None
        entries = [self._entry(key, value, found) for key, value in values.rest]
        self._refuse_overlaps(values, found)
        return Week(values, tuple(entry for entry in entries if entry))

    def json_schema(self) -> Json:
        return self._record.json_schema()

    def _may_stand(self, key: Scalar, found: Findings) -> bool:
        try:
            weekdays(key.text)
        except Unreadable:
            hint = similar(key.text, (*self._names, *WEEKDAY_NAMES))
            names = [f"'{name}'" for name in self._names]
            text = "'{key}' is neither {names} nor weekdays such as mon-fri{hint}"
            found.error(key, text, key=key.text, names=names, hint=hint)
            return False
        return True

    def _entry(self, key: Scalar, value: Node, found: Findings) -> WeekEntry | None:
        ranges = words.RANGES.read(value, found)
        return None if ranges is None else WeekEntry(weekdays(key.text), ranges, key.line)

    def _refuse_overlaps(self, values: Values, found: Findings) -> None:
        seen: dict[int, Scalar] = {}
        for key, _ in values.rest:
            again = [day for day in weekdays(key.text) if day in seen]
            if again:
                first = seen[again[0]]
                text = "{days} already in '{first}' on line {line}; expected each weekday once"
                found.error(key, text, days=_said(days_in_words(tuple(again))), first=first.text, line=first.line)
            seen |= {day: key for day in weekdays(key.text) if day not in seen}


def _said(days: str) -> Sentence | list[Sentence]:
    """*days* as the domain writes them, weekday by weekday."""
    first, dash, last = days.partition("-")
    if dash:
        return Sentence.of("{first}-{last}", first=Sentence(first), last=Sentence(last))
    return [Sentence(day) for day in days.split(", ")]


class Hours:
    """Reads `always`, or a list of versions; `always` is an empty tuple."""

    def __init__(self, version: WeekReader) -> None:
        self._versions = ListOf(version, "always, or a list of versions that begin with 'from: YYYY-MM-DD'")

    def read(self, node: Node, found: Findings) -> tuple[Week, ...] | None:
        if isinstance(node, Scalar) and node.text:
            return None if words.ALWAYS.read(node, found) is None else ()
        return self._versions.read(node, found)

    def json_schema(self) -> Json:
        return {"anyOf": [words.ALWAYS.json_schema(), self._versions.json_schema()]}
