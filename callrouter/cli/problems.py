"""What went wrong, said on the terminal in a sentence instead of a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError, ProgrammingError, SQLAlchemyError

from callrouter.settings import SettingsError


class Problem(click.ClickException):
    """A sentence on standard error, and exit code 1."""

    def show(self, file: object = None) -> None:  # noqa: ARG002 - click's signature
        """Say it."""
        click.secho(self.message, fg="red", err=True)


@contextmanager
def explained(what: str) -> Iterator[None]:
    """Turn the errors that an administrator can mend into a sentence that begins with *what*."""
    try:
        yield
    except SettingsError as error:
        raise Problem(
            f"{what}; these settings need a look:\n" + "\n".join(f"  {line}" for line in str(error).splitlines())
        ) from error
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).splitlines()[0]
        raise Problem(
            f"{what}: {reason}\nIf nothing was ever kept there: `callrouter db upgrade` prepares it."
        ) from error
    except (SQLAlchemyError, OSError) as error:
        raise Problem(f"{what}: {str(error).splitlines()[0]}") from error
