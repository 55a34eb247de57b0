"""How long the command line takes to say `--help`, against importing click alone: alternating runs, medians.

    .venv/bin/python bench/startup.py

Goal: under 4 times. Heavy libraries are imported by the command that needs them, when it runs.
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 21
HELP = [sys.executable, "-m", "callrouter", "--help"]
CLICK = [sys.executable, "-c", "import click"]
GOAL = 4.0


def seconds(command: list[str]) -> float:
    """Wall time of a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Measure, print a table, fail beyond the goal."""
    seconds(HELP), seconds(CLICK)  # warm the file cache
    pairs = [(seconds(HELP), seconds(CLICK)) for _ in range(ROUNDS)]
    helps, clicks = zip(*pairs, strict=True)
    ratio = statistics.median(h / c for h, c in pairs)
    print(f"{'command':<24}{'median ms':>10}{'min':>8}{'max':>8}")
    for name, times in (("callrouter --help", helps), ("import click", clicks)):
        print(f"{name:<24}{statistics.median(times) * 1e3:>10.1f}{min(times) * 1e3:>8.1f}{max(times) * 1e3:>8.1f}")
    print(f"ratio, median of {ROUNDS} pairs: {ratio:.2f} (goal: under {GOAL:g})")
    return 0 if ratio < GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
