"""The table of docs/reliability.md: each fault, how it was injected, and what was seen of it in a run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tests.faults.figures import Figures

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
_PLACE = re.compile(r"(?<=<!-- faults: begin -->\n).*(?=<!-- faults: end -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Row:
    """A test of a fault as it ended; *figures* of those that were tried on the running service.

    *of*: how many tests the fault has.
    """

    fault: str
    how: str
    outcome: str
    of: int = 1
    figures: Figures = field(default_factory=Figures)


def write(rows: Iterable[Row]) -> None:
    """Put what was run into the table on the page; the rows of what was not run stay."""
    page = PAGE.read_text("utf-8")
    head, rule, *lines = _lines(rows)
    table = {_fault(line): line for line in [*_PLACE.findall(page)[0].splitlines(), *lines] if line.startswith("| ")}
    table.pop(_fault(head), None)
    PAGE.write_text(_PLACE.sub(lambda _found: "\n".join(["", head, rule, *table.values(), "", ""]), page), "utf-8")


def _fault(line: str) -> str:
    return line.split(" | ", maxsplit=1)[0]


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "| Fault | How | Lasted | Calls | Slowest answer | Asked again | Fallback | Told after | Well after | Seen |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---|"
    for (fault, how), alike in groupby(rows, lambda row: (row.fault, row.how)):
        of_fault = list(alike)
        all_ = Figures.of([row.figures for row in of_fault])
        cells = [_s(all_.lasted or None), str(all_.calls), _s(all_.slowest), str(all_.retried), str(all_.fell_back)]
        cells += [
            _s(all_.told_after),
            _s(all_.well_after),
            _seen([row.outcome for row in of_fault], of_fault[0].of, all_.tried),
        ]
        yield f"| {fault} | {how} | {' | '.join(cells)} |"


def _s(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f} s"


def _seen(outcomes: list[str], of: int, tried: int) -> str:
    """Skipped is never passed, and a run that was broken off says so."""
    times = f"{len(outcomes)} of {of} times"
    if broken := outcomes.count("failed"):
        return "**broken**" if of == 1 else f"**broken** {broken} times, tried {times}"
    if "skipped" in outcomes:
        return "not run: a tool is missing"
    if of > 1:
        return f"kept, {times}"
    return f"kept, each of {tried}" if tried > 1 else "kept"
