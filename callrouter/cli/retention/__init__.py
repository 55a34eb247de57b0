"""`callrouter retention`: what is deleted when, and what was."""

from callrouter.cli.lazy import LazyGroup

command = LazyGroup(
    "retention",
    package="callrouter.cli.retention",
    table={
        "preview": "Tell what is older than decided, class by class and unit by unit; deletes nothing.",
        "run": "Delete what is older than decided, as the service does every night.",
        "protocol": "Print the destruction protocol: what was deleted, by which decision.",
    },
    help_="Delete what is older than decided in the schedule (`retention`), and show what was.",
)
