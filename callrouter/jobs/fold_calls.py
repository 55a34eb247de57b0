"""Fold the calls whose events a crash kept from being folded: normally there are none."""

from datetime import timedelta

from callrouter.calllog.catching_up import catch_up
from callrouter.domain.counted import counted
from callrouter.jobs.job import Job, Tools


def run(tools: Tools) -> str:
    """Catch up; says how many calls that was, and of how many."""
    folded, found = catch_up(tools.database)
    return f"{folded} of {counted(found, 'call')} folded"


JOB = Job("fold-calls", minute=7, lease=timedelta(minutes=10), run=run, title="calls that a crash left half-told")
