"""A heat map of the week: a row an hour, a column a weekday; each cell has its shade and its number."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from markupsafe import Markup

from callrouter.domain.measures import SHADES, least, shade
from callrouter.web.charts.svg import Said, chart, element

WIDTH = 400
_LEFT, _TOP, _ROW, _GAP = 46, 20, 18, 1.5
_CELL = (WIDTH - _LEFT) / 7
_LEGEND = 34
HEIGHT = _TOP + 24 * _ROW + _LEGEND
_STRENGTH = 0.45
"""Of the darkest shade: numbers stand on it, and are read."""


def heat(said: Said, counts: Mapping[str, int], weekdays: Sequence[str], legend: str) -> Markup:
    """The map of *counts* by weekday and hour (`1-08`: Monday 8 to 9); *legend* says how many the shades begin at."""
    most = max(counts.values(), default=0)
    return chart(
        said,
        WIDTH,
        HEIGHT,
        *(
            element("text", day, x=_LEFT + (place + 0.5) * _CELL, y=13, text_anchor="middle")
            for place, day in enumerate(weekdays)
        ),
        *(piece for hour in range(24) for piece in _hour(hour, counts, most)),
        *(_shades(most, legend) if most else ()),
    )


def _hour(hour: int, counts: Mapping[str, int], most: int) -> Iterator[Markup]:
    y = _TOP + hour * _ROW
    yield element("text", f"{hour:02}–{(hour + 1) % 24:02}", x=_LEFT - 5, y=y + 13, text_anchor="end")
    for place in range(7):
        count = counts.get(f"{place + 1}-{hour:02}", 0)
        yield _cell(place, y, shade(count, most), _short(count) if count else "·")


def _shades(most: int, legend: str) -> Iterator[Markup]:
    y = _TOP + 24 * _ROW + 12
    begins = {least(level, most): level for level in range(1, SHADES + 1)}
    yield element("text", legend, x=_LEFT + (7 - len(begins)) * _CELL - 5, y=y + 13, text_anchor="end")
    for place, (fewest, level) in enumerate(begins.items(), start=7 - len(begins)):
        yield _box(place, y, level)
        yield _text(place, y, _short(fewest))


@lru_cache(maxsize=4000)
def _cell(place: int, y: float, level: int, text: str) -> Markup:
    """The box and its number: a map has 168, and most are those of the one before."""
    return _box(place, y, level) + _text(place, y, text, "bold" if level == SHADES else None)


def _text(place: int, y: float, text: str, weight: str | None = None) -> Markup:
    x = _LEFT + (place + 0.5) * _CELL
    return element("text", text, x=x, y=y + 13, text_anchor="middle", font_weight=weight)


def _box(place: int, y: float, level: int) -> Markup:
    strength = _STRENGTH * level / SHADES
    return element(
        "rect",
        x=_LEFT + place * _CELL + _GAP / 2,
        y=y + _GAP / 2,
        width=_CELL - _GAP,
        height=_ROW - _GAP,
        rx=2,
        fill="currentColor",
        fill_opacity=strength or 0.03,
    )


def _short(count: int) -> str:
    """In at most four characters: `9999`, `31k`."""
    return str(count) if count < 10_000 else f"{count // 1000}k"
