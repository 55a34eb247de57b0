"""`callrouter jobs list`: when each job is due, what its last run did, when the next one is."""

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

import click

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calllog.job_runs import JobNow, JobRun, RunState
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.columns import print_rows
from callrouter.cli.problems import explained
from callrouter.jobs.overview import overview
from callrouter.jobs.registry import JOBS
from callrouter.settings import storage_settings

_COLUMNS = ("job", "due", "slot", "began", "took", "state", "result", "next")
_COLOURS = {RunState.FAILED: "red", RunState.DEAD: "red", RunState.RUNNING: "yellow", RunState.DONE: "green"}
_TO_THE_MINUTE = len("2026-11-23 18:30")


@click.command("list")
@click.option("--json", "is_json", is_flag=True, help="One JSON object a line.")
def command(*, is_json: bool) -> None:
    """List the jobs. `next` holds as long as `callrouter serve` or `callrouter clock` runs."""
    schedule, at = schedule_if_any(), clock.now()
    zone = schedule.zone if schedule else UTC
    with explained("The jobs cannot be listed"):
        jobs = overview(Database(storage_settings().database_url), JOBS, zone, at)
    if is_json:
        for job in jobs:
            click.echo(json.dumps(_as_json(job, at), ensure_ascii=False))
        return
    rows = [_row(job, zone, at) for job in jobs]
    print_rows(_COLUMNS, rows, map(_on_terminal, rows))


def _row(job: JobNow, zone: tzinfo, at: datetime) -> tuple[str, ...]:
    return job.name, str(job.schedule), *_last(job, zone, at), _local(job.next_at, zone)


def _last(job: JobNow, zone: tzinfo, at: datetime) -> tuple[str, ...]:
    run = job.last
    if run is None:
        return "", "nothing to do yet" if job.waits_for_work else "never", "", "", ""
    took = f"{run.took.total_seconds():.1f} s" if run.took is not None else ""
    return run.slot, _local(run.began_at, zone), took, run.state(at), run.result or ""


def _on_terminal(row: tuple[str, ...]) -> tuple[str, ...]:
    """A row in colours, its times to the minute, so that it fits."""
    name, due, slot, began, took, state, result, next_ = row
    coloured = click.style(state, fg=_COLOURS[RunState(state)]) if state else ""
    by_hand = " by hand"
    shown = by_hand.strip() if slot.endswith(by_hand) else slot
    return name, due, shown, began[:_TO_THE_MINUTE], took, coloured, result, next_[:_TO_THE_MINUTE]


def _local(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"


def _as_json(job: JobNow, at: datetime) -> dict[str, Any]:
    said = {"job": job.name, "hour": job.hour, "minute": job.minute, "next_at": job.next_at.astimezone(UTC).isoformat()}
    return said | {"last": _run_as_json(job.last, at) if job.last else None}


def _run_as_json(run: JobRun, at: datetime) -> dict[str, Any]:
    return {
        "slot": run.slot,
        "by": run.by,
        "began_at": run.began_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "seconds": run.took.total_seconds() if run.took is not None else None,
        "state": run.state(at),
        "result": run.result,
    }
