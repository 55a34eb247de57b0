"""Columns that stand beside each other: what is answered full, what is not hatched on top of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from callrouter.web.charts.scale import ticks
from callrouter.web.charts.svg import Said, chart, element, hatching

WIDTH, HEIGHT = 400, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 6, 12, 24
_ROOM, _RISE = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
_GROUND = HEIGHT - _BOTTOM
_WIDEST = 40.0
_EDGE = 24


@dataclass(frozen=True, slots=True)
class Column:
    """*full* of it, and *hatched* above. *label* stands below it, *said* is told to who points at it."""

    full: int
    hatched: int
    label: str
    said: str

    @property
    def height(self) -> int:
        """Both together."""
        return self.full + self.hatched


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the columns: at the left edge of the column *place* (from 0; 1.5 is the middle of the second)."""

    place: float
    label: str


def columns(said: Said, shown: Sequence[Column], marks: Sequence[Mark] = (), *, at_edges: bool = False) -> Markup:
    """The chart; its scale begins at nothing. *at_edges*: a label stands where its column begins, as on a ruler."""
    steps = ticks(max((each.height for each in shown), default=0))
    pattern = f"{said.name}-hatching"
    width = _ROOM / max(1, len(shown))
    return chart(
        said,
        WIDTH,
        HEIGHT,
        hatching(pattern),
        *_lines(steps),
        *(
            piece
            for place, each in enumerate(shown)
            for piece in _column(each, _LEFT + place * width, width, steps[-1], pattern)
        ),
        *(
            _label(each.label, _LEFT + (place if at_edges else place + 0.5) * width)
            for place, each in enumerate(shown)
            if each.label
        ),
        *(piece for mark in marks for piece in _mark(mark, width)),
    )


def _lines(steps: Sequence[int]) -> Iterator[Markup]:
    for step in steps:
        y = _GROUND - _RISE * step / steps[-1]
        faint = 0.25 if step else 0.8
        yield element(
            "line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, stroke="currentColor", stroke_opacity=faint, class_="axis"
        )
        yield element("text", f"{step}", x=_LEFT - 5, y=y + 4, text_anchor="end")


def _column(column: Column, left: float, width: float, most: int, pattern: str) -> Iterator[Markup]:
    wide = min(width * 0.78, _WIDEST)
    middle = left + width / 2
    full, whole = (_RISE * count / most for count in (column.full, column.height))
    box = {"x": middle - wide / 2, "width": wide}
    yield element(
        "g",
        element("title", column.said),
        element("rect", y=_GROUND - full, height=full, fill="currentColor", **box),
        element(
            "rect",
            y=_GROUND - whole,
            height=whole - full,
            fill=f"url(#{pattern})",
            stroke="currentColor",
            stroke_width=0.75 if column.hatched else 0,
            **box,
        ),
        element("rect", y=_TOP, height=_RISE, fill="transparent", x=left, width=width),
    )


def _label(text: str, x: float) -> Markup:
    """The last one ends where the chart does."""
    at, anchor = (WIDTH, "end") if x > WIDTH - _EDGE else (x, "middle")
    return element("text", text, x=at, y=HEIGHT - 7, text_anchor=anchor)


def _mark(mark: Mark, width: float) -> Iterator[Markup]:
    x = _LEFT + mark.place * width
    yield element("line", x1=x, x2=x, y1=2, y2=_GROUND, stroke="currentColor", stroke_dasharray="4 3", class_="target")
    yield element("text", mark.label, x=x + 4, y=11, class_="target")
