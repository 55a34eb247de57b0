"""The audit log: who did what, when. Append-only, and each entry bound by its hash to the one before it.

Whoever changes, removes or inserts an entry breaks the chain from there on, unless all later ones are written anew:
`verify` tells the hash of the last one, to be compared with one that was noted elsewhere.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, literal, select

from callrouter.calllog.tables import AuditRow

BEGINNING = "0" * 64
"""What the first entry is bound to."""

_ONE_AT_A_TIME = 7_223_550_113  # any fixed number: the name of PostgreSQL's advisory lock


@dataclass(frozen=True, slots=True)
class Deed:
    """*who* did *action* (such as `review`) to *subject* (such as `call CA12…`), *at* (aware), with what it changed.

    *facts* are JSON values with nothing personal in them: no number, no text of a note.
    """

    who: str
    action: str
    subject: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Audited:
    """An entry of the log: a deed in its place (from 1), and the hash that binds it."""

    seq: int
    deed: Deed
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether the chain holds: how many entries it has, the hash of the last, and the first that does not fit."""

    entries: int
    last_hash: str
    broken_at: int | None = None


def append(connection: Connection, deed: Deed) -> None:
    """Add *deed* in the transaction of what it tells of, a writing one: both are there, or neither is."""
    take_turn(connection)
    last = connection.execute(select(AuditRow.seq, AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).one_or_none()
    seq, before = (last.seq + 1, last.hash) if last else (1, BEGINNING)
    connection.execute(insert(AuditRow), [{"seq": seq, "hash": _hash(before, seq, deed)} | asdict(deed)])


def take_turn(connection: Connection) -> None:
    """Let nobody else append before the end of this writing transaction; on SQLite nobody else writes at all."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(literal(_ONE_AT_A_TIME))))


def entries(connection: Connection) -> Iterator[Audited]:
    """All entries, the oldest first."""
    yield from map(_entry, connection.execute(select(AuditRow.__table__).order_by(AuditRow.seq)))


def newest(connection: Connection, limit: int) -> list[Audited]:
    """The latest entries, the last one first."""
    query = select(AuditRow.__table__).order_by(AuditRow.seq.desc()).limit(limit)
    return [_entry(row) for row in connection.execute(query)]


def verify(connection: Connection, so_far: Verified | None = None, most: int | None = None) -> Verified:
    """Follow the chain from its beginning, or go on from what was found *so_far*, by *most* entries."""
    count, before = (so_far.entries, so_far.last_hash) if so_far else (0, BEGINNING)
    query = select(AuditRow.__table__).order_by(AuditRow.seq).limit(most)
    if count:  # at the beginning also what somebody has put before the first entry is looked at
        query = query.where(AuditRow.seq > count)
    try:
        for entry in map(_entry, connection.execute(query)):
            if entry.seq != count + 1 or entry.hash != _hash(before, entry.seq, entry.deed):
                return Verified(count, before, count + 1)
            count, before = entry.seq, entry.hash
    except (ValueError, TypeError):  # no time, no JSON: on SQLite a cell takes whatever is written to it
        return Verified(count, before, count + 1)
    return Verified(count, before)


def entry_of(connection: Connection, noted: str) -> int | None:
    """The number of the entry whose hash was *noted* elsewhere, with which the chain ended then; None: it is gone."""
    number: int | None = connection.execute(select(AuditRow.seq).where(AuditRow.hash == noted)).scalar()
    return number


def length(connection: Connection) -> int:
    """The number of the last entry."""
    return connection.execute(select(func.max(AuditRow.seq))).scalar() or 0


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are meant: those that are all that is asked. *since*, *until* (aware): from then, until before."""

    who: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, newest first; *newer*, *older*: the number from which it goes on there, None at the ends."""

    entries: list[Audited]
    newer: int | None
    older: int | None


def page(
    connection: Connection, wanted: AuditFilter, size: int, *, before: int | None = None, after: int | None = None
) -> AuditPage:
    """The newest *size* entries that are *wanted*, or those older than *before*, or just newer than *after*."""
    query = select(AuditRow.__table__).where(*_clauses(wanted)).limit(size + 1)
    if after is not None:
        rows = connection.execute(query.where(AuditRow.seq > after).order_by(AuditRow.seq)).all()
        found = [_entry(row) for row in rows[:size]][::-1]
        return AuditPage(found, found[0].seq if len(rows) > size else None, found[-1].seq if found else None)
    if before is not None:
        query = query.where(AuditRow.seq < before)
    rows = connection.execute(query.order_by(AuditRow.seq.desc())).all()
    found = [_entry(row) for row in rows[:size]]
    is_first = before is None or not found
    return AuditPage(found, None if is_first else found[0].seq, found[-1].seq if len(rows) > size else None)


def _clauses(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.who is not None:
        yield AuditRow.who == wanted.who
    if wanted.action is not None:
        yield AuditRow.action == wanted.action
    if wanted.since is not None:
        yield AuditRow.at >= wanted.since
    if wanted.until is not None:
        yield AuditRow.at < wanted.until


def _entry(row: Row[Any]) -> Audited:
    return Audited(row.seq, Deed(row.who, row.action, row.subject, row.facts, row.at), row.hash)


def _hash(before: str, seq: int, deed: Deed) -> str:
    said = [before, seq, deed.at.astimezone(UTC).isoformat(), deed.who, deed.action, deed.subject, dict(deed.facts)]
    text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
