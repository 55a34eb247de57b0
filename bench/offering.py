"""Calls that come in at a chosen rate, whether or not those before them have ended, and how each was answered."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from urllib.parse import urlsplit

from callrouter.settings import Settings
from callrouter.simulate import Performance, Scene, Scenes
from callrouter.telephony.simulator import (
    Faults,
    HttpTransport,
    PhoneNetwork,
    PlayedCall,
    Request,
    Response,
    Transport,
    TransportFailure,
)
from callrouter.telephony.twilio.played import number_config

AT_ONCE = 128
"""Calls that are played at the same time; with more than this the network itself falls behind."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt at a webhook: its path, how long it took, and what was wrong with its answer (None: nothing)."""

    path: str
    seconds: float
    wrong: str | None


@dataclass(slots=True)
class Watched:
    """A transport that keeps how each attempt was answered."""

    transport: Transport
    answers: list[Answer] = field(default_factory=list)

    def send(self, request: Request) -> Response | TransportFailure:
        """The answer, kept."""
        began = time.perf_counter()
        answer = self.transport.send(request)
        self.answers.append(Answer(urlsplit(request.url).path, time.perf_counter() - began, _wrong(answer)))
        return answer


def _wrong(answer: Response | TransportFailure) -> str | None:
    if isinstance(answer, TransportFailure):
        return answer.sentence
    return None if answer.status // 100 == 2 else f"status {answer.status}"


@dataclass(frozen=True, slots=True)
class Offered:
    """What was played: *late* is how far behind its moment the latest call began, in seconds."""

    performances: Sequence[Performance]
    answers: Sequence[Answer]
    seconds: float
    late: float

    @property
    def failed(self) -> list[str]:
        """What the network held against the service after all its tries, a sentence each."""
        return [error.sentence for performance in self.performances for error in performance.call.errors if error.fatal]

    @property
    def attempts_in_vain(self) -> list[str]:
        """Attempts without a good answer; the provider tries most of them again."""
        return [answer.wrong for answer in self.answers if answer.wrong]


class Callers:
    """Whoever calls the service at *address*: the calls of *scenes*, without faults of the network's own."""

    def __init__(self, scenes: Scenes, settings: Settings, address: str) -> None:
        self._scenes = scenes
        self._settings = settings
        self.begun = 0
        self._transport = Watched(HttpTransport(address))

    def offer(
        self, rate: float, seconds: float, tell: Callable[[int, int], None], stop: Event | None = None
    ) -> Offered:
        """Begin *rate* calls a second, at random moments, for *seconds* or until *stop*; wait until all have ended."""
        began, last = time.monotonic(), int(rate * seconds)
        over = stop or Event()
        with ThreadPoolExecutor(AT_ONCE, "caller") as callers:
            playing = []
            for done, due in enumerate(_moments(rate, seconds)):
                if over.wait(max(0.0, began + due - time.monotonic())):
                    break
                moment = began + due
                self.begun += 1
                playing.append(callers.submit(self._play, self._scenes.scene(self.begun), moment))
                tell(done, last)
            played = [each.result() for each in playing]
        late = max((lateness for _, lateness in played), default=0.0)
        performances = [performance for performance, _ in played]
        return Offered(performances, tuple(self._transport.answers), time.monotonic() - began, late)

    def _play(self, scene: Scene, due: float) -> tuple[Performance, float]:
        late = time.monotonic() - due
        quiet = replace(scene, faults=Faults())
        return Performance(quiet, self._call(quiet)), late

    def _call(self, scene: Scene) -> PlayedCall:
        config = number_config(self._settings.public_url)
        account = self._settings.twilio
        network = PhoneNetwork(
            self._transport,
            account.account_sid,
            account.auth_tokens[0],
            {scene.to: config},
            scene.phones,
            habits=scene.habits,
        )
        return network.call(scene.from_, scene.to, scene.at, scene.caller)


def _moments(rate: float, seconds: float) -> Iterator[float]:
    """When calls come in: at random, as people call, the same in each run."""
    chance, due = random.Random(1), 0.0
    while (due := due + chance.expovariate(rate)) < seconds:
        yield due
