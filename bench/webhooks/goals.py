"""What was found, in tables, and which goals it reaches."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.timing import short
from bench.webhooks.driver import Played, at_share
from bench.webhooks.load import Load
from bench.webhooks.who import (
    BARE,
    BARE_GRANIAN,
    FASTAPI,
    NODE,
    OURS,
    OURS_GRANIAN,
    SAMPLE,
    SAMPLE_WAL,
    STARLETTE,
)

Turns = dict[str, list[Played]]
"""What came of each contestant's turns, by its name."""


PACED = Load(1, 32, 300)
FULL, ALONE = Load(1, 64), Load(1, 1)

RATIOS: tuple[tuple[Load, str, str, float], ...] = (
    (FULL, OURS, SAMPLE, 5),
    (FULL, OURS, BARE, 0.9),
    (ALONE, OURS, NODE, 1),
    (FULL, OURS_GRANIAN, SAMPLE, 18),
    (FULL, OURS_GRANIAN, SAMPLE_WAL, 11),
    (FULL, OURS_GRANIAN, NODE, 5),
    (FULL, OURS_GRANIAN, FASTAPI, 18),
    (FULL, OURS_GRANIAN, STARLETTE, 1),
    (FULL, OURS_GRANIAN, BARE_GRANIAN, 0.55),
)
"""Under a load, who must be how many times as fast as whom."""


@dataclass
class Found:
    """All that was measured. *synced*: how long fdatasyncs took (s); *lost*: calls answered and not in the database."""

    synced: list[float]
    turns: dict[Load, Turns] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether callrouter answered and kept all, and reached its goals."""
        return all(is_met for *_, is_met in self._goals())

    def text(self) -> str:
        """All tables, in Markdown."""
        parts = [f"**{load}**\n\n{_table(turns)}" for load, turns in self.turns.items()]
        half, most = (short(at_share(self.synced, share) * 1e3) for share in (0.5, 0.99))
        parts.append(f"One fdatasync of 28 KiB, before and after all turns: p50 {half} ms, p99 {most} ms.")
        if goals := [(*told, "reached" if is_met else "**missed**") for *told, is_met in self._goals()]:
            parts.append(f"**Goals**\n\n{_markdown([('What', 'Goal', 'Measured', ''), *goals])}")
        return "\n\n".join(parts) + "\n"

    def _goals(self) -> list[tuple[str, str, str, bool]]:
        found = []
        for load, who, whom, goal in RATIOS:
            turns = self.turns.get(load, {})
            if who in turns and whom in turns:
                ratios = _ratios(turns[who], turns[whom])
                is_met = statistics.median(ratios) >= goal
                found.append((f"{who} : {whom} ({load})", f"≥ {goal:g}", _spread(ratios), is_met))
        return [*found, *self._paced(), *self._sound()]

    def _paced(self) -> list[tuple[str, str, str, bool]]:
        turns = self.turns.get(PACED, {})
        if OURS not in turns or BARE not in turns:
            return []
        ours, bare = (statistics.median(turn.at(0.99) for turn in turns[who]) for who in (OURS, BARE))
        most = bare + 3e3 * at_share(self.synced, 0.99)
        what = f"p99 ({PACED}): the bare route's and three fdatasyncs' at most"
        return [(what, f"≤ {most:.3g} ms", f"{ours:.3g} ms", ours <= most)]

    def _sound(self) -> list[tuple[str, str, str, bool]]:
        ours = [turn for turns in self.turns.values() for who in (OURS, OURS_GRANIAN) for turn in turns.get(who, [])]
        faults = sum(len(turn.faults) for turn in ours)
        lost = self.lost.get(OURS, 0) + self.lost.get(OURS_GRANIAN, 0)
        what = "bad answers; calls answered and not in the database"
        return [(what, "0; 0", f"{faults}; {lost}", faults + lost == 0)] if ours else []


COLUMNS: dict[str, Callable[[Played], float]] = {
    "answers /s": lambda turn: turn.rate,
    "p50 ms": lambda turn: turn.at(0.5),
    "p99 ms": lambda turn: turn.at(0.99),
    "processor ms an answer": lambda turn: turn.processor_ms,
}


def _table(turns: Turns) -> str:
    """One line a contestant: medians, lowest and highest, and how many times as fast callrouter was."""
    lines = [("", *COLUMNS, "callrouter : it", "faults")]
    for name, played in turns.items():
        cells = [_spread([value(turn) for turn in played]) for value in COLUMNS.values()]
        times = _spread(_ratios(turns[OURS], played)) if OURS in turns and name != OURS else ""
        lines.append((name, *cells, times, str(sum(len(turn.faults) for turn in played))))
    return _markdown(lines)


def _ratios(ours: list[Played], theirs: list[Played]) -> list[float]:
    """Round by round."""
    return [a.rate / b.rate if b.rate else float("inf") for a, b in zip(ours, theirs, strict=True)]


def _markdown(lines: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], ("---",) * len(lines[0]), *lines[1:]])


def _spread(numbers: list[float]) -> str:
    return f"{short(statistics.median(numbers))} ({short(min(numbers))}–{short(max(numbers))})"
