"""A bar for a cell of a table: the number stands beside it."""

from markupsafe import Markup

from callrouter.web.charts.svg import number

_LENGTH = 100
_BAR = (
    '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect width="{whole}" height="10" fill="currentColor" fill-opacity="0.18"></rect>'
    '<rect width="{full}" height="10" fill="currentColor"></rect>{line}</svg>'
)
_LINE = (
    '<line x1="{place}" x2="{place}" y1="0" y2="10" stroke="currentColor" stroke-width="2"'
    ' vector-effect="non-scaling-stroke" class="target"></line>'
)
"""Written whole: a report has a hundred bars, which differ in two numbers."""


def bar(part: float, whole: float, *, full: float | None = None, mark: float | None = None) -> Markup:
    """*part* of *whole*; *full*: only so much of it is filled, the rest is pale; *mark*: a line at so much.

    It is stretched to the width of its cell, and readers are not told of it: they have the number.
    """
    line = "" if mark is None else _LINE.format(place=_long(mark, whole))
    inside = part if full is None else full
    drawn = _BAR.format(whole=_long(part, whole), full=_long(inside, whole), line=line)
    return Markup(drawn)  # noqa: S704 - nothing in it but numbers


def _long(part: float, whole: float) -> str:
    """Whatever there is shows; nothing is longer than the cell."""
    return number(min(_LENGTH, max(0.6, part / whole * _LENGTH))) if part and whole else "0"
