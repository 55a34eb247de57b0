"""`callrouter schedule`: check the schedule, and ask it."""

from callrouter.cli.lazy import LazyGroup

command = LazyGroup(
    "schedule",
    package="callrouter.cli.schedule",
    table={
        "check": "Tell all errors and warnings of a schedule file, each with its line.",
        "explain": "Tell who answers a unit's calls at an instant, and why.",
        "year": "Show a year at a glance: a row a week, with every day that differs.",
        "diff": "Tell what another schedule changes in the coming 400 days, in words and hours.",
        "backtest": "Tell which of the calls that were would have gone elsewhere by another schedule.",
        "export": "Print opening hours or shifts for calendars, web sites and programs.",
        "schema": "Print the JSON Schema of schedule.yaml, for editors.",
        "publish": "Publish a schedule file to all machines that share the database.",
    },
    help_="Check the schedule, and ask it: who answers when, and what a change changes.",
)
