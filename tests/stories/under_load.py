"""Calls that come in at a rate while something happens to the service."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from bench.offering import Callers, Offered
from callrouter.settings import Settings
from callrouter.simulate import Scenes
from tests.service import until


@dataclass(frozen=True, slots=True)
class Load:
    """Calls of *scenes*, so many a second (*rate*), for so many seconds at most (*enough*)."""

    scenes: Scenes
    rate: int
    enough: int

    def while_calls_come(self, settings: Settings, url: str, happens: Callable[[], None]) -> Offered:
        """Let calls come in at *url*, *happens* in the middle of them, and then some more."""
        callers, over = Callers(self.scenes, settings, url), Event()
        with ThreadPoolExecutor(1) as network:
            offered = network.submit(callers.offer, self.rate, self.enough, lambda *_: None, over)
            try:
                until(lambda: callers.begun >= self.rate, "calls come in")
                happens()
                seen = callers.begun
                until(lambda: callers.begun >= seen + self.rate, "calls come in afterwards")
            finally:
                over.set()
        return offered.result()
