"""`callrouter clock`: the jobs, as a process of their own."""

import logging
from threading import Event

import click

from callrouter.app import create_clock
from callrouter.calllog.refusal import in_a_line
from callrouter.cli.private import keep_private
from callrouter.cli.problems import explained
from callrouter.cli.stoppable import stoppable
from callrouter.jobs.registry import JOBS
from callrouter.settings import privacy_key, schedule_location, storage_settings, twilio_settings

log = logging.getLogger(__name__)


@click.command("clock")
def command() -> None:
    """Run the jobs when they are due, beside services that run with --no-jobs.

    As many may run as wanted: each run of a job is for whoever claims it first. On SIGTERM or Ctrl-C a job under way
    comes to a good end; a second one ends it at once.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("callrouter").setLevel(logging.INFO)
    keep_private()
    with explained("callrouter clock does not start"):
        ours = create_clock(storage_settings(), schedule_location(), twilio_settings(), privacy_key)
    try:
        ours.database.prepare()
    except Exception as error:  # noqa: BLE001 - whatever it is: each job is tried again while its hour lasts
        log.warning("the database is not usable yet: %s", in_a_line(error))
    stop = Event()
    with stoppable(stop):
        ours.start()
        click.echo(f"callrouter clock runs the jobs: {', '.join(job.name for job in JOBS)}.")
        stop.wait()
        ours.stop()
