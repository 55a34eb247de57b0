"""The heat map: the calls of each hour of the week, by shade and in numbers."""

from collections.abc import Iterator, Mapping

import click

from callrouter.domain.report import Figures
from callrouter.schedule.preview.day_words import DAYS

_SHADES = " ░▒▓█"
_COLOURS = (None, "blue", "cyan", "yellow", "red")
_ROOM = 4


def heat_map(heat: Mapping[str, Figures]) -> Iterator[str]:
    """Yield a row an hour and a column a weekday; each cell has a shade, and how many calls were offered."""
    counts = {key: figures.offered for key, figures in heat.items()}
    most = max(counts.values(), default=0)
    yield "      " + "  ".join(day[:3].rjust(_ROOM + 2) for day in DAYS)
    for hour in range(24):
        cells = (_cell(counts.get(f"{weekday}-{hour:02}", 0), most) for weekday in range(1, 8))
        yield f"{hour:02}–{(hour + 1) % 24:02} " + "  ".join(cells)
    if most:
        bounds = {_least(shade, most): shade for shade in range(1, 5)}
        yield "       from   " + "   ".join(f"{_SHADES[shade] * 2} {least}" for least, shade in bounds.items())


def _cell(count: int, most: int) -> str:
    shade = next((shade for shade in range(4, 0, -1) if count and count >= _least(shade, most)), 0)
    text = f"{_SHADES[shade] * 2}{_short(count):>{_ROOM}}"
    colour = _COLOURS[shade]
    return click.style(text, fg=colour) if colour else text.replace("0", "·")


def _least(shade: int, most: int) -> int:
    """The fewest calls that have the shade: a quarter of the most each; whatever there is has the lightest."""
    return max(1, -(-most * (shade - 1) // 4))


def _short(count: int) -> str:
    """In at most four characters: `9999`, `31k`."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
