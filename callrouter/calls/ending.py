"""What was decided by hand, ended early by people, with an entry in the audit log."""

from datetime import datetime
from typing import Literal

from callrouter.calllog.audit import Deed, append
from callrouter.calllog.control import end_block, end_override
from callrouter.calllog.database import Database

_ROWS = {"override": end_override, "block": end_block}


def end(
    database: Database, what: Literal["override", "block"], number: int, who: str, why: str | None, at: datetime
) -> bool:
    """End it at *at* (aware); False: none of that number lasts longer.

    Raises:
        SQLAlchemyError: the database cannot be written.
    """
    with database.writing() as connection:
        is_ended = _ROWS[what](connection, number, at, who, why)
        if is_ended:
            append(connection, Deed(who, f"{what}-end", f"{what} {number}", {}, at))
    return is_ended
