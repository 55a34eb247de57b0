"""A bar for a cell of a table: the number stands beside it."""

from markupsafe import Markup

from callrouter.web.charts.svg import element

_LENGTH, _HEIGHT = 100, 10


def bar(part: float, whole: float, *, full: float | None = None, mark: float | None = None) -> Markup:
    """*part* of *whole*; *full*: only so much of it is filled, the rest is pale; *mark*: a line at so much.

    It is stretched to the width of its cell, and readers are not told of it: they have the number.
    """
    inside = part if full is None else full
    drawn = [
        _rect(_long(part, whole), fill_opacity=0.18),
        _rect(_long(inside, whole)),
    ]
    if mark is not None:
        place = _long(mark, whole)
        drawn.append(
            element(
                "line",
                x1=place,
                x2=place,
                y1=0,
                y2=_HEIGHT,
                stroke="currentColor",
                stroke_width=2,
                vector_effect="non-scaling-stroke",
                class_="target",
            )
        )
    return element(
        "svg",
        *drawn,
        class_="bar",
        viewBox=f"0 0 {_LENGTH} {_HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def _rect(length: float, fill_opacity: float | None = None) -> Markup:
    return element("rect", width=length, height=_HEIGHT, fill="currentColor", fill_opacity=fill_opacity)


def _long(part: float, whole: float) -> float:
    """Whatever there is shows; nothing is longer than the cell."""
    if not (part and whole):
        return 0.0
    return min(_LENGTH, max(0.6, part / whole * _LENGTH))
