"""The provider's end: what it keeps for us when we are gone, and how long it waited for each answer."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlsplit

from callrouter.clock import monotonic
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator import HttpTransport
from callrouter.telephony.simulator.transport import Request, Response, TransportFailure
from callrouter.telephony.twilio.links import PATHS

A_CALLER_WAITS = (Endpoint.INCOMING, Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP, Endpoint.MESSAGE)
"""Where the provider's own document stands in for us."""

FALLBACK_URL = "http://fallback.invalid/fallback.xml"


@dataclass
class Provider:
    """Carries webhooks to the service at *url*, and answers its own fallback address by itself."""

    url: str
    fallback: bytes
    fell_back: int = 0
    _began: dict[str, float] = field(default_factory=dict)
    _took: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _about: dict[str, Endpoint] = field(default_factory=dict)
    _attempts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: Lock = field(default_factory=Lock)

    def send(self, request: Request) -> Response | TransportFailure:
        """One attempt; its time counts from the first attempt of the same request."""
        if request.url == FALLBACK_URL:
            self.fell_back += 1
            return Response(200, {"content-type": "text/xml"}, self.fallback)
        token = request.headers["I-Twilio-Idempotency-Token"]
        with self._lock:
            began = self._began.setdefault(token, monotonic())
            self._attempts[token] += 1
            self._about[token] = PATHS[urlsplit(request.url).path]
        answer = HttpTransport(self.url).send(request)
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
