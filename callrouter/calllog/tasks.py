"""Tasks in the database, so that any process can show what another one does.

These functions read and write in the transaction of their caller.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from callrouter.calllog.tables import TaskRow
from callrouter.domain.task import LOST_AFTER, Task
from callrouter.domain.words import TaskKind, TaskState

FORGOTTEN_AFTER = timedelta(days=90)
"""Then the audit log alone knows that it was asked for."""

_SHOWN = 50
_IS_OPEN = TaskRow.ended_at.is_(None)


def add(connection: Connection, task: Task) -> None:
    """Keep a new task; those that are long over are forgotten on the way."""
    connection.execute(delete(TaskRow).where(TaskRow.asked_at < task.asked_at - FORGOTTEN_AFTER))
    row = {name: getattr(task, name) for name in TaskRow.__table__.columns.keys()}  # noqa: SIM118 - no mapping
    plain = {"kind": task.kind.value, "asked": dict(task.asked), "result": dict(task.result)}
    connection.execute(insert(TaskRow), [row | plain])


def start(connection: Connection, key: str, at: datetime) -> None:
    """Note that it has begun."""
    connection.execute(update(TaskRow).where(TaskRow.key == key, _IS_OPEN).values(started_at=at, beat_at=at))


def note(connection: Connection, key: str, done: int, total: int, at: datetime) -> None:
    """Note how far it is, and that its process lives."""
    connection.execute(update(TaskRow).where(TaskRow.key == key, _IS_OPEN).values(done=done, total=total, beat_at=at))


def finish(connection: Connection, key: str, outcome: TaskState, result: dict[str, Any], file: str | None) -> None:
    """Note how it ended; *result* says `at` when."""
    at = datetime.fromisoformat(result["at"])
    ended = {"outcome": outcome.value, "result": result, "file": file, "ended_at": at, "beat_at": at}
    connection.execute(update(TaskRow).where(TaskRow.key == key, _IS_OPEN).values(ended))


def cancel(connection: Connection, key: str, who: str) -> bool:
    """Ask whichever process runs it to stop; False: it is over."""
    asked = update(TaskRow).where(TaskRow.key == key, _IS_OPEN, TaskRow.cancelled_by.is_(None))
    return connection.execute(asked.values(cancelled_by=who)).rowcount == 1


def cancelled_among(connection: Connection, keys: Collection[str]) -> Sequence[str]:
    """Those of *keys* that somebody wants to be stopped."""
    wanted = select(TaskRow.key).where(TaskRow.key.in_(keys), TaskRow.cancelled_by.is_not(None))
    return connection.execute(wanted).scalars().all()


def find(connection: Connection, key: str) -> Task | None:
    """The task of that key."""
    row = connection.execute(select(TaskRow.__table__).where(TaskRow.key == key)).one_or_none()
    return _task(row) if row else None


def newest(connection: Connection, kinds: Iterable[TaskKind], by: str | None = None, most: int = _SHOWN) -> list[Task]:
    """The tasks of these *kinds*, of one user or (None) of all, the newest first."""
    query = select(TaskRow.__table__).where(TaskRow.kind.in_([kind.value for kind in kinds]))
    query = query if by is None else query.where(TaskRow.by == by)
    rows = connection.execute(query.order_by(TaskRow.asked_at.desc(), TaskRow.key).limit(most))
    return [task for row in rows if (task := _task(row))]


def open_of(connection: Connection, by: str, at: datetime) -> int:
    """How many tasks of *by* are waiting or running."""
    query = select(TaskRow.key).where(TaskRow.by == by, _IS_OPEN, TaskRow.beat_at >= at - LOST_AFTER)
    return len(connection.execute(query).all())


def _task(row: Row[Any]) -> Task | None:
    """None where this release does not know the kind."""
    if row.kind not in set(TaskKind):
        return None
    said = row._asdict()
    outcome = TaskState(row.outcome) if row.outcome in set(TaskState) else None
    return Task(**said | {"kind": TaskKind(row.kind), "outcome": outcome})
