"""`callrouter jobs`: what runs by the clock."""

from callrouter.cli.lazy import LazyGroup

command = LazyGroup(
    "jobs",
    package="callrouter.cli.jobs",
    table={
        "list": "List the jobs: when each is due, what its last run did, when the next one is.",
        "run": "Run a job now.",
    },
    help_="See what runs by the clock, and run it by hand.",
)
