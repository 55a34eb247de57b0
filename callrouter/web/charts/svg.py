"""Elements of SVG, escaped; and what all charts have: a name, a title, words for those who do not see it."""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Said:
    """What a chart says in words. *name*: its own on the page, of letters and hyphens."""

    name: str
    title: str
    description: str


def element(tag: str, *within: str, **attributes: Value | None) -> Markup:
    """An element; `stroke_width` is written `stroke-width`, `class_` is `class`, None is left out."""
    content = "".join([each if isinstance(each, Markup) else escape(each) for each in within])
    return Markup(f"<{tag}{_written(**attributes)}>{content}</{tag}>")  # noqa: S704 - each piece is escaped, or ours


def chart(said: Said, width: int, height: int, *within: Markup) -> Markup:
    """A whole drawing, as wide as there is room."""
    return element(
        "svg",
        element("title", said.title, id=f"{said.name}-title"),
        element("desc", said.description, id=f"{said.name}-said"),
        *within,
        class_="chart",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{said.name}-title",
        aria_describedby=f"{said.name}-said",
    )


def hatching(name: str) -> Markup:
    """Oblique lines to fill with, as `url(#name)`: told from a full one without colour, on paper too."""
    line = element("path", d="M-1 5L5 -1M-1 1L1 -1M3 5L5 3", stroke="currentColor", stroke_width=1)
    pattern = element("pattern", line, id=name, width=4, height=4, patternUnits="userSpaceOnUse")
    return element("defs", pattern)


@lru_cache(maxsize=4000)
def _written(**attributes: Value | None) -> str:
    """The attributes: a heat map has four hundred elements, and each time the same."""
    told = {name: value for name, value in attributes.items() if value is not None}
    return "".join(f' {name.rstrip("_").replace("_", "-")}="{escape(number(told[name]))}"' for name in told)


def number(value: Value) -> str:
    """A value as it stands in a drawing: two decimals are finer than any screen."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
