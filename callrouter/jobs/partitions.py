"""Make the partitions that the events of the coming months go to (PostgreSQL alone has them)."""

from datetime import timedelta

from callrouter.calllog.partitions import partition_ahead
from callrouter.jobs.job import Job, Tools


def run(tools: Tools) -> str:
    """See that there are enough; says which were made, and how many events had come before theirs was."""
    if tools.database.is_sqlite:
        return "SQLite has no partitions"
    made = partition_ahead(tools.database, tools.now().date())
    months = ", ".join(f"{month:%Y-%m}" for month in made.months) or "none"
    return f"partitions made: {months}; events moved: {made.moved}"


JOB = Job("partitions", minute=17, lease=timedelta(minutes=30), run=run, title="room for the coming months")
