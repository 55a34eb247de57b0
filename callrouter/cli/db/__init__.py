"""`callrouter db`: the database alone."""

from callrouter.cli.lazy import LazyGroup

command = LazyGroup(
    "db",
    package="callrouter.cli.db",
    table={
        "upgrade": "Create the tables, or bring them up to date.",
        "check": "Tell whether the database is whole, and every call in it.",
        "backup": "Copy the database to a new file while it is in use.",
        "restore": "Put a back-up in the place of the database, with all that can be read of it.",
    },
    help_="Prepare, check, back up and restore the database.",
)
