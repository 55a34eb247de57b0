"""Plays scenes, several at once, and judges each."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from callrouter.simulate.agreement import disagreements
from callrouter.simulate.logbook import LoggedCall
from callrouter.simulate.people import CALLERS
from callrouter.simulate.promises import promises_of
from callrouter.simulate.scene import Scenes
from callrouter.simulate.stage import Performance, Stage

AT_ONCE = 32
"""Calls that are played at the same time: their commits share a write to the disk."""

THE_LOG_AGREES = "the log agrees"


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken in call *number* (None: between the calls), and how."""

    number: int | None
    promise: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A call as it was played, as the log has it, and what is wrong with that."""

    performance: Performance
    rows: Sequence[LoggedCall]
    violations: Sequence[Violation]


def play(stage: Stage, scenes: Scenes, numbers: Iterable[int], at_once: int = AT_ONCE) -> Iterator[Judged]:
    """Play the calls *numbers*; yield each in their order, judged, some time after."""
    for batch in play_in_batches(stage, scenes, numbers, at_once):
        yield from batch


def play_in_batches(
    stage: Stage, scenes: Scenes, numbers: Iterable[int], at_once: int = AT_ONCE
) -> Iterator[list[Judged]]:
    """The same, some calls at a time."""
    judge = Judge(stage, scenes)
    with ThreadPoolExecutor(at_once, "caller") as callers:
        for batch in _batches(numbers):
            performances = list(callers.map(lambda number: stage.perform(scenes.scene(number)), batch))
            yield list(judge.judged(performances))


def _batches(numbers: Iterable[int]) -> Iterator[list[int]]:
    """A caller's next call must not begin before the last one was played: the service remembers it."""
    batch: dict[int, int] = {}
    for number in numbers:
        if number % CALLERS in batch:
            yield list(batch.values())
            batch = {}
        batch[number % CALLERS] = number
    if batch:
        yield list(batch.values())


class Judge:
    """Holds what was played on *stage* against every promise."""

    def __init__(self, stage: Stage, scenes: Scenes) -> None:
        last_resort = stage.settings.last_resort
        self._stage = stage
        self._schedule = scenes.schedule
        self._promises = promises_of(scenes.schedule, last_resort.e164 if last_resort else None)

    def judged(self, performances: Sequence[Performance]) -> Iterator[Judged]:
        """Judge some calls, once the log is at rest."""
        between = [Violation(None, "no mistake", sentence) for sentence in self._stage.settle()]
        logged = self._stage.logged(performance.call.sid for performance in performances)
        for performance in performances:
            rows = logged.get(performance.call.sid, ())
            yield Judged(performance, rows, [*between, *self._violations(performance, rows)])
            between = []

    def _violations(self, performance: Performance, rows: Sequence[LoggedCall]) -> Iterator[Violation]:
        number = performance.scene.number
        for name, promise in self._promises.items():
            yield from (Violation(number, name, sentence) for sentence in promise(performance))
        for sentence in disagreements(performance, rows, self._schedule):
            yield Violation(number, THE_LOG_AGREES, sentence)
