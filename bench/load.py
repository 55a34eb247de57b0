"""The running service under load: calls a second, how long each webhook takes, errors, and whether the log agrees.

    .venv/bin/python -m bench.load --rate 10 --seconds 20 --workers 2 [--url postgresql://...] [--write] [--json]

`callrouter serve` runs as a process of its own, on loopback; the phone network plays the calls of a seeded year at the
chosen rate, each as fast as it is answered, and signs every webhook. Then each call is compared with the log. Exit code
1: a webhook failed, or the log differs from what the network saw. --write puts the table into docs/performance.md.
"""

import json
import os
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import click

from bench.offering import Answer, Callers, Offered
from bench.page import write
from bench.timing import short
from callrouter.calllog.database import Database
from callrouter.cli.progress import progress
from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scenes
from callrouter.simulate.agreement import disagreements
from callrouter.simulate.logbook import logged_calls
from tests.service import RunningService, children

ROOT = Path(__file__).resolve().parents[1]
SCHEDULE = ROOT / "config" / "schedule.yaml"
_LOG_RESTS_WITHIN_SECONDS = 60
_YEAR, _SEED = 2027, 1
_WARM_CALLS_A_SECOND, _WARM_SECONDS = 10, 3


@click.command()
@click.option("--rate", default=20.0, show_default=True, type=click.FloatRange(0.1, 1000), help="Calls a second.")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1, 3600))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--url", default=None, help="Of a PostgreSQL database; without it SQLite, as serve has it.")
@click.option("--write", "writes", is_flag=True, help="Put the table into docs/performance.md.")
@click.option("--json", "as_json", is_flag=True)
def main(*, rate: float, seconds: float, workers: int, url: str | None, writes: bool, as_json: bool) -> None:
    """Play calls at a rate, print a table, exit with 1 where a webhook failed or the log differs."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as home:
        given = {"CALLROUTER_DATABASE_URL": url} if url else {}
        options = ("--phone-network", "--no-jobs", "--workers", str(workers))
        service = RunningService(Path(home), SCHEDULE, options, given=given)
        service.start()
        try:
            found = measure(service, rate, seconds)
        finally:
            service.stop()
    title = f"**{'PostgreSQL' if url else 'SQLite'}, {workers} process{'es' * (workers > 1)}, {rate:g} calls a second**"
    text = f"{title}\n\n{table(found)}\n"
    click.echo(json.dumps(found) if as_json else text)
    if writes:
        write("bench.load", text)
    raise SystemExit(1 if found["failed webhooks"] or found["calls whose log differs"] else 0)


def measure(service: RunningService, rate: float, seconds: float) -> dict[str, float]:
    """Offer calls to a service that runs; what came of it, by name."""
    schedule = load(SCHEDULE.read_bytes())
    scenes = Scenes(schedule, _YEAR, _SEED, (), PHONE_NETWORK_LAST_RESORT)
    Callers(scenes, service.settings, service.url).offer(_WARM_CALLS_A_SECOND, _WARM_SECONDS, lambda *_: None)
    busy = processor_seconds(service)
    with progress(f"{rate:g} calls a second") as tell:
        offered = Callers(scenes, service.settings, service.url).offer(rate, seconds, tell)
    busy = processor_seconds(service) - busy
    differing = differences(service, scenes, offered)
    for sentence in [*differing, *offered.failed][:10]:
        click.echo(sentence, err=True)
    return figures(offered, busy) | {"calls whose log differs": len(differing)}


def figures(offered: Offered, busy: float) -> dict[str, float]:
    """Rates, and the milliseconds of each kind of webhook."""
    calls, webhooks = len(offered.performances), len(offered.answers)
    named: dict[str, float] = {
        "calls": calls,
        "calls a second": calls / offered.seconds,
        "webhooks a second": webhooks / offered.seconds,
        "webhooks a call": webhooks / max(calls, 1),
        "the latest call began late by, s": offered.late,
        "processor time of the service a call, ms": busy / max(calls, 1) * 1e3,
        "calls a second that fill one core": calls / busy if busy else 0.0,
        "attempts without a good answer": len(offered.attempts_in_vain),
        "failed webhooks": len(offered.failed),
    }
    by_path = defaultdict(list)
    for answer in offered.answers:
        by_path[answer.path].append(answer)
    for path, answers in [("all", offered.answers), *sorted(by_path.items())]:
        named |= _latency(path, answers)
    return named


def _latency(path: str, answers: Sequence[Answer]) -> dict[str, float]:
    took = sorted(answer.seconds * 1e3 for answer in answers) or [0.0]
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    return {f"{path}: p50 ms": statistics.median(took), f"{path}: p99 ms": p99, f"{path}: slowest ms": took[-1]}


def differences(service: RunningService, scenes: Scenes, offered: Offered) -> list[str]:
    """In what the log differs from the network's own record, once it has come to rest: one entry a call."""
    database = Database(service.settings.storage.database_url)
    give_up_at = time.monotonic() + _LOG_RESTS_WITHIN_SECONDS
    left = list(offered.performances)
    while True:
        with database.reading() as connection:
            rows = logged_calls(connection, [performance.call.sid for performance in left])
        found = [(each, list(disagreements(each, rows.get(each.call.sid, ()), scenes.schedule))) for each in left]
        left = [each for each, sentences in found if sentences]
        if not left or time.monotonic() > give_up_at:
            database.close()
            return [f"{each.call.sid}: {'; '.join(sentences)}" for each, sentences in found if sentences]
        Event().wait(0.5)


def processor_seconds(service: RunningService) -> float:
    """Processor time of the service's processes until now."""
    main_process = service.process.pid if service.process else 0
    ticks = 0
    for pid in [main_process, *children(main_process)]:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def table(found: dict[str, float]) -> str:
    """Markdown: what was measured, then a line for each webhook."""
    plain = {name: value for name, value in found.items() if " ms" not in name or ": " not in name}
    lines = ["| What | Measured |", "|---|---|", *(f"| {name} | {short(value)} |" for name, value in plain.items())]
    paths = [name.removesuffix(": p50 ms") for name in found if name.endswith(": p50 ms")]
    lines += ["", "| Webhook | p50 ms | p99 ms | slowest ms |", "|---|---|---|---|"]
    for path in paths:
        cells = (short(found[f"{path}: {which} ms"]) for which in ("p50", "p99", "slowest"))
        lines.append(f"| {path if path == 'all' else f'`{path}`'} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
