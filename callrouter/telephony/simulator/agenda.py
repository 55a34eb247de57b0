"""Virtual time: a heap of appointments, and processes that sleep between them."""

import heapq
import itertools
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")


class Agenda:
    """The appointments of one call, played in the order of their instants."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self._order = itertools.count()
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        """Do *action* when *seconds* have passed; equal instants keep the order of asking."""
        when = self.now + timedelta(seconds=seconds)
        heapq.heappush(self._heap, (when, next(self._order), action))

    def run(self, until: datetime | None = None) -> None:
        """Play what is due up to and including *until* (None: everything)."""
        while self._heap and (until is None or self._heap[0][0] <= until):
            self.now, _, action = heapq.heappop(self._heap)
            action()
        if until is not None:
            self.now = max(self.now, until)


class Signal:
    """Something that happens once and stays happened until it is cleared."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._waiting: list[Callable[[], None]] = []
        self.fired = False

    def fire(self) -> None:
        """Wake everybody who waits, as appointments of this instant (never inside the caller)."""
        self.fired = True
        waiting, self._waiting = self._waiting, []
        for wake in waiting:
            self._agenda.after(0, wake)

    def clear(self) -> None:
        """Be ready for the next time."""
        self.fired = False

    def subscribe(self, wake: Callable[[], None]) -> None:
        """Call *wake* when it happens, also if it already has."""
        if self.fired:
            self._agenda.after(0, wake)
        else:
            self._waiting.append(wake)


@dataclass(frozen=True, slots=True)
class Wait:
    """What a process sleeps for: seconds, a signal, or whichever comes first. Yields True for the signal."""

    seconds: float | None = None
    signal: Signal | None = None


Steps = Generator[Wait, bool, T]


class Interruption(Exception):  # noqa: N818 - nothing went wrong: the other end did something
    """Thrown into a process that sleeps: what it waited for no longer matters."""


class Process:
    """Steps that sleep in virtual time and can be interrupted while they do."""

    def __init__(self, agenda: Agenda, steps: Steps[None]) -> None:
        self._agenda = agenda
        self._steps = steps
        self._turn = 0
        self.alive = False

    def start(self) -> None:
        """Run to the first sleep."""
        self.alive = True
        self._go(lambda: next(self._steps))

    def interrupt(self, why: Interruption) -> None:
        """Wake the process at once with *why*; one that has ended does not notice."""
        if self.alive:
            self._go(lambda: self._steps.throw(why))

    def _go(self, move: Callable[[], Wait]) -> None:
        self._turn += 1
        try:
            wait = move()
        except StopIteration:
            self.alive = False
            return
        self._sleep(wait)

    def _sleep(self, wait: Wait) -> None:
        turn = self._turn  # a wake-up for an earlier sleep is stale
        if wait.signal is not None:
            wait.signal.subscribe(lambda: self._wake(turn, fired=True))
        if wait.seconds is not None:
            self._agenda.after(wait.seconds, lambda: self._wake(turn, fired=False))

    def _wake(self, turn: int, *, fired: bool) -> None:
        if self.alive and turn == self._turn:
            self._go(lambda: self._steps.send(fired))
