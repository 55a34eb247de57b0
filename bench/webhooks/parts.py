"""Where the time of a webhook goes: the processor time of each part, beside the least that it could cost.

    .venv/bin/python -m bench.webhooks.parts [--rounds 15] [--write]

In this process and one thread, part and floor in turns, without a server and without the time that the disk takes. Each
part of a webhook runs right after a whole one, as in life: alone in a loop, with all of the processor's caches its own,
it takes less. The floor of a part is the same result by the shortest way that Python and its libraries
have, with nothing of ours around it. --write puts the table into docs/performance.md. Exit code 1: the parts do not add
up to what all of them take.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from bench.page import write
from bench.timing import short
from bench.webhooks.kept import beside
from bench.webhooks.part import Part, What, entered, logging_as_the_service_does, shares
from bench.webhooks.who import ROOT
from callrouter.web.voice import Voice

_AT_ONCE = 100
TOLD = 0.85
"""The share of all that the parts must explain: what is in no row, nobody can look for."""


@click.command()
@click.option("--rounds", default=15, show_default=True, type=click.IntRange(1, 999))
@click.option("--write", "writes", is_flag=True, help="Put the table into docs/performance.md.")
def main(*, rounds: int, writes: bool) -> None:
    """Measure in turns, print a table of medians."""
    found = asyncio.run(_of_a_webhook(rounds))
    (whole,) = (took[0] for part, took in found if part.what is What.ALL)
    told = sum(took[0] for part, took in found if part.what is What.SHARE) / whole
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as home:
        found += [(part, _took(part, rounds, lambda: None)) for part in beside(Path(home))]
    heading = ["| Part | µs | of all | Floor, µs | Times | The floor is |", "|---|---|---|---|---|---|"]
    said = f"The parts add up to {told:.0%} of all of these; goal: at least {TOLD:.0%}."
    text = "\n".join([*heading, *(_line(part, took, whole) for part, took in found), "", said])
    click.echo(text)
    if writes:
        write("bench.webhooks.parts", text)
    sys.exit(0 if told >= TOLD else 1)


async def _of_a_webhook(rounds: int) -> list[tuple[Part, list[float]]]:
    with logging_as_the_service_does():
        whole = entered(Voice, "before each go", What.ALL)
        return [(part, _took(part, rounds, whole.ours)) for part in shares()]


def _took(part: Part, rounds: int, before: Callable[[], object]) -> list[float]:
    """What the part takes, and its floor: µs, medians."""
    contestants = [part.ours, part.floor] if part.floor else [part.ours]
    nothing, *times = _in_turns([lambda: None, *contestants], rounds, _AT_ONCE // part.items or 1, before)
    return [(took - nothing) / part.items * 1e6 for took in times]


def _line(part: Part, took: list[float], whole: float) -> str:
    floor, ratio = (short(took[1]), short(took[0] / took[1])) if part.floor else ("", "")
    share = "" if part.what is What.BESIDE else f"{took[0] / whole:.0%}"
    name = f"– of it {part.name}" if part.what is What.WITHIN else part.name
    return f"| {name} | {short(took[0])} | {share} | {floor} | {ratio} | {part.floor_is} |"


def _in_turns(
    contestants: list[Callable[[], object]], rounds: int, many: int, before: Callable[[], object]
) -> list[float]:
    """The processor time (s) of one go of each, right after *before*: medians of rounds; one more warms up."""
    took: list[list[float]] = [[] for _ in contestants]
    for _ in range(rounds + 1):
        for contestant, times in zip(contestants, took, strict=True):
            busy = 0.0
            for _ in range(many):
                before()
                began = time.process_time()
                contestant()
                busy += time.process_time() - began
            times.append(busy / many)
    return [statistics.median(times[1:]) for times in took]


if __name__ == "__main__":
    main()
