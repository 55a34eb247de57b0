"""The tables, by what they are for."""

from callrouter.calllog.tables.base import Instant, Table, Text
from callrouter.calllog.tables.control import (
    BlockRow,
    ByHand,
    JobConcernRow,
    JobRunRow,
    OverrideRow,
    ProcessRow,
    SchedulePublicationRow,
    ScheduleVersionRow,
)
from callrouter.calllog.tables.log import (
    NO_DAY,
    NOT_REAL,
    CallerRow,
    CallEventRow,
    CallRow,
    LegRow,
    ProjectionRow,
    RecordingRow,
    TallyRow,
)
from callrouter.calllog.tables.outbox import OutboxRow
from callrouter.calllog.tables.people import ApiTokenRow, OneTimeLinkRow, SessionRow, SignInAttemptRow, UserRow
from callrouter.calllog.tables.review import (
    AuditRow,
    CallBackRow,
    DestructionRow,
    DisputeRow,
    FollowUpRow,
    HoldRow,
    NoteRow,
)
from callrouter.calllog.tables.task import TaskRow

__all__ = [
    "NOT_REAL",
    "NO_DAY",
    "ApiTokenRow",
    "AuditRow",
    "BlockRow",
    "ByHand",
    "CallBackRow",
    "CallEventRow",
    "CallRow",
    "CallerRow",
    "DestructionRow",
    "DisputeRow",
    "FollowUpRow",
    "HoldRow",
    "Instant",
    "JobConcernRow",
    "JobRunRow",
    "LegRow",
    "NoteRow",
    "OneTimeLinkRow",
    "OutboxRow",
    "OverrideRow",
    "ProcessRow",
    "ProjectionRow",
    "RecordingRow",
    "SchedulePublicationRow",
    "ScheduleVersionRow",
    "SessionRow",
    "SignInAttemptRow",
    "Table",
    "TallyRow",
    "TaskRow",
    "Text",
    "UserRow",
]
