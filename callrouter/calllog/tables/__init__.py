"""The tables, by what they are for."""

from callrouter.calllog.tables.base import Instant, Table, Text
from callrouter.calllog.tables.control import (
    BlockRow,
    ByHand,
    JobRunRow,
    OverrideRow,
    SchedulePublicationRow,
    ScheduleVersionRow,
)
from callrouter.calllog.tables.log import (
    NO_DAY,
    CallerRow,
    CallEventRow,
    CallRow,
    LegRow,
    ProjectionRow,
    RecordingRow,
    TallyRow,
)
from callrouter.calllog.tables.review import AuditRow, DestructionRow, DisputeRow, FollowUpRow, HoldRow, NoteRow

__all__ = [
    "NO_DAY",
    "AuditRow",
    "BlockRow",
    "ByHand",
    "CallEventRow",
    "CallRow",
    "CallerRow",
    "DestructionRow",
    "DisputeRow",
    "FollowUpRow",
    "HoldRow",
    "Instant",
    "JobRunRow",
    "LegRow",
    "NoteRow",
    "OverrideRow",
    "ProjectionRow",
    "RecordingRow",
    "SchedulePublicationRow",
    "ScheduleVersionRow",
    "Table",
    "TallyRow",
    "Text",
]
