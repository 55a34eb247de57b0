"""A call as it is named on the command line: its id, or the start of it."""

from typing import Any

from sqlalchemy import Connection, Row

from callrouter.calllog.queries import calls_named
from callrouter.cli.problems import Problem


def call_named(connection: Connection, start_of_id: str) -> Row[Any]:
    """The one call that is meant, as a row of `calls_named`.

    Raises:
        Problem: there is none, or more than one.
    """
    found = calls_named(connection, start_of_id)
    if not found:
        raise Problem(f"No call has an id that starts with {start_of_id!r}; `callrouter log` lists them.")
    if len(found) > 1 and found[0].call_id != start_of_id:
        raise Problem(f"More than one call has an id that starts with {start_of_id!r}: give more of it.")
    return found[0]
