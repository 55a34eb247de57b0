"""The outbox: what people are told by mail and SMS, put there once, claimed by whoever sends it, kept for a while.

Sent at least once: whoever dies between sending and saying so is followed by another, who sends the same mail again
under the same name.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, delete, func, select, update

from callrouter.calllog.database import Database
from callrouter.calllog.tables import OutboxRow
from callrouter.domain.notice import Notice, pause_after, warning
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import NoticeKind, NoticeState

LEASE = timedelta(minutes=10)
"""So long a try may take before another process takes the notice over."""

KEPT = timedelta(days=30)
"""Then what is over is deleted. Nothing is put there again after that time."""

_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Claimed:
    """A notice that we alone send until the lease is out; *attempts*: with this one."""

    notice: Notice
    attempts: int


def put(database: Database, notices: Iterable[Notice], at: datetime) -> int:
    """Put *notices* there that never were, to be sent from *at* (aware) on; returns how many.

    Raises:
        SQLAlchemyError, OSError: the database cannot be written.
    """
    insert, count = database.insert_new(OutboxRow), 0
    with database.writing() as connection:
        for each in notices:
            row = {"kind": each.kind.value, "about": each.about, "address": each.address, "facts": dict(each.facts)}
            new = insert.values(row | {"made_at": at, "attempts": 0, "next_at": at})
            count += connection.execute(new, execution_options={"preserve_rowcount": True}).rowcount
    return count


def warn(database: Database, schedule: Schedule | None, subject: str, at: datetime, *, sv: str, en: str) -> int:
    """Tell whoever the schedule names under `notify > warnings`, once a day and *subject* (`certificate`, …).

    In both languages; the first line is the mail's subject, and all that an SMS says. Returns how many are told.

    Raises:
        SQLAlchemyError, OSError: as `put`.
    """
    if schedule is None or not schedule.notify.warnings:
        return 0
    return put(database, warning(subject, schedule.notify.warnings, sv, en, at, schedule.zone), at)


def is_due(connection: Connection, at: datetime) -> bool:
    """Whether something waits to be sent at *at* (aware)."""
    return connection.execute(select(OutboxRow.kind).where(OutboxRow.next_at <= at).limit(1)).first() is not None


def claim_next(database: Database, at: datetime, *, is_mail: bool = True) -> Claimed | None:
    """The mail or SMS that has been due longest, to be sent by us; None: nothing is due at *at* (aware)."""
    way = OutboxRow.address.contains("@") if is_mail else ~OutboxRow.address.contains("@")
    due = select(OutboxRow.__table__).where(OutboxRow.next_at <= at, way).order_by(OutboxRow.next_at, OutboxRow.about)
    while True:
        with database.writing() as connection:
            row = connection.execute(due.limit(1)).one_or_none()
            if row is None:
                return None
            if claimed := _claim(connection, row, at):
                return claimed


def letters(database: Database, like: Notice, since: datetime) -> list[datetime]:
    """When letters of its kind were sent to its address since (aware), the oldest first; several notices may be one."""
    its = and_(OutboxRow.kind == like.kind.value, OutboxRow.address == like.address, OutboxRow.sent_at > since)
    query = select(OutboxRow.sent_at).where(its).distinct().order_by(OutboxRow.sent_at)
    with database.reading() as connection:
        return [row.sent_at for row in connection.execute(query)]


def waiting_with(database: Database, claimed: Claimed, at: datetime) -> int:
    """How many others of its kind wait for its address, due at *at* (aware)."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).where(_beside(claimed.notice, at))).scalar_one()


def claim_with(database: Database, claimed: Claimed, at: datetime) -> list[Claimed]:
    """Claim these, too, to be sent in the same letter."""
    with database.writing() as connection:
        rows = connection.execute(select(OutboxRow.__table__).where(_beside(claimed.notice, at))).all()
        return [mine for row in rows if (mine := _claim(connection, row, at))]


def put_off(database: Database, claimed: Claimed, until: datetime) -> None:
    """Leave it until then (aware): that was no try."""
    _note(database, _is(claimed.notice), {"attempts": claimed.attempts - 1, "next_at": until})


