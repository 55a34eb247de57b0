"""Trials of the service with real settings: an account with the provider, keys and tokens in its environment."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from urllib.parse import parse_qsl, urlencode

from callrouter import clock
from callrouter.simulate.agreement import TOLERANCE_SECONDS
from callrouter.simulate.people import Owner
from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import INSTANT_FIELD, Faults, Reaction, Ring
from callrouter.telephony.simulator.transport import Request
from tests.faults import clock_ways
from tests.faults.provider import Provider
from tests.faults.trial import Trial
from tests.held_socket import HandedSocket
from tests.stories.machines import Machine
from tests.telephony.twilio.signing import signature

_CLEARLY_TALKED = 60
_TOLD_AS_NOW = ("Timestamp", "RecordingStartTime")
_CAME = re.compile(r"the call came at (.+), the log says (.+)")
_OF_TIMES = ("the caller waited", "the caller talked")


@dataclass
class HandedMachine(Machine, HandedSocket):
    """A machine whose listening socket somebody else holds, as systemd does."""


@dataclass
class RealProvider(Provider):
    """Tells of everything as of now, and signs with what *token* says just then."""

    token: Callable[[], str] = field(kw_only=True)
    signed_with: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By the call: which tokens its requests were signed with."""

    def told(self, name: str, value: str) -> str | None:
        """What the real one says in that field; None: nothing."""
        if name in _TOLD_AS_NOW:
            return format_datetime(clock.now(), usegmt=True)
        return None if name == INSTANT_FIELD else value

    def as_sent(self, request: Request) -> Request:
        told = parse_qsl(request.body.decode("ascii"), keep_blank_values=True)
        said = ((name, self.told(name, value)) for name, value in told)
        fields = [(name, value) for name, value in said if value is not None]
        token = self.token()
        self.signed_with[dict(fields)["CallSid"]].add(token)
        signed = {"X-Twilio-Signature": signature(request.url, fields, token)}
        return replace(request, headers={**request.headers, **signed}, body=urlencode(fields).encode("ascii"))


@dataclass
class RealTrial(Trial):
    """A trial of a service that goes by its own clock, as it does for real.

    The minutes of a call pass in an instant there: of times the log is held but to when the call came, and nobody under
    a whisper talks so shortly that only the time since the key could tell that anybody was helped.
    *signs_with*: the provider's token, from now on, also in calls under way.
    """

    signs_with: str = field(kw_only=True)
    played_as: Callable[[Scene], Scene] = field(default_factory=lambda: _as_of_now)

    def provider(self, fallback: bytes) -> Provider:
        return RealProvider(self.service.url, fallback, token=lambda: self.signs_with)

    def is_expected(self, sentence: str) -> bool:
        return super().is_expected(sentence) or _came_nearly(sentence) or sentence.startswith(_OF_TIMES)


@dataclass
class ClockTrial(RealTrial):
    """A trial of a service whose clock is wrong for a while: so is when it says that calls came."""

    def is_expected(self, sentence: str) -> bool:
        return super().is_expected(sentence) or _came_nearly(sentence, self.off_by)


@dataclass
class TimedProvider(RealProvider):
    """Tells of everything as of its own instants; *sets_clock* is told each before the request goes out."""

    sets_clock: Callable[[datetime], None] = field(kw_only=True)

    def told(self, name: str, value: str) -> str | None:
        if name == INSTANT_FIELD:
            self.sets_clock(datetime.fromisoformat(value))
            return None
        return value


@dataclass
class TimedTrial(RealTrial):
    """A trial of a service whose own clock goes with the calls: a minute of theirs is one of the service's too.

    So they come one at a time, each when the one before is over, and what the log says of times is judged.
    """

    callers: int = 1
    besides: Collection[str] = ("control",)
    played_as: Callable[[Scene], Scene] = field(init=False)

    def __post_init__(self) -> None:
        self.played_as = lambda scene: replace(scene, faults=Faults(), at=clock.now() + clock_ways.off_by(self.service))

    def provider(self, fallback: bytes) -> Provider:
        return TimedProvider(
            self.service.url,
            fallback,
            token=lambda: self.signs_with,
            sets_clock=partial(clock_ways.set_clock, self.service),
        )

    def is_expected(self, sentence: str) -> bool:
        return Trial.is_expected(self, sentence) or _came_nearly(sentence)


def _came_nearly(sentence: str, off_by: timedelta = timedelta(0)) -> bool:
    """A service that asks its own clock when a call came is off by what a request takes, and that clock is."""
    came = _CAME.fullmatch(sentence)
    seen, kept = map(datetime.fromisoformat, came.groups()) if came else (None, None)
    return bool(seen and kept and abs(kept - seen - off_by).total_seconds() <= TOLERANCE_SECONDS)


class _Talkative(Owner):
    """Whoever takes a screened call talks for longer than any whisper lasts."""

    def __call__(self, ring: Ring) -> Reaction:
        reaction = super().__call__(ring)
        return replace(reaction, talks=max(_CLEARLY_TALKED, reaction.talks)) if reaction.talks else reaction


def _as_of_now(scene: Scene) -> Scene:
    phones = {number: _Talkative(owner.manners) for number, owner in scene.phones.items()}
    habits = replace(scene.habits, tells_bridged=True)
    return replace(scene, faults=Faults(), at=clock.now(), phones=phones, habits=habits)
