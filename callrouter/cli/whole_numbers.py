"""Showing callers' numbers in full: whoever does it stands in the audit log, or sees none."""

from sqlalchemy.exc import SQLAlchemyError

from callrouter import clock
from callrouter.calllog.audit import Deed, append
from callrouter.calllog.database import Database
from callrouter.cli.problems import Problem
from callrouter.settings import os_user


def tell_audit(database: Database, subject: str, calls: int) -> None:
    """Write down that the numbers of so many *calls* are shown.

    Raises:
        Problem: it cannot be written down; then they are not shown.
    """
    if not calls:
        return
    deed = Deed(os_user(), "show-numbers", subject, {"calls": calls}, clock.now())
    try:
        with database.writing() as connection:
            append(connection, deed)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise Problem(
            f"The numbers are not shown: that they are must stand in the audit log, which cannot be written: {reason}\n"
            "Without --show-numbers the log can be read."
        ) from error