def note_sent(database: Database, claimed: Claimed, at: datetime) -> None:
    """It was sent *at* (aware)."""
    _note(database, _is(claimed.notice), {"sent_at": at, "next_at": None, "error": None})


def note_failed(database: Database, claimed: Claimed, why: str, at: datetime, *, for_good: bool = False) -> bool:
    """It was not sent: tried again later or, *for_good* or after the last try, never; returns whether it is again."""
    pause = None if for_good else pause_after(claimed.attempts)
    ours = and_(_is(claimed.notice), OutboxRow.attempts == claimed.attempts, OutboxRow.sent_at.is_(None))
    _note(database, ours, {"next_at": at + pause if pause else None, "error": why[:_LONGEST_ERROR]})
    return pause is not None


def try_again(connection: Connection, at: datetime) -> int:
    """Let all that failed be sent from *at* (aware) on, as if new; returns how many. In a writing transaction."""
    again = {"attempts": 0, "next_at": at}
    return connection.execute(update(OutboxRow).where(_STATES[NoticeState.FAILED]).values(again)).rowcount


def prune(database: Database, at: datetime) -> int:
    """Delete what has been over for long; returns how many."""
    is_old = and_(OutboxRow.next_at.is_(None), OutboxRow.made_at < at - KEPT)
    with database.writing() as connection:
        return connection.execute(delete(OutboxRow).where(is_old)).rowcount


def listed(connection: Connection, state: NoticeState | None, most: int) -> Sequence[tuple[Notice, Row[Any]]]:
    """The notices, or those in one *state*, the newest first."""
    query = select(OutboxRow.__table__).order_by(OutboxRow.made_at.desc(), OutboxRow.about, OutboxRow.address)
    query = query if state is None else query.where(_STATES[state])
    return [(_notice(row), row) for row in connection.execute(query.limit(most))]


def counted(connection: Connection, since: datetime) -> Mapping[NoticeState, int]:
    """How many notices put there from *since* (aware) on stand how."""
    columns = [func.coalesce(func.sum(case((is_so, 1), else_=0)), 0) for is_so in _STATES.values()]
    counts = connection.execute(select(*columns).where(OutboxRow.made_at >= since)).one()
    return dict(zip(_STATES, map(int, counts), strict=True))


def state_of(row: Row[Any]) -> NoticeState:
    """How a row stands."""
    if row.sent_at is not None:
        return NoticeState.SENT
    return NoticeState.FAILED if row.next_at is None else NoticeState.WAITING


_STATES: Mapping[NoticeState, ColumnElement[bool]] = {
    NoticeState.WAITING: OutboxRow.next_at.is_not(None),
    NoticeState.SENT: OutboxRow.sent_at.is_not(None),
    NoticeState.FAILED: and_(OutboxRow.next_at.is_(None), OutboxRow.sent_at.is_(None)),
}


def _claim(connection: Connection, row: Row[Any], at: datetime) -> Claimed | None:
    """A row as it was read, made ours; None: somebody else was faster."""
    as_seen = and_(_is(_notice(row)), OutboxRow.attempts == row.attempts, OutboxRow.next_at == row.next_at)
    ours = {"attempts": row.attempts + 1, "next_at": at + LEASE}
    is_ours = connection.execute(update(OutboxRow).where(as_seen).values(ours)).rowcount == 1
    return Claimed(_notice(row), row.attempts + 1) if is_ours else None


def _beside(notice: Notice, at: datetime) -> ColumnElement[bool]:
    same = and_(OutboxRow.kind == notice.kind.value, OutboxRow.address == notice.address)
    return and_(same, OutboxRow.about != notice.about, OutboxRow.next_at <= at)


def _is(notice: Notice) -> ColumnElement[bool]:
    return and_(
        OutboxRow.kind == notice.kind.value, OutboxRow.about == notice.about, OutboxRow.address == notice.address
    )


def _note(database: Database, which: ColumnElement[bool], values: Mapping[str, object]) -> None:
    with database.writing() as connection:
        connection.execute(update(OutboxRow).where(which).values(values))


def _notice(row: Row[Any]) -> Notice:
    return Notice(NoticeKind(row.kind), row.about, row.address, row.facts)
