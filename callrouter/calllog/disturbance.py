"""Disturbances: that a part of the service was not as it should be, in the audit log once that can be written again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from callrouter import clock
from callrouter.calllog.audit import Deed, append, take_turn
from callrouter.calllog.database import Database
from callrouter.calllog.tables import AuditRow

ACTION = "disturbance"
WHO = "callrouter"
"""The service itself, where users and jobs stand else."""
RECORDER = "recorder"
"""The part that is disturbed while entries wait for the database."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """*part*, as /readyz names it, was not as it should be. *error*: what it said of it at first, if anything."""

    part: str
    since: datetime
    until: datetime
    error: str | None = None


def tell(connection: Connection, found: Disturbance) -> bool:
    """Append it, in a writing transaction, unless another process has told of one at that time. Whether it did."""
    take_turn(connection)
    if _is_told(connection, found):
        return False
    facts = {"from": found.since.isoformat(), "until": found.until.isoformat()}
    facts |= {"error": found.error} if found.error else {}
    append(connection, Deed(WHO, ACTION, _subject(found), facts, found.until))
    return True


def tell_of_spooled(database: Database, since: datetime) -> None:
    """What waited in the spool since then is written: nobody else may be left who saw that it had to wait."""
    with database.writing() as connection:
        tell(connection, Disturbance(RECORDER, since, clock.now(), "entries waited in the spool"))


def _is_told(connection: Connection, found: Disturbance) -> bool:
    query = select(AuditRow.facts).where(
        AuditRow.action == ACTION, AuditRow.subject == _subject(found), AuditRow.at >= found.since
    )
    told = connection.execute(query).scalars()
    return any(datetime.fromisoformat(facts["from"]) <= found.until for facts in told)


def _subject(found: Disturbance) -> str:
    return f"part {found.part}"
