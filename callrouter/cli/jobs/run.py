"""`callrouter jobs run`: a job, now."""

import json
import sys
from datetime import UTC
from threading import Event

import click

from callrouter import clock
from callrouter.app import books, provider_account
from callrouter.calllog.refusal import in_a_line
from callrouter.cli.by_hand import control_database, schedule_if_any
from callrouter.cli.private import keep_private
from callrouter.cli.problems import Problem, explained
from callrouter.cli.progress import progress
from callrouter.cli.stoppable import stoppable
from callrouter.jobs.job import Books, Job, Tools
from callrouter.jobs.registry import JOBS
from callrouter.jobs.running import UnderWayError, run_by_hand
from callrouter.settings import os_user, privacy_key, twilio_settings

_BY_NAME = {job.name: job for job in JOBS}
_UNDER_WAY = 3


@click.command("run")
@click.argument("name", type=click.Choice(list(_BY_NAME)))
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
def command(*, name: str, is_json: bool) -> None:
    """Run the job NAME now, beside the service or without it; the scheduled runs come all the same.

    Ctrl-C lets a long one come to a good end. Exit code 0: it ran; 1: it failed, or could not be begun; 3: somebody
    runs it already.
    """
    keep_private()
    began = clock.monotonic()
    result = _run(_BY_NAME[name])
    seconds = clock.monotonic() - began
    if is_json:
        click.echo(json.dumps({"job": name, "seconds": round(seconds, 3), "result": result}, ensure_ascii=False))
    else:
        click.echo(f"{name}: {result} ({seconds:.1f} s).")


def _books() -> Books | None:
    return books(twilio_settings(), privacy_key)


def _run(job: Job) -> str:
    with explained(f"The job {job.name} was not run"):
        database, account = control_database(), provider_account(twilio_settings())
    schedule, stop = schedule_if_any(), Event()
    try:
        with stoppable(stop), progress(job.name) as tell:
            tools = Tools(database, lambda: schedule, lambda: account, stop, tell, _books)
            return run_by_hand(tools, job, f"{os_user()} by hand", schedule.zone if schedule else UTC)
    except UnderWayError as error:
        click.secho(f"Not run: {error}.", fg="yellow", err=True)
        sys.exit(_UNDER_WAY)
    except Exception as error:
        raise Problem(f"The job {job.name} failed: {in_a_line(error)}") from error
