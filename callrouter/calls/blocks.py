"""Blocks made by people, each with an entry in the audit log."""

from dataclasses import replace
from datetime import datetime

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.control import add_block
from callrouter.calllog.database import Database
from callrouter.domain.control import Block


def make(database: Database, wanted: Block, at: datetime) -> Block:
    """Keep *wanted*; returns it with its number. The audit log knows neither the caller's key nor why: that is theirs.

    Raises:
        SQLAlchemyError: the database cannot be written.
    """
    end_at = wanted.span.end.isoformat() if wanted.span.end else None
    with database.writing() as connection:
        number = add_block(connection, wanted)
        facts = {"unit": wanted.unit, "end": end_at}
        append(connection, Deed(wanted.who, "block", f"block {number}", facts, at))
    return replace(wanted, id=number)
