"""The heat map: the calls of each hour of the week, by shade and in numbers."""

from collections.abc import Iterator, Mapping

import click

from callrouter.domain.measures import SHADES, least, shade
from callrouter.schedule.preview.day_words import DAYS

_SHADES = " ░▒▓█"
_COLOURS = (None, "blue", "cyan", "yellow", "red")
_ROOM = 4


def heat_map(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield a row an hour and a column a weekday; each cell has a shade, and how many calls were offered."""
    most = max(counts.values(), default=0)
    yield "      " + "  ".join(day[:3].rjust(_ROOM + 2) for day in DAYS)
    for hour in range(24):
        cells = (_cell(counts.get(f"{weekday}-{hour:02}", 0), most) for weekday in range(1, 8))
        yield f"{hour:02}–{(hour + 1) % 24:02} " + "  ".join(cells)
    if most:
        bounds = {least(level, most): level for level in range(1, SHADES + 1)}
        yield "       from   " + "   ".join(f"{_SHADES[level] * 2} {fewest}" for fewest, level in bounds.items())


def _cell(count: int, most: int) -> str:
    level = shade(count, most)
    text = f"{_SHADES[level] * 2}{_short(count):>{_ROOM}}"
    colour = _COLOURS[level]
    return click.style(text, fg=colour) if colour else text.replace("0", "·")


def _short(count: int) -> str:
    """In at most four characters: `9999`, `31k`."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
