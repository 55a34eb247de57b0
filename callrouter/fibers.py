"""Requests that wait without a thread: each runs in a fiber (a greenlet) of the event loop's thread.

Handlers and use cases stay plain functions that know of no event loop. One that has to wait does so at a `Flag`, which
holds up a thread where it runs in one, and in a fiber nobody but itself.
"""

import asyncio
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

_Result = TypeVar("_Result")


MOST_KEPT = 256
"""Fibers that are done and wait for more to do; more than as many callers at once are made anew."""


class _Fiber(greenlet):
    """Runs until it waits, and on from there when the loop wakes it; one request after another."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, kept: "list[_Fiber]") -> None:
        super().__init__(self._work)
        self.waits_for: Flag | None = None
        self._kept = kept
        self._todo: Callable[[], None] | None = None

    def begin(self, todo: Callable[[], None]) -> None:
        """Do this, as far as it goes without waiting, for whoever asks."""
        self.loop = asyncio.get_running_loop()
        self.gr_context = copy_context()
        self._todo = todo
        self.switch()

    def _work(self) -> None:
        while self._todo:
            self._todo()
            self._todo = None
            if len(self._kept) < MOST_KEPT:
                self._kept.append(self)
                self._let_the_loop_go_on()

    def _let_the_loop_go_on(self) -> None:
        assert self.parent is not None  # noqa: S101 - only the first greenlet of a thread has none
        self.parent.switch()

    def wait_for(self, flag: "Flag", seconds: float) -> None:
        """Let the loop go on until *flag* is set, or for *seconds*."""
        self.waits_for = flag
        timer = self.loop.call_later(seconds, self.wake, flag)
        self._let_the_loop_go_on()
        timer.cancel()

    def wake(self, flag: "Flag") -> None:
        """Go on, if it still waits for *flag*."""
        if self.waits_for is flag:
            self.waits_for = None
            self.switch()


class Flag:
    """Set once, by whichever thread; any number of threads and fibers wait until then.

    Threads pass a turnstile: whoever is let through lets in the next. Were all of them woken together, they and the one
    who sets it would queue for the interpreter. Fibers are woken by their loop, all in one go.
    """

    __slots__ = ("_fibers", "_is_set", "_lock", "_turnstile")

    def __init__(self) -> None:
        self._is_set = False
        self._fibers: list[_Fiber] = []
        self._lock = Lock()
        self._turnstile = Lock()
        self._turnstile.acquire()

    def set(self) -> None:
        """Wake whoever waits, and let through whoever comes."""
        with self._lock:
            self._is_set = True
            fibers, self._fibers = self._fibers, []
        self._turnstile.release()
        if fibers:
            fibers[0].loop.call_soon_threadsafe(self._wake, fibers)

    def wait(self, seconds: float) -> bool:
        """Whether it was set within *seconds*."""
        fiber = getcurrent()
        if isinstance(fiber, _Fiber):
            with self._lock:
                waits = not self._is_set
                if waits:
                    self._fibers.append(fiber)
            if waits:
                fiber.wait_for(self, seconds)
            return self._is_set
        if not self._turnstile.acquire(timeout=seconds):
            return False
        self._turnstile.release()
        return True

    def _wake(self, fibers: list[_Fiber]) -> None:
        for fiber in fibers:
            fiber.wake(self)


class Fibers:
    """Those of one event loop's thread. Some are kept when they are done: a new one costs five times as much."""

    def __init__(self) -> None:
        self._kept: list[_Fiber] = []

    async def run(self, function: Callable[..., _Result], *args: Any) -> _Result:
        """Run *function* in a fiber. It goes on to its end, even if whoever asked for it is gone."""
        done: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        fiber = self._kept.pop() if self._kept else _Fiber(self._kept)
        fiber.begin(partial(_finish, done, function, args))
        return await done


def _finish(done: "asyncio.Future[_Result]", function: Callable[..., _Result], args: tuple[Any, ...]) -> None:
    try:
        result = function(*args)
    except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits for it
        if not done.cancelled():
            done.set_exception(error)
    else:
        if not done.cancelled():
            done.set_result(result)
