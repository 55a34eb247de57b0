"""Schedule files for tests: the whole example, a short one, and what reading them tells."""

from datetime import UTC, datetime
from pathlib import Path

from callrouter.domain.schedule import Schedule
from callrouter.schedule import load, read

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Stockholm
EXAMPLE = (Path(__file__).parent / "example.yaml").read_text(encoding="utf-8")

SHORT = """\
version: 1
timezone: Europe/Stockholm
units:
  centre:
    numbers: [+46 8 465 004 00]
    hours:
      - from: 2020-01-01
        mon-fri: 10:00-15:00
    open: desk
    closed: guard
destinations:
  desk: {ring: [+46 8 465 004 10], then: guard}
  guard: {ring: [+46 31 390 06 10]}
"""


def changed(text: str, *edits: tuple[str, str]) -> str:
    """Return *text* with each edit made once; an edit that finds nothing is a mistake in the test."""
    for old, new in edits:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def errors(text: str | bytes, *, at: datetime = NOW) -> list[str]:
    """Return the errors of a file as the administrator sees them."""
    return [str(problem) for problem in read(text, at).errors]


def warnings(text: str, *, at: datetime = NOW) -> list[str]:
    """Return the warnings of a file without errors."""
    reading = read(text, at)
    assert not reading.errors, reading.errors
    return [str(problem) for problem in reading.warnings]


def schedule(text: str = SHORT, *edits: tuple[str, str], at: datetime = NOW) -> Schedule:
    """Return the schedule of *text* with *edits* made."""
    return load(changed(text, *edits), at=at)
