"""The provider's end: what it keeps for us when we are gone, and how long it waited for each answer."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock
from urllib.parse import parse_qsl, urlsplit

from callrouter.clock import monotonic
from callrouter.simulate import Performance
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator import HttpTransport
from callrouter.telephony.simulator.transport import Request, Response, TransportFailure
from callrouter.telephony.twilio.links import PATHS
from tests.service import until

A_CALLER_WAITS = (Endpoint.INCOMING, Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP, Endpoint.MESSAGE)
"""Where the provider's own document stands in for us."""

FALLBACK_URL = "http://fallback.invalid/fallback.xml"


@dataclass
class Provider:
    """Carries webhooks to the service at *url*, and answers its own fallback address by itself.

    *prefix*: of the paths by which the provider knows it. *under_way*: the calls that have arrived, and whose next
    request is held back.
    """

    url: str
    fallback: bytes
    prefix: str = ""
    fell_back: int = 0
    _began: dict[str, float] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _about: dict[str, Endpoint] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: Lock = field(default_factory=Lock)
    under_way: set[str] = field(default_factory=set)
    _goes_on: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self._goes_on.set()

    @contextmanager
    def standstill(self, calls: int) -> Iterator[frozenset[str]]:
        """So many calls are in their midst as the block begins, and go on after it; their names."""
        self.under_way.clear()
        self._goes_on.clear()
        try:
            until(lambda: len(self.under_way) == calls, f"{calls} calls are under way")
            yield frozenset(self.under_way)
        finally:
            self._goes_on.set()

    def as_sent(self, request: Request) -> Request:
        """A request as it goes out, when nothing holds it back any more."""
        return request

    def send(self, request: Request) -> Response | TransportFailure:
        """One attempt; its time counts from the first attempt of the same request."""
        if request.url == FALLBACK_URL:
            self.fell_back += 1
            return Response(200, {"content-type": "text/xml"}, self.fallback)
        token = request.headers["I-Twilio-Idempotency-Token"]
        about = PATHS[urlsplit(request.url).path.removeprefix(self.prefix)]
        if about is not Endpoint.INCOMING and not self._goes_on.is_set():
            self.under_way.add(dict(parse_qsl(request.body.decode("ascii")))["CallSid"])
            self._goes_on.wait()
        with self._lock:
            began = self._began.setdefault(token, monotonic())
            self._attempts[token] += 1
            self._about[token] = about
        answer = HttpTransport(self.url).send(self.as_sent(request))
        with self._lock:
            self._took[token] = monotonic() - began
        return answer

    def slowest(self, about: Collection[Endpoint] = tuple(Endpoint)) -> float:
        """Seconds from the first attempt of a request to its answer, or until it was given up, at most."""
        with self._lock:
            return max((took for token, took in self._took.items() if self._about[token] in about), default=0.0)

    @property
    def retried(self) -> int:
        """How many requests needed more than one attempt."""
        with self._lock:
            return sum(attempts > 1 for attempts in self._attempts.values())


def fell_back(performance: Performance) -> bool:
    """Whether the provider's own document had to answer in this call."""
    return any(exchange.url == FALLBACK_URL for exchange in performance.call.requests)


def was_heard_of(performance: Performance) -> bool:
    """Whether anything of the call reached the service."""
    return any(each.status is not None and each.url != FALLBACK_URL for each in performance.call.requests)


def was_lost_in_part(performance: Performance) -> bool:
    """Whether somebody else, or nobody, answered a request of the call."""
    return any(each.status is None or each.url == FALLBACK_URL for each in performance.call.requests)
