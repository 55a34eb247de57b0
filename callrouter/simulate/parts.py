"""A year in several processes. Each plays some of the callers on a service of its own: every call stays what it is."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate.people import CALLERS
from callrouter.simulate.play import play_in_batches
from callrouter.simulate.scene import Scenes
from callrouter.simulate.stage import Stage
from callrouter.simulate.tally import Tally


@dataclass(frozen=True, slots=True)
class Year:
    """What a year's calls are drawn from: the same again in any process."""

    schedule_text: bytes
    year: int
    seed: int
    units: tuple[str, ...] = ()

    def scenes(self) -> Scenes:
        """The calls.

        Raises:
            ScheduleErrors: the service would refuse the schedule.
        """
        return Scenes(load(self.schedule_text), self.year, self.seed, self.units, PHONE_NETWORK_LAST_RESORT)


def play_year(year: Year, home: Path, calls: int, processes: int) -> Iterator[Tally]:
    """Play the calls from 1 to *calls* under *home*; yield what each few of them came to.

    Raises:
        RuntimeError: a process ended before its calls were played.
    """
    parts = [_part(calls, number, processes) for number in range(processes)]
    if processes == 1:
        yield from _tallies(year, home, parts[0])
        return
    with _players(year, home, parts) as results:
        while results:
            ready = wait(results)
            for result in [each for each in results if each in ready]:
                try:
                    yield result.recv()
                except EOFError:
                    results.remove(result)


def _part(calls: int, number: int, processes: int) -> list[int]:
    """A caller's calls stay in one process: its service remembers who called minutes before."""
    return [call for call in range(1, calls + 1) if call % CALLERS % processes == number]


def _tallies(year: Year, home: Path, numbers: Iterable[int]) -> Iterator[Tally]:
    with Stage(year.schedule_text, home) as stage:
        for batch in play_in_batches(stage, year.scenes(), numbers):
            yield Tally.of(batch)


@contextmanager
def _players(year: Year, home: Path, parts: list[list[int]]) -> Iterator[list[Connection]]:
    """A process for each part, and where it tells what it played."""
    context = get_context("spawn")  # a fork would copy locks that threads of this process hold
    results, players = [], []
    for number, part in enumerate(parts):
        result, told = context.Pipe(duplex=False)
        players.append(context.Process(target=_play, args=(year, home / str(number), part, told), daemon=True))
        players[-1].start()
        told.close()
        results.append(result)
    try:
        yield results
        for player in players:
            player.join()
    finally:
        for player in players:
            player.terminate()
    if any(player.exitcode for player in players):
        raise RuntimeError("a process ended before all its calls were played")


def _play(year: Year, home: Path, part: list[int], told: Connection) -> None:
    """What each process does. An interrupt is for the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    home.mkdir()
    for tally in _tallies(year, home, part):
        told.send(tally)
