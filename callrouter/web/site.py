"""What the pages need of the service, and who is looking at one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Any, cast

from flask import g

from callrouter import clock
from callrouter.calllog.copies import Account
from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import JobNow
from callrouter.calls.schedule_places import SchedulePlace
from callrouter.domain.control import Control
from callrouter.domain.schedule import title_of
from callrouter.domain.words import Origin
from callrouter.people.sign_in import Door
from callrouter.people.users import User
from callrouter.schedule.store import Loaded
from callrouter.sealing import PAGES, Pseudonymizer, Sealer, Stamp
from callrouter.settings import Settings
from callrouter.tasks.runner import Runner
from callrouter.web.health import Condition
from callrouter.web.phone_room import Network
from callrouter.web.texts import Language
from callrouter.web.times import Times
from callrouter.web_settings import IdentityProvider


@dataclass(frozen=True, slots=True)
class Site:
    """All that pages may use. *database* is their own: its connections are not those of the recorder.

    *control_changed* is told of what was decided by hand, *schedule_changed* of a schedule that was saved, so that this
    process follows at once. *schedule_place* is where that is kept. *network* is the phone network, where the service
    runs on it. *message* fetches one that a caller left from the provider; None: no account. *tasks* runs long work.
    *account* is ours with the provider, *carrier* its company. *jobs* tells of each its last run and its next one.
    """

    database: Database
    loaded: Callable[[], Loaded]
    control: Callable[[], Control]
    control_changed: Callable[[], None]
    schedule_place: SchedulePlace
    schedule_changed: Callable[[], None]
    conditions: Mapping[str, Condition]
    public_url: str
    secret_key: str
    callers: Pseudonymizer
    settings: Settings
    tasks: Runner
    account: Callable[[], Account | None]
    jobs: Callable[[], Sequence[JobNow]]
    message: Callable[[str], bytes] | None = None
    identity_provider: IdentityProvider | None = None
    proxies: int = 0
    origin: Origin = Origin.REAL
    network: Network | None = None
    carrier: str | None = None
    now: Callable[[], datetime] = clock.now
    sealer: Sealer = field(init=False)
    door: Door = field(init=False)
    csrf: Stamp = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sealer", Sealer(self.secret_key, self.settings.old_secret_key, PAGES))
        object.__setattr__(self, "door", Door(self.database, Stamp(self.secret_key, "sign-in attempt")))
        object.__setattr__(self, "csrf", Stamp(self.secret_key, "form"))

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return self.public_url.startswith("https://")

    @property
    def titles(self) -> Mapping[str, str]:
        """What each unit is called."""
        schedule = self.loaded().schedule
        return {name: unit.title for name, unit in schedule.units.items()} if schedule else {}

    def title_of(self, name: str) -> str:
        """What a unit or a destination is called."""
        return title_of(self.loaded().schedule, name)

    @property
    def discreet(self) -> frozenset[str]:
        """The units that keep no caller's number."""
        schedule = self.loaded().schedule
        return schedule.discreet_units if schedule else frozenset()

    @property
    def zone(self) -> tzinfo:
        """The zone of the schedule in force."""
        schedule = self.loaded().schedule
        return schedule.zone if schedule else UTC


@dataclass(frozen=True)
class Visit:
    """A request for a page: when, in which language, by whom if they are signed in.

    *secret* is that of their session; *csrf* the token that their forms carry.
    """

    at: datetime
    language: Language
    zone: tzinfo
    user: User | None = None
    secret: str = ""
    csrf: str = ""

    @property
    def today(self) -> date:
        """The date by the clocks of the schedule."""
        return self.times.today

    @cached_property
    def times(self) -> Times:
        """How it is shown times."""
        return Times(self.language, self.zone, self.at)


def visit() -> Visit:
    """The request that is being answered."""
    return cast("Visit", g.visit)


def signed_in() -> User:
    """Who is signed in, on a page that only they are shown."""
    user: Any = visit().user
    if user is None:
        raise LookupError("this page is shown to nobody who is not signed in: look at its row in web/access.py")
    return cast("User", user)
