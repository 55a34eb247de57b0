"""Where the database is: what the commands ask before they touch it."""

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path

from callrouter.calllog.database import Database
from callrouter.cli.problems import Problem
from callrouter.settings import storage_settings


def sqlite_file(database: Database, instead: Callable[[str], Iterable[str]]) -> Path:
    """The SQLite file.

    Raises:
        Problem: it is PostgreSQL, which has tools of its own; *instead* says what to run, of the address for a shell.
    """
    if database.path is None:
        lines = "\n".join(f"  {line}" for line in instead(shlex.quote(database.libpq_url)))
        raise Problem(
            f"The database is PostgreSQL, which has tools of its own for this. Run:\n{lines}\n"
            "They ask for the password, or read it from PGPASSWORD or ~/.pgpass."
        )
    return database.path


def configured() -> Database:
    """The database of the settings."""
    return Database(storage_settings().database_url)
