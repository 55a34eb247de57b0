"""One reading of a schedule file: all its errors and warnings, and the schedule if there is none."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from callrouter.domain.schedule import Schedule
from callrouter.schedule.format.ahead import look_ahead
from callrouter.schedule.format.build import build
from callrouter.schedule.format.holidays import holidays_of
from callrouter.schedule.format.numbers import check_numbers
from callrouter.schedule.format.overlaps import check_overlaps
from callrouter.schedule.format.problems import Findings, Problem
from callrouter.schedule.format.recorded import look_at_recordings
from callrouter.schedule.format.records import Values
from callrouter.schedule.format.references import check_references
from callrouter.schedule.format.retained import check_retention, look_at_retention
from callrouter.schedule.format.routes import check_routes
from callrouter.schedule.format.shape import FILE, InFile
from callrouter.schedule.format.source import tree_of
from callrouter.schedule.format.spoken import check_messages


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file; *schedule* is None if there are errors. Problems are in the order of the file."""

    schedule: Schedule | None
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read(content: str | bytes, at: datetime) -> Reading:
    """Read a file as it is seen at *at* (aware): what lies behind is not warned of."""
    file, errors, warnings = _file(content)
    found = Findings([*errors], [*warnings])
    schedule = None if file is None else _schedule(file, version_of(content), at, found)
    errors = tuple(sorted(set(found.errors)))
    return Reading(None if errors else schedule, errors, tuple(sorted(set(found.warnings))))


def version_of(content: str | bytes) -> str:
    """Return the version of a file: the SHA-256 of its bytes, in hex."""
    raw = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


@lru_cache(maxsize=2)
def _file(content: str | bytes) -> tuple[Values | None, tuple[Problem, ...], tuple[Problem, ...]]:
    """What stands in a file, whenever it is looked at, and its problems so far. Nine tenths of a reading.

    The file in force and one that is looked at beside it are asked for again and again.
    """
    found = Findings()
    root = tree_of(content, found)
    file = None if root is None else FILE.read(root, found)
    return file, tuple(found.errors), tuple(found.warnings)


def _schedule(file: Values, version: str, at: datetime, found: Findings) -> Schedule | None:
    check_references(file, found)
    check_numbers(file, found)
    check_routes(file, at.date(), found)
    check_overlaps(file, found)
    check_messages(file, found)
    check_retention(file, found)
    settings = file.get(InFile.holidays)
    holidays = holidays_of(settings, at.date(), found) if settings else None
    if found.errors:
        return None
    schedule = build(file, holidays, version)
    look_ahead(file, schedule, at, found)
    look_at_recordings(file, schedule, found)
    look_at_retention(file, schedule, at, found)
    return schedule
