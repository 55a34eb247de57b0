"""Write what dead processes left in the spool: each service replays its own, and this one whatever no service does."""

from datetime import timedelta

from callrouter.domain.counted import counted
from callrouter.jobs.job import Job, Tools


def run(tools: Tools) -> str:
    """Replay; says how many entries that was. The files of living processes are left to them."""
    if tools.replay is None:
        return "not looked at: the service's settings are not here"
    return f"{counted(tools.replay(), 'entry', 'entries')} replayed"


JOB = Job("spool", 3, timedelta(minutes=10), run, title="what dead processes left on disk")
