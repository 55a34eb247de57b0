"""Calls of which all that is told comes in another order each time, once all of it has happened."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations
from urllib.parse import parse_qsl, urlsplit

from callrouter.simulate.people import Manner, Owner
from callrouter.simulate.scene import Scene
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator import Caller, Faults, Habits, answers
from callrouter.telephony.simulator.transport import Request, Response, TransportFailure
from callrouter.telephony.twilio.links import PATHS
from tests.faults.provider import Provider
from tests.faults.trial import Trial

ALARM = "larm"
"""A unit in which one phone rings after the other, and no key is asked for."""

CALLBACKS = 5
"""Of a call that the first phone takes: that it rings, is picked up, is done; that the Dial and the call are over."""

_NOTHING_MORE = Response(200, {"content-type": "text/xml"}, b"<Response/>")
_ANSWERS = Owner((Manner("answers", answers()),))


@dataclass
class OrderingProvider(Provider):
    """Tells of a call's arrival at once, and of all else when it is over: each call in another of the *orders*."""

    orders: Iterator[tuple[int, ...]] = field(default_factory=lambda: permutations(range(CALLBACKS)))
    delivered: int = 0
    _kept: dict[str, list[Request]] = field(default_factory=lambda: defaultdict(list))

    def send(self, request: Request) -> Response | TransportFailure:
        """The network goes on as if whatever is kept were answered with nothing more to do."""
        about, form = PATHS[urlsplit(request.url).path], dict(parse_qsl(request.body.decode("ascii")))
        if about is Endpoint.INCOMING:
            return super().send(request)
        call = form.get("ParentCallSid", form["CallSid"])
        self._kept[call].append(request)
        if about is Endpoint.ENDED:
            self._deliver(self._kept.pop(call))
        return _NOTHING_MORE

    def _deliver(self, kept: list[Request]) -> None:
        with self._lock:
            order = next(self.orders, tuple(range(CALLBACKS)))
        told = [kept[place] for place in order]
        assert len(told) == len(kept), kept
        statuses = [super(OrderingProvider, self).send(request) for request in told]
        assert all(isinstance(answer, Response) and answer.status // 100 == 2 for answer in statuses), statuses
        self.delivered += 1


@dataclass
class OrderedTrial(Trial):
    """A trial in which the first phone takes each call, and all callbacks come when that is over, in another order."""

    def __post_init__(self) -> None:
        self.played_as = self._taken_at_once

    def provider(self, fallback: bytes) -> Provider:
        return OrderingProvider(self.service.url, fallback)

    def _taken_at_once(self, scene: Scene) -> Scene:
        unit = self.schedule.unit(ALARM)
        phones = dict.fromkeys(scene.phones, _ANSWERS)
        to, at = unit.numbers[0].e164, scene.at.replace(microsecond=0)
        scene = replace(scene, at=at, to=to, unit=unit, caller=Caller(), phones=phones)
        return replace(scene, faults=Faults(), habits=Habits())
