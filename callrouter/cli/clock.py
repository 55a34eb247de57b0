"""`callrouter clock`: the jobs, as a process of their own."""

import logging
from threading import Event

import click

from callrouter import error_reports, logs, traces
from callrouter.app import create_clock
from callrouter.calllog.refusal import in_a_line
from callrouter.cli.private import keep_private
from callrouter.cli.problems import explained
from callrouter.cli.stoppable import stoppable
from callrouter.jobs.registry import JOBS
from callrouter.settings import (
    health_settings,
    schedule_location,
    settings_if_all,
    storage_settings,
    twilio_settings,
)

log = logging.getLogger(__name__)


@click.command("clock")
def command() -> None:
    """Run the jobs when they are due, beside services that run with --no-jobs.

    As many may run as wanted: each run of a job is for whoever claims it first. On SIGTERM or Ctrl-C a job under way
    comes to a good end; a second one ends it at once.
    """
    keep_private()
    with explained("callrouter clock does not start"):
        health = health_settings()
        logs.set_up(health.log_format)
        ours = create_clock(storage_settings(), schedule_location(), twilio_settings(), settings_if_all())
    error_reports.begin(health.sentry_dsn)
    end_traces = traces.begin(health.otlp_endpoint)
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
        end_traces()
