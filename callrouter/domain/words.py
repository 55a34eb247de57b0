"""The words with one meaning: columns of the log, keys of the JSON, labels of the pages.

Each is defined in docs/glossary.md; add a word there first.
"""

from enum import StrEnum


class State(StrEnum):
    """Whether a unit takes its calls itself."""

    OPEN = "open"
    CLOSED = "closed"


class Reach(StrEnum):
    """What a caller meets first, once the unit's messages are said."""

    PHONE = "phone"
    MESSAGE = "message"
    NOBODY = "nobody"


class DecidedBy(StrEnum):
    """What kind of rule decided where a call goes, the strongest last; the very last one: nobody here did."""

    HOURS = "hours"
    SEASON = "season"
    DAY_BEFORE = "day-before"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"
    OVERRIDE = "override"
    ALWAYS = "always"
    FAIL_SAFE = "fail-safe"
    BLOCK = "block"
    FROM_PROVIDER = "from-provider"


class Outcome(StrEnum):
    """How one call leg ended."""

    ANSWERED = "answered"
    DECLINED = "declined"
    SCREENED_OUT = "screened-out"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DROPPED = "dropped"


class Disposition(StrEnum):
    """How a whole call ended."""

    ANSWERED = "answered"
    MESSAGE = "message"
    ABANDONED = "abandoned"
    UNANSWERED = "unanswered"
    BLOCKED = "blocked"
    IN_PROGRESS = "in-progress"
    UNKNOWN = "unknown"


class Origin(StrEnum):
    """Who made the call: reports count `real` alone."""

    REAL = "real"
    PHONE_NETWORK = "phone-network"
    TEST_CALL = "test-call"


class Role(StrEnum):
    """What a user may do. A contractor sees what concerns its company, and nothing else."""

    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"
    CONTRACTOR = "contractor"


class CallBackResult(StrEnum):
    """What came of calling somebody back. All but no answer settle it."""

    REACHED = "reached"
    NO_ANSWER = "no-answer"
    WRONG_NUMBER = "wrong-number"
    SETTLED = "settled"


class Scope(StrEnum):
    """What a program may read through the API with its token."""

    CALLS = "calls:read"
    SCHEDULE = "schedule:read"
    STATUS = "status:read"
    REPORTS = "reports:read"


class LegStatus(StrEnum):
    """What the provider tells of one leg while it lives. Picked up is not yet answered: it may be a voicemail."""

    RINGING = "ringing"
    PICKED_UP = "picked-up"
    ENDED = "ended"


class EventKind(StrEnum):
    """What an event of the log tells."""

    ARRIVED = "arrived"
    MENU_KEY = "menu-key"
    RANG = "rang"
    LEG = "leg"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DIAL_ENDED = "dial-ended"
    MESSAGE_ASKED = "message-asked"
    MESSAGE_LEFT = "message-left"
    RECORDED = "recorded"
    HUNG_UP = "hung-up"
    ENDED = "ended"
    LISTED = "listed"


class Discrepancy(StrEnum):
    """In what the provider's lists and our log differ. What we lack is added; of the rest we are told."""

    CALL_MISSING = "call-missing"
    CALL_UNFINISHED = "call-unfinished"
    LEG_MISSING = "leg-missing"
    LEG_UNFINISHED = "leg-unfinished"
    MESSAGE_MISSING = "message-missing"
    OUTCOME = "outcome"
    SECONDS = "seconds"
    NOT_LISTED = "not-listed"


class Retained(StrEnum):
    """A class of data that is kept for a time of its own, in the order in which they go."""

    NUMBERS = "numbers"
    NOTES = "notes"
    RECORDINGS = "recordings"
    EVENTS = "events"
    CALLS = "calls"


class TaskKind(StrEnum):
    """Long work that somebody can ask for."""

    EXPORT = "export"
    RESEARCH = "research-export"
    BACK_UP = "back-up"
    BACK_UP_CHECK = "back-up-check"
    RETENTION = "retention"
    RETENTION_PREVIEW = "retention-preview"
    AUDIT_CHECK = "audit-check"


class TaskState(StrEnum):
    """How a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NoticeKind(StrEnum):
    """What somebody is told by mail or SMS."""

    MISSED_CALL = "missed-call"
    HAND_OVER = "hand-over"
    REPORT = "report"
    WARNING = "warning"


class NoticeState(StrEnum):
    """How a notice stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
