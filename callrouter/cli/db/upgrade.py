"""`callrouter db upgrade`: the tables, made or brought up to date."""

import click

from callrouter.calllog.database import Database
from callrouter.cli.private import keep_private
from callrouter.cli.problems import explained
from callrouter.settings import storage_settings


@click.command("upgrade")
def command() -> None:
    """Create the tables, or bring them up to date."""
    keep_private()
    with explained("The database was not prepared"):
        database = Database(storage_settings().database_url)
        database.prepare()
    click.echo(f"The database is ready: {database.shown_url}")
