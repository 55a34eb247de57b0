"""People who call the service one after another, as long as a story lasts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Self

from callrouter.clock import monotonic
from callrouter.settings import Settings
from callrouter.simulate import Performance, Scenes
from callrouter.simulate.scene import Scene
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator import NumberConfig, PhoneNetwork
from callrouter.telephony.twilio.links import address
from tests.faults.provider import FALLBACK_URL, Provider
from tests.service import until

_NUMBERS = count(1)
"""No call of a run is played twice."""

_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 5.0


@dataclass
class Callers:
    """Four at a time. Scenes are drawn, and played as the story says: what goes wrong on the lines, when they call."""

    settings: Settings
    scenes: Scenes
    provider: Provider
    played_as: Callable[[Scene], Scene]
    played: list[Performance] = field(default_factory=list)
    at_once: int = 4
    _stopping: Event = field(default_factory=Event)
    _pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(self.at_once, "caller")
        self._running = [self._pool.submit(self._call_on) for _ in range(self.at_once)]
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        assert self._pool
        self._pool.shutdown()
        for each in self._running:
            each.result()

    def play(self, calls: int) -> None:
        """Wait until *calls* more have been played from their beginning to their end, by each caller."""
        enough = len(self.played) + calls + self.at_once
        until(lambda: len(self.played) >= enough or self._has_died(), f"{calls} calls are over", _PATIENCE_SECONDS)
        assert not self._has_died()

    def play_until(self, is_over: Callable[[], bool]) -> None:
        """Wait until then, while calls are played."""
        until(lambda: is_over() or self._has_died(), "it is over", _PATIENCE_SECONDS)
        assert not self._has_died()

    def play_for(self, seconds: float) -> None:
        """Wait for so long, while calls are played."""
        over = monotonic() + seconds
        self.play_until(lambda: monotonic() >= over)

    def call_now_and_then(self, seconds: float) -> None:
        """For so long a few calls are played, again and again; between them all are held in their midst for a while."""
        began = monotonic()
        while (held_at := monotonic()) < began + seconds:
            with self.provider.standstill(self.at_once):
                until(lambda: monotonic() >= held_at + _PAUSE_SECONDS, "a while is over")
            self.play(1)

    def _has_died(self) -> bool:
        done = wait(self._running, timeout=0).done
        for each in done:
            each.result()
        return bool(done)

    def _call_on(self) -> None:
        while not self._stopping.is_set():
            self.played.append(self.call(next(_NUMBERS)))

    def call(self, number: int) -> Performance:
        """Play a whole call."""
        scene = self.played_as(self.scenes.scene(number))
        url, twilio = self.settings.public_url, self.settings.twilio
        config = NumberConfig(
            address(url, Endpoint.INCOMING), FALLBACK_URL, status_callback=address(url, Endpoint.ENDED)
        )
        network = PhoneNetwork(
            self.provider,
            twilio.account_sid,
            twilio.auth_tokens[0],
            {scene.to: config},
            scene.phones,
            faults=scene.faults,
            habits=scene.habits,
        )
        return Performance(scene, network.call(scene.from_, scene.to, scene.at, scene.caller))
