"""What a job is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from threading import Event

from callrouter.calllog.copies import Account
from callrouter.calllog.database import Database
from callrouter.domain.schedule import Schedule


def _no_schedule() -> None: ...


def _no_account() -> None: ...


Progress = Callable[[int, int], None]
"""Told how much is done, of how much in all."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What jobs work with. *stopping* is set when the process ends: a long run goes on another time.

    *tell*: somebody looks on; counting beforehand what there is to do is only for them.
    """

    database: Database
    schedule: Callable[[], Schedule | None] = _no_schedule
    account: Callable[[], Account | None] = _no_account
    stopping: Event = field(default_factory=Event)
    tell: Progress | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that is done once a slot, by whoever claims it first. Every job is idempotent.

    *minute* past each hour it runs or, a daily one, past its *hour*; *lease* is how long a run may take before another
    process takes it over.
    """

    name: str
    minute: int
    lease: timedelta
    run: Callable[[Tools], str]
    """Does the work and says in a few words what was done."""

    hour: int | None = None

    def __post_init__(self) -> None:
        if self.hour == 2:
            raise ValueError(f"job {self.name}: no job runs between 02:00 and 03:00")

    def slot(self, at: datetime, zone: tzinfo) -> str:
        """The name of the run that is due at *at*: local date and, an hourly one, hour with offset.

        So DST repeats no name.
        """
        return at.astimezone(zone).strftime("%Y-%m-%d" if self.hour is not None else "%Y-%m-%dT%H%z")
