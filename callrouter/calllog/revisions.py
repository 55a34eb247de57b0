"""Which revision of the tables a database has, and which ones this program knows. Alembic comes only when asked."""

from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import Connection

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = "callrouter.calllog:migrations"
"""Where Alembic finds them: inside the package, wherever that is."""


def load() -> None:
    """Import what takes its time, before somebody waits for what `upgrade` holds."""
    import_module("alembic.command")


def upgrade(connection: Connection) -> None:
    """Bring the tables up to date, in the transaction of *connection*.

    Those of a later release stay as they are: whoever went back a release writes to them, and the calls are in the log.
    """
    from alembic import command

    found = revision_of(connection)
    if found is not None and found not in known_revisions():
        return

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables that are there; None: there are none of ours."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> list[str]:
    """All revisions that this program can make or bring up to date, the newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def newest_revision() -> str:
    """The revision that this program works with."""
    return known_revisions()[0]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    return config
