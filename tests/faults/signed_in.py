"""Somebody who looks at the pages while things break."""

from contextlib import closing
from datetime import datetime

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.domain.words import Role
from callrouter.people import sessions
from tests.people.somebody import added
from tests.service import RunningService


def signed_in(service: RunningService, at: datetime | None = None) -> str:
    """The cookie of an administrator's session that begins *at* (aware; now)."""
    with closing(Database(service.settings.storage.database_url)) as database:
        user = added(database, f"anna{clock.now():%H%M%S%f}", Role.ADMINISTRATOR)
        with database.writing() as connection:
            secret = sessions.begin(connection, user.name, at or clock.now())
    host_only = "" if service.settings.phone_network else "__Host-"
    return f"{host_only}callrouter-session={secret}"
