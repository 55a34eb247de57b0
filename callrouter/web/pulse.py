"""Measures and looks every few seconds, so that whoever is asked for metrics can tell of every process."""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread

from callrouter import clock

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0
LOOK_SECONDS = 1.0
STALE_AFTER_SECONDS = 3 * EVERY_SECONDS
_STOP_SECONDS = 2.0


class Pulse:
    """A thread that takes each of the *measures* in turn, and one that does *look*. Start it after the fork.

    What may be over before the next measure is seen all the same, also while a measure waits for the database: *look*
    waits for nothing.
    """

    def __init__(
        self,
        measures: Sequence[Callable[[], None]],
        stale_after: float = STALE_AFTER_SECONDS,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        self._measures = measures
        self._look = look
        self._stale_after = stale_after
        self._stopping = Event()
        self._beat_at: float | None = None
        self._threads: Sequence[Thread] = ()
        self._error: str | None = None

    def start(self) -> None:
        """Begin."""
        self._beat_at = clock.monotonic()
        self._threads = (
            Thread(target=self._every, args=(EVERY_SECONDS, self.beat), name="pulse", daemon=True),
            Thread(target=self._every, args=(LOOK_SECONDS, lambda: _tried(self._look)), name="look-out", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)
        self._threads = ()

    def condition(self) -> dict[str, object]:
        """`ok` is whether the gauges are fresh."""
        is_alive = bool(self._threads) and all(thread.is_alive() for thread in self._threads)
        is_fresh = self._beat_at is not None and clock.monotonic() - self._beat_at < self._stale_after
        return {"ok": is_alive and is_fresh, "is_alive": is_alive, "is_fresh": is_fresh}

    def beat(self) -> None:
        """Measure now; what cannot be measured stays as it was."""
        errors = [error for measure in self._measures if (error := _tried(measure))]
        told = "; ".join(errors) or None
        if told and told != self._error:
            log.warning("metrics: not all can be measured: %s", told)
        self._error = told
        self._beat_at = clock.monotonic()

    def _every(self, seconds: float, do: Callable[[], object]) -> None:
        do()
        while not self._stopping.wait(seconds):
            do()


def _tried(measure: Callable[[], None]) -> str | None:
    try:
        measure()
    except Exception as error:  # noqa: BLE001 - the outer loop of a background thread: log, and go on
        return type(error).__name__
    return None
