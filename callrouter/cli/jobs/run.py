"""`callrouter jobs run`: a job, now."""

import json
import sys
from dataclasses import replace
from datetime import UTC
from threading import Event

import click

from callrouter import clock
from callrouter.calllog.refusal import in_a_line
from callrouter.calls.schedule_source import schedule_source
from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.cli.stoppable import stoppable
from callrouter.jobs.job import Job
from callrouter.jobs.registry import JOBS
from callrouter.jobs.running import UnderWayError, run_by_hand
from callrouter.jobs.tools import job_tools
from callrouter.settings import os_user, schedule_location, settings_if_all, twilio_settings

_BY_NAME = {job.name: job for job in JOBS}
_UNDER_WAY = 3


@click.command("run")
@click.argument("name", type=click.Choice(list(_BY_NAME)))
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option(
    "--url", default="http://127.0.0.1:8000", show_default=True, help="Where a service on the phone network listens."
)
def command(*, name: str, is_json: bool, url: str) -> None:
    """Run the job NAME now, beside the service or without it; the scheduled runs come all the same.

    Ctrl-C lets a long one come to a good end. Exit code 0: it ran; 1: it failed, or could not be begun; 3: somebody
    runs it already.
    """
    keep_private()
    began = clock.monotonic()
    result = _run(_BY_NAME[name], url)
    seconds = clock.monotonic() - began
    if is_json:
        click.echo(json.dumps({"job": name, "seconds": round(seconds, 3), "result": result}, ensure_ascii=False))
    else:
        click.echo(f"{name}: {result} ({seconds:.1f} s).")


def _run(job: Job, url: str) -> str:
    with explained(f"The job {job.name} was not run"):
        database, schedule = control_database(), schedule_if_any()
        source = schedule_source(schedule_location(), database)
        ours = job_tools(database, source, lambda: schedule, twilio_settings(), settings_if_all(url))
    stop = Event()
    try:
        with stoppable(stop), progress(job.name) as tell:
            tools = replace(ours, stopping=stop, tell=tell)
            return run_by_hand(tools, job, f"{os_user()} by hand", schedule.zone if schedule else UTC)
    except UnderWayError as error:
        click.secho(f"Not run: {error}.", fg="yellow", err=True)
        sys.exit(_UNDER_WAY)
    except Exception as error:
        raise Problem(f"The job {job.name} failed: {in_a_line(error)}") from error
