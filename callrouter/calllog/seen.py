"""A call record as somebody may see it: of what others did, a company is told nothing."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from callrouter.calllog.call_rows import call_record
from callrouter.domain.call_filter import Sight
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import CallRecord


@dataclass(frozen=True, slots=True)
class SeenCall:
    """A call record, whence the call came as far as that is kept, and what a reviewer made of it."""

    record: CallRecord
    number: PhoneNumber | None
    forwarded_from: PhoneNumber | None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    category: str | None = None


def seen(call: Row[Any], sight: Sight) -> SeenCall:
    """*call*, a row of `searching.Page`, as *sight* shows it."""
    record, number = call_record(call._mapping), _number(call.number)  # noqa: SLF001 - SQLAlchemy's public name
    if sight.company is not None:
        return SeenCall(_told_to(sight.company, record), number, None)
    forwarded_from = _number(call.forwarded_from)
    return SeenCall(record, number, forwarded_from, call.reviewed_at, call.reviewed_by, call.category)


def _told_to(company: str, record: CallRecord) -> CallRecord:
    """Its own phones, and whether it was they that took the call; why a unit is closed is no matter of theirs."""
    own = tuple(leg for leg in record.legs if leg.company == company)
    told = replace(record, legs=own, reason=None, line=None, schedule_version=None)
    if record.answered_by is None or record.answered_by.company == company:
        return told
    return replace(told, answered_by=None, seconds_to_answer=None, talked_seconds=None)


def _number(text: str | None) -> PhoneNumber | None:
    return PhoneNumber.parse(text) if text else None
