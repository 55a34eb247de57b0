"""Where the database is: what the commands ask before they touch it."""

from pathlib import Path

from callrouter.calllog.database import Database
from callrouter.cli.problems import Problem
from callrouter.settings import storage_settings


def sqlite_file(database: Database, instead: str) -> Path:
    """The SQLite file.

    Raises:
        Problem: it is PostgreSQL, which has tools of its own; *instead* names the one to run, `URL` in it the address.
    """
    if database.path is None:
        command = instead.replace("URL", f"'{database.libpq_url}'")
        raise Problem(
            f"The database is PostgreSQL, which has a tool of its own for this. Run:\n  {command}\n"
            "It asks for the password, or reads it from PGPASSWORD or ~/.pgpass."
        )
    return database.path


def configured() -> Database:
    """The database of the settings."""
    return Database(storage_settings().database_url)
