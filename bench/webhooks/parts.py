"""Where the time of a webhook goes: the processor time of each part, beside the least that it could cost.

    .venv/bin/python -m bench.webhooks.parts [--rounds 15] [--write]

In this process and one thread, part and floor in turns, without a server and without the time that the disk takes. The
floor of a part is the same result by the shortest way that Python and its libraries have, with nothing of ours around
it. --write puts the table into docs/performance.md.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from bench.page import write
from bench.timing import short
from bench.webhooks.part import Part, parts
from bench.webhooks.who import ROOT

_AT_ONCE = 100


@click.command()
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(1, 999))
@click.option("--write", "writes", is_flag=True, help="Put the table into docs/performance.md.")
def main(*, rounds: int, writes: bool) -> None:
    """Measure in turns, print a table of medians."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as home:
        lines = [_line(part, rounds) for part in parts(Path(home))]
    heading = ["| Part | µs | Floor, µs | Times | The floor is |", "|---|---|---|---|---|"]
    text = "\n".join([*heading, *lines])
    click.echo(text)
    if writes:
        write("bench.webhooks.parts", text)


def _line(part: Part, rounds: int) -> str:
    contestants = [part.ours, part.floor] if part.floor else [part.ours]
    times = [_in_us(several, part.items) for several in _in_turns(contestants, rounds, _AT_ONCE // part.items or 1)]
    floor, ratio = (short(times[1]), short(times[0] / times[1])) if part.floor else ("", "")
    return f"| {part.name} | {short(times[0])} | {floor} | {ratio} | {part.floor_is} |"


def _in_turns(contestants: list[Callable[[], object]], rounds: int, many: int) -> Iterable[list[float]]:
    """The processor time (s) of one go, round by round; the first round warms up."""
    took: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds + 1):
        for contestant, times in zip(contestants, took, strict=True):
            began = time.process_time()
            for _ in range(many):
                contestant()
            times.append((time.process_time() - began) / many)
    return [times[1:] for times in took]


def _in_us(times: list[float], items: int) -> float:
    return statistics.median(times) / items * 1e6


if __name__ == "__main__":
    main()
