"""PostgreSQL through psycopg 3: timeouts for everything, and connections that are looked at before they are used."""

import re
from functools import cache
from itertools import count
from typing import cast

import psycopg
from psycopg import RawCursor
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import PoolProxiedConnection

from callrouter.calllog import json_values
from callrouter.calllog.transactions import UNSYNCED, Statements, executions

_CONNECT_SECONDS = 2

_DEAD_PEER = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""So that a server which went without a word is noticed in half a minute, not in hours (libpq's names)."""

_OPTIONS = "-c TimeZone=UTC -c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"
"""Instants are handed over as UTC without a zone (writes.py): a server that lives in Stockholm must not guess."""


def engine(url: URL) -> Engine:
    """An engine whose pool throws away what the server has closed, without a round trip to find out."""
    made = create_engine(
        url,
        hide_parameters=True,
        json_serializer=json_values.write,
        json_deserializer=json_values.read,
        pool_timeout=_CONNECT_SECONDS,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _OPTIONS, **_DEAD_PEER},
    )

    @event.listens_for(made, "checkout")
    def _on_checkout(connection: psycopg.Connection, _record: object, _proxy: object) -> None:
        try:
            for _ in range(2):  # a server that goes says why before it closes
                connection.pgconn.consume_input()
        except psycopg.OperationalError as error:
            raise InvalidatePoolError("the server has closed the connection") from error

    @event.listens_for(made, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get(UNSYNCED):
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")

    return made


def write_at_once(connection: PoolProxiedConnection, statements: Statements) -> None:
    """Execute each statement for all of its rows in one transaction and one round trip: errors come at its end.

    Without a BEGIN the server takes all that comes before the end of the pipeline as one transaction.
    """
    driver = cast(psycopg.Connection, connection.driver_connection)
    driver.autocommit = True
    try:
        with driver.pipeline(), RawCursor(driver) as cursor:
            for text, values in executions(statements):
                cursor.execute(_numbered(text), values, prepare=True)
    finally:
        if not driver.broken:
            driver.autocommit = False


@cache
def _numbered(text: str) -> bytes:
    """The statement with its values marked as the server does: the driver would read a long one anew each time."""
    numbers = count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", text).encode()
