"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from callrouter.calllog.database import Database


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that is done once a slot, by whoever claims it first. Every job is idempotent.

    *minute* past each hour it runs; *lease* is how long a run may take before another process takes it over.
    """

    name: str
    minute: int
    lease: timedelta
    run: Callable[[Database], str]
    """Does the work and says in a few words what was done."""

    def slot(self, at: datetime, zone: tzinfo) -> str:
        """The name of the run that is due at *at*: local date and hour with offset, so that DST repeats no name."""
        return at.astimezone(zone).strftime("%Y-%m-%dT%H%z")
