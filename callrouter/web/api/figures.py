"""What reports are answered with: figures, each with how many calls it speaks of."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import field

from callrouter.web.api.shapes import Shape, Word


class Times(Shape, frozen=True, kw_only=True):
    """Seconds; *n* says of how many calls."""

    n: int
    mean: float | None
    median: int | None
    p90: int | None
    p95: int | None


class Level(Shape, frozen=True, kw_only=True):
    """A service level: what was promised, and what was reached."""

    target: float
    within_seconds: int
    answered_within: int
    offered: int
    reached: float | None
    met: bool | None


class Figures(Shape, frozen=True, kw_only=True):
    """The figures of some calls."""

    offered: int
    answered: int
    answer_rate: float | None
    answered_by_desk: int
    answered_by_company: int
    answered_by_nobody: int
    abandoned: int
    messages: int
    unanswered: int
    unknown: int
    blocked: int
    redials: int
    open: int
    closed: int
    seconds_to_answer: Times
    abandoned_after: Times
    service_levels: Sequence[Level]
    talked_seconds: int
    mean_talked_seconds: float | None


class OfferFigures(Shape, frozen=True, kw_only=True):
    """The figures of what was offered to a destination, company or person."""

    offered: int
    answered: int
    answer_rate: float | None
    seconds_from_first_ring: Times
    service_levels: Sequence[Level]
    legs: Mapping[str, int]
    talked_seconds: int
    mean_talked_seconds: float | None


class Reports(Shape, frozen=True, kw_only=True):
    """The figures of a period; told apart, where that was asked for, by what they are keyed with."""

    first: date = field(name="from")
    last: date = field(name="to")
    unit: str | None
    origin: Word
    figures: Figures
    groups: Mapping[str, Figures] | None = None
    offers: Mapping[str, OfferFigures] | None = None
