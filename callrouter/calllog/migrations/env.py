"""Runs the migrations on the connection that Database.prepare hands over, one process at a time."""

from alembic import context
from sqlalchemy import Connection, text

from callrouter.calllog.tables import Table

_ONE_AT_A_TIME = 7_223_550_112  # any fixed number: the name of PostgreSQL's advisory lock


def run(connection: Connection) -> None:
    """Upgrade inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # an index over years of calls takes its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    context.run_migrations()


run(context.config.attributes["connection"])
