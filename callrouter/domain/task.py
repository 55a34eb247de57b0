"""Long work that somebody asked for: how far it is, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from callrouter.domain.words import TaskKind, TaskState

LOST_AFTER = timedelta(seconds=20)
"""A task whose process has not been heard of for so long has failed: the process is gone."""

KEPT_FOR = timedelta(hours=24)
"""How long its file can be fetched, from its end."""

MOST_AT_ONCE = 5
"""Tasks of one user that are not over."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task of *by*. *beat_at*: its process lived then; *done* of *total* steps; *result*: what came of it.

    *key* is its address; *asked* says what was asked for, and nothing personal; *file* is what it made.
    """

    key: str
    kind: TaskKind
    by: str
    asked_at: datetime
    beat_at: datetime
    asked: Mapping[str, Any] = field(default_factory=dict)
    started_at: datetime | None = None
    done: int = 0
    total: int = 0
    cancelled_by: str | None = None
    ended_at: datetime | None = None
    outcome: TaskState | None = None
    result: Mapping[str, Any] = field(default_factory=dict)
    file: str | None = None

    def state(self, at: datetime) -> TaskState:
        """How it stands at *at* (aware): one whose process is gone has failed, though nobody could write that down."""
        if self.outcome:
            return self.outcome
        if at - self.beat_at > LOST_AFTER:
            return TaskState.FAILED
        return TaskState.RUNNING if self.started_at else TaskState.WAITING

    def is_over(self, at: datetime) -> bool:
        """Whether nothing more comes of it."""
        return self.state(at) not in (TaskState.WAITING, TaskState.RUNNING)

    @property
    def percent(self) -> int | None:
        """How much is done, from 0 to 100; None: nobody knows how much there is."""
        return min(100, self.done * 100 // self.total) if self.total else None

    def kept_until(self, at: datetime) -> datetime | None:
        """Until when its file can be fetched; None: there is none, or it is gone at *at*."""
        if self.file is None or self.ended_at is None or self.outcome is not TaskState.DONE:
            return None
        until = self.ended_at + KEPT_FOR
        return until if at < until else None
