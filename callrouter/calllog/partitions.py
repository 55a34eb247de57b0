"""PostgreSQL keeps the events of each month in a partition of its own: the next ones are made before they are needed.

What comes for a month that has none lands in `call_event_other`, the partition of all other days; it is moved when its
month gets one. Nobody who writes events of another month waits for that.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, text

from callrouter.calllog.database import Database

MONTHS_AHEAD = 24

_ONE_AT_A_TIME = 7_223_550_114  # any fixed number: the name of PostgreSQL's advisory lock
_PARTITIONS = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = 'call_event'::regclass"
)

_MOVE = (
    "WITH took AS (DELETE FROM call_event_other WHERE day >= :first AND day < :after RETURNING *)"
    " INSERT INTO {} SELECT * FROM took"
)


@dataclass(frozen=True, slots=True)
class Partitioned:
    """Which months (by their first day) got a partition, and how many events were moved to them."""

    months: tuple[date, ...] = ()
    moved: int = 0


def partition_ahead(database: Database, today: date) -> Partitioned:
    """See that the months from *today* on, and all that have events already, have partitions.

    Idempotent, and safe to call from several processes at once. SQLite has no partitions: nothing is done there.
    """
    if database.is_sqlite:
        return Partitioned()
    with database.reading() as connection:
        told = connection.execute(
            text("SELECT DISTINCT date_trunc('month', day)::date FROM call_event_other")
        ).scalars()
        late = set(told)
    return partition(database, sorted(late.union(months(today, MONTHS_AHEAD + 1))))


def partition(database: Database, wanted: Iterable[date]) -> Partitioned:
    """See that the *wanted* months (each by its first day) have partitions, one transaction each (PostgreSQL only)."""
    made, moved = [], 0
    with database.reading() as connection:
        known = set(connection.execute(_PARTITIONS).scalars())
    for month in wanted:
        if _name(month) not in known:
            with database.writing() as connection:
                count = _make(connection, month)
            if count is not None:
                made.append(month)
                moved += count
    return Partitioned(tuple(made), moved)


def months(first: date, count: int) -> Iterator[date]:
    """The first days of *count* months, from that of *first* on."""
    month = first.replace(day=1)
    for _ in range(count):
        yield month
        month = _next(month)


def _make(connection: Connection, month: date) -> int | None:
    """Make the partition, with what has come for it; None: another process has made it meanwhile.

    A table that is filled first and attached then: CREATE TABLE ... PARTITION OF would lock all events against
    everybody, this lets those who write to other months go on.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    if _name(month) in set(connection.execute(_PARTITIONS).scalars()):
        return None
    connection.execute(text("SET LOCAL statement_timeout = 0"))  # a month of events takes its time
    connection.execute(text("LOCK TABLE call_event_other IN ACCESS EXCLUSIVE MODE"))  # what attaching asks for, at once
    connection.execute(text(f"CREATE TABLE {_name(month)} (LIKE call_event INCLUDING ALL)"))
    moved = connection.execute(text(_MOVE.format(_name(month))), {"first": month, "after": _next(month)}).rowcount
    span = f"FROM ('{month}') TO ('{_next(month)}')"
    connection.execute(text(f"ALTER TABLE call_event ATTACH PARTITION {_name(month)} FOR VALUES {span}"))
    return moved


def _name(month: date) -> str:
    return f"call_event_{month:%Y_%m}"


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
