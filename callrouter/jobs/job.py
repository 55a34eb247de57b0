"""What a job is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from threading import Event

from callrouter import clock
from callrouter.calllog.copies import Account as DeletingAccount
from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import A_MINUTE
from callrouter.domain.call import RunningCall
from callrouter.domain.control import NO_CONTROL, Control
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Origin
from callrouter.notices.post import Post, RealPost
from callrouter.schedule.format.reading import Reading
from callrouter.sealing import Pseudonymizer
from callrouter.telephony.provider import Account, CallList


def _no_schedule() -> None: ...


def _none() -> None: ...


def _nothing_by_hand() -> Control:
    return NO_CONTROL


_CHANGING_HOUR = 2
"""The local hour that a DST night skips or repeats."""

Progress = Callable[[int, int], None]
"""Told how much is done, of how much in all."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the log is reconciled with: the provider's list of calls, and what makes the keyed hashes of callers."""

    provider: CallList
    callers: Pseudonymizer


@dataclass(frozen=True, slots=True)
class Tools:
    """What jobs work with. *stopping* is set when the process ends: a long run goes on another time.

    *post*: how people are told of calls of that *origin*, with links to the pages at *public_url*.
    *tell*: somebody looks on; counting beforehand what there is to do is only for them. *account* deletes the
    provider's copies, *provider* is asked all else. *reading* and *control* are read anew from where they are kept, so
    that a job can tell whether the service has them. *service_url*: where the service is asked what it decides.
    *ring* has the provider ring the phone of a call's attempt for a test call.
    *replay* writes what dead processes left in the spool, and says how many entries that was. None: not to be had here.
    """

    database: Database
    schedule: Callable[[], Schedule | None] = _no_schedule
    account: Callable[[], DeletingAccount | None] = _none
    stopping: Event = field(default_factory=Event)
    tell: Progress | None = None
    provider: Callable[[], Account | None] = _none
    reading: Callable[[], Reading | None] = _none
    control: Callable[[], Control] = _nothing_by_hand
    service_url: str | None = None
    replay: Callable[[], int] | None = None
    ring: Callable[[RunningCall], None] | None = None
    now: Callable[[], datetime] = clock.now
    books: Callable[[], Books | None] = _none
    post: Post = field(default_factory=RealPost)
    public_url: str | None = None
    origin: Origin = Origin.REAL


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that is due once: *slot* names it among all that its job ever does; *run* says what was done.

    *comes_again*: a later run does the same work, and makes good what this one did not.
    """

    slot: str
    run: Callable[[Tools], str]
    comes_again: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work that is done once a slot, by whoever claims it first.

    Again, where that process died before it could tell of the end: every job is idempotent.

    *minute* past each hour it runs or, a daily one, past its *hour*. Without a *minute* it is looked at each minute or
    *seconds*, and does what *due* finds. *lease* is how long a run may take before another process takes it over.
    """

    name: str
    minute: int | None
    lease: timedelta
    run: Callable[[Tools], str]
    """Does the work, for the hour or the day or by hand, and says in a few words what was done."""

    hour: int | None = None
    title: str = ""
    """What it does, for people: a noun; see `swedish/`."""

    due: Callable[[Tools, datetime], Iterable[Piece]] | None = None
    """What is due at an instant (aware), or was and may still be done: whatever has been claimed is not done again."""

    seconds: int = A_MINUTE
    """How often it is looked for what is due."""

    def __post_init__(self) -> None:
        if self.hour == _CHANGING_HOUR:
            raise ValueError(f"job {self.name}: no job runs between 02:00 and 03:00")
        if (self.minute is None) is (self.due is None):
            raise ValueError(f"job {self.name}: either a minute, or what is due each minute")

    def slot(self, at: datetime, zone: tzinfo) -> str:
        """The name of the run that is due at *at*: local date and, an hourly one, hour with offset.

        So DST repeats no name.
        """
        return at.astimezone(zone).strftime("%Y-%m-%d" if self.hour is not None else "%Y-%m-%dT%H%z")

    def pieces(self, tools: Tools, at: datetime, zone: tzinfo) -> Iterable[Piece]:
        """What is due *at* (aware): the hour's or the day's run, or what it finds by itself.

        A run that was due before two and comes late is left to the next hour.
        """
        if self.due:
            return self.due(tools, at)
        is_changing = at.astimezone(zone).hour == _CHANGING_HOUR
        return () if is_changing else (Piece(self.slot(at, zone), self.run),)


def stamp(at: datetime, zone: tzinfo) -> str:
    """The name of an instant, to the minute, by the clocks of *zone*: with its offset, so that DST repeats none."""
    return f"{at.astimezone(zone):%Y-%m-%dT%H:%M%z}"
