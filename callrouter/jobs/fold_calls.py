"""Fold the calls whose events a crash kept from being folded: normally there are none."""

from datetime import timedelta

from callrouter.calllog.database import Database
from callrouter.calllog.projection import project, unprojected
from callrouter.jobs.job import Job


def run(database: Database) -> str:
    """Catch up; says how many calls that was, and of how many."""
    keys = unprojected(database)
    return f"{project(database, keys)} of {len(keys)} calls folded"


JOB = Job("fold-calls", minute=7, lease=timedelta(minutes=10), run=run)
