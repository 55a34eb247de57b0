"""What went wrong, said on the terminal in a sentence instead of a traceback."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click

from callrouter.setting_values import SettingsError

_NOT_OPENED = "unable to open database file"
_NOT_MADE = re.compile(rf'no such table|{_NOT_OPENED}|relation "[^"]*" does not exist')
"""What SQLite and PostgreSQL say where there is no database yet, or no table in it."""

_NO_DATABASE = re.compile(r'database "[^"]*" does not exist')


class Problem(click.ClickException):
    """A sentence on standard error, and exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Say it."""
        click.secho(self.message, fg="red", err=True, color=self.show_color)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn the errors that an administrator can mend into a sentence that begins with *what*."""
    try:
        yield
    except SettingsError as error:
        lines = "\n".join(f"  {line}" for line in str(error).splitlines())
        raise Problem(f"{what}; these settings need a look:\n{lines}") from error
    except BrokenPipeError:
        raise  # whoever reads has seen enough, such as `| head`: click ends it without a word
    except OSError as error:
        raise Problem(f"{what}: {_of_system(error)}") from error
    except _database_errors() as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise Problem(f"{what}: {reason}{_hint(reason)}") from error


def _hint(reason: str) -> str:
    """What to do where the database gave that *reason*, if anything is known."""
    if _NO_DATABASE.search(reason):
        return "\nPostgreSQL's `createdb` makes it, and then `callrouter db upgrade` its tables."
    if not _NOT_MADE.search(reason):
        return ""
    hint = "\nIf nothing was ever kept there: `callrouter db upgrade` prepares it."
    if _NOT_OPENED in reason:
        hint += " Else: SQLite writes beside the file, also to read it; may you, and can the disk be written?"
    return hint


def _of_system(error: OSError) -> str:
    """Which file, and what is the matter with it; our own errors are sentences already."""
    if error.filename is None or error.strerror is None:
        return str(error)
    return f"{click.format_filename(error.filename)}: {error.strerror}"


def _database_errors() -> tuple[type[Exception], ...]:
    """Asked only when something went wrong: commands that need no database start without its library."""
    import sqlite3

    from sqlalchemy.exc import SQLAlchemyError

    from callrouter.calllog.projection import CallGoneError

    return SQLAlchemyError, sqlite3.Error, CallGoneError
