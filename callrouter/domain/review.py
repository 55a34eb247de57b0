"""What people say of a call afterwards: that they have looked at it, notes, and what is still to be done."""

from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE = 2_000
LONGEST_TASK = 500
"""Characters of what is to be done, and of its result."""

LONGEST_OWNER = 60


@dataclass(frozen=True, slots=True)
class Act:
    """Who does it, and when (aware)."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote of a call."""

    written: Act
    text: str


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done about a call: by the *owner*, until *due_at* (aware)."""

    what: str
    owner: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task that somebody added to a call; *done* and *result* once it is done."""

    id: int
    call_id: str
    added: Act
    task: Task
    done: Act | None = None
    result: str | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Whether it should have been done before *at* (aware)."""
        return self.done is None and self.task.due_at <= at
