"""The caller of a call as pages keep them out of what is written beside it."""

from sqlalchemy import Connection

from callrouter.calllog.projection import Key
from callrouter.calls import discretion
from callrouter.calls.discretion import Hashing, Hidden
from callrouter.domain.words import Role
from callrouter.web.site import Site, signed_in
from callrouter.web.texts import Text

NUMBER_TOLD = Text(
    "Utelämna numret: det har sin egen plats, där det kan raderas.",
    "Leave the number out: it has its own place, where it can be deleted.",
)


def hidden(site: Site, connection: Connection, call: Key) -> Hidden:
    """The caller of *call*, for what whoever is signed in writes beside it.

    A company must not learn by trying whose call it was: in a call that no number is kept of, it writes none.
    """

    def hashing() -> Hashing | None:
        schedule = site.loaded().schedule
        if schedule is None or signed_in().role is Role.CONTRACTOR:
            return None
        return Hashing(site.callers, schedule.countries)

    return discretion.hidden(connection, call, hashing)
