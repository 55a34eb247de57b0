"""A call as somebody may see it, as a record and as JSON: of what others did, a company is told nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from callrouter.calllog.call_rows import call_record
from callrouter.domain.call_filter import Sight
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import CallRecord

Json = dict[str, Any]

_DECISION = ("decided_by", "reason", "line", "schedule_version", "redial")
_REVIEW = ("reviewed_at", "reviewed_by", "category")
_TAKING = ("answered_by", "seconds_to_answer", "talked_seconds")
"""By which rule it was decided, and that its caller had just called, perhaps another company; what was thought of it
afterwards; and who took it: a company sees the last of its own.
"""


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


def seen_json(call: Json, sight: Sight) -> Json:
    """The same of *call*, a record as JSON."""
    if sight.company is None:
        return call
    by = call["answered_by"]
    others = () if by and by["company"] == sight.company else _TAKING
    legs = [leg for leg in call["legs"] if leg["company"] == sight.company]
    return call | {"legs": legs} | dict.fromkeys((*_DECISION, *_REVIEW, *others))


def seen_steps(steps: Sequence[Mapping[str, Any]], sight: Sight) -> list[Mapping[str, Any]]:
    """The same of the steps of a call, with their facts: those of other companies' attempts are left out."""
    if sight.company is None:
        return list(steps)
    theirs = {step["facts"]["attempt"] for step in steps if step["facts"].get("company") == sight.company}
    return [step for step in steps if step["facts"].get("attempt") in theirs]


def _told_to(company: str, record: CallRecord) -> CallRecord:
    """Its own phones, and whether it was they that took the call; why a unit is closed is no matter of theirs."""
    own = tuple(leg for leg in record.legs if leg.company == company)
    told = replace(record, legs=own, decided_by=None, reason=None, line=None, schedule_version=None, is_redial=False)
    if record.answered_by is None or record.answered_by.company == company:
        return told
    return replace(told, answered_by=None, seconds_to_answer=None, talked_seconds=None, ended_at=None)


def _number(text: str | None) -> PhoneNumber | None:
    return PhoneNumber.parse(text) if text else None
