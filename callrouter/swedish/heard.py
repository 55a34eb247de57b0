"""Sentences that are kept as the English that was said: known again by it, and said in the language of who reads."""

import re
from collections.abc import Mapping

from callrouter.swedish.kept import KEPT, OURS, TROUBLES

LONGEST = 600
"""Characters: what is longer is nothing that we said."""

_NUMBER, _DATE, _HOURS = r"\d+", r"[\d.-]+(?:, [\d.-]+)*", r"\d\d:\d\d(?:[\d:, -]*\d)?"
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_SHAPES = {"n": _NUMBER, "m": _NUMBER, "o": _NUMBER, "date": _DATE, "hours": _HOURS}
_SHAPES |= {"slot": r"\d{4}-[\dT:+-]+", "days": f"{_DAY}(?:(?:-|, ){_DAY})*"}
_DAYS = {"mon": "mån", "tue": "tis", "wed": "ons", "thu": "tors", "fri": "fre", "sat": "lör", "sun": "sön"}
_ERROR = re.compile(r"(?P<name>\w+(?:Error|Exception)): (?P<what>.+)")


def heard(text: str, language: str) -> str:
    """*text* in *language*, `sv` or else English; as it stands where it is nothing that we say."""
    return _swedish(text) if language == "sv" and len(text) <= LONGEST else text


def _swedish(text: str) -> str:
    for pattern, swedish in _PATTERNS.items():
        if found := pattern.fullmatch(text):
            return swedish.format_map({name: _value(name, value) for name, value in found.groupdict().items()})
    if found := _ERROR.fullmatch(text):
        return _trouble(found["name"], found["what"])
    parts = text.split("; ") if "; " in text else text.split(", ")
    return text if len(parts) == 1 else ("; " if "; " in text else ", ").join(map(_swedish, parts))


def _value(name: str, value: str) -> str:
    if name == "days":
        return re.sub(_DAY, lambda day: _DAYS[day[0]], value)
    return value if name in _SHAPES or name in _NOT_OURS else _swedish(value)


def _trouble(name: str, what: str) -> str:
    """An error, by its name and what it says: that may be anybody's English, and is what one searches for."""
    if name in OURS:
        return _swedish(what)
    return f"{TROUBLES.get(name, 'något gick fel')} ({name}: {what})"


_NOT_OURS = {"who", "why", "day", "file", "table", "to", "place", "seconds"}
"""What others wrote: it is said as it stands."""


def _pattern(english: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", english)
    literal, names = parts[::2], parts[1::2]
    shaped = [f"(?P<{name}>{_SHAPES.get(name, '.+?')})" for name in names]
    return re.compile("".join(re.escape(text) + shape for text, shape in zip(literal, [*shaped, ""], strict=True)))


_PATTERNS: Mapping[re.Pattern[str], str] = {_pattern(english): swedish for english, swedish in KEPT.items()}
