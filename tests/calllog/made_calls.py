"""Calls made up for searching: rows as the fold writes them, what people wrote beside them, and a plain way to search.

Many share an instant, a unit, a caller: that is where pages go wrong.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Connection, insert

from callrouter.calllog.call_rows import call_row, leg_rows
from callrouter.calllog.tables import CallerRow, CallRow, FollowUpRow, LegRow
from callrouter.domain.call_filter import CallFilter, Sight, SoughtCaller
from callrouter.domain.leg import LegRecord
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import AnsweredBy, CallRecord
from callrouter.domain.words import DecidedBy, Disposition, Origin, Outcome, State

BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
ANNAS = PhoneNumber("+46701740650")
ANNA = SoughtCaller("key-of-anna", "now", ANNAS)
BO = SoughtCaller("key-of-bo", "now")
CALLERS: tuple[dict[str, str | None] | None, ...] = (
    {"number": ANNAS.e164, "key": "key-of-anna", "key_id": "now"},
    {"number": ANNAS.e164, "key": "older-key-of-anna", "key_id": "before"},
    {"number": None, "key": "key-of-bo", "key_id": "now"},
    {"number": None, "key": "key-of-bo", "key_id": "before"},  # somebody else: another key made it
    {"number": None, "key": None, "key_id": None},
    None,
)
UNITS = ("centre", "night", None)
PLACES = (("desk", None, None), ("guard", "Nord AB", "eva"), ("desk", "Nord AB", None), ("guard", "Syd AB", "eva"))
CATEGORIES = ("oro", "stöld")


@dataclass(frozen=True)
class MadeCall:
    record: CallRecord
    caller: dict[str, str | None] | None
    is_reviewed: bool
    category: str | None
    open_follow_ups: int
    done_follow_ups: int

    @property
    def place(self) -> tuple[datetime, str]:
        return self.record.received_at, self.record.call_id


def made_call(number: int, at: datetime, dice: Random) -> MadeCall:
    """Some call that arrived at *at*, all else by chance."""
    call_id = f"CA{dice.randrange(16**6):06x}{number}"
    legs = tuple(_leg(at, dice) for _ in range(dice.randrange(4)))
    answered = dice.choice(legs) if legs and dice.random() < 0.5 else None
    record = CallRecord(
        day=at.date(),
        call_id=call_id,
        unit=dice.choice(UNITS),
        called="+46846500400",
        received_at=at,
        local_time=at.isoformat(),
        state=dice.choice([*State, None]),
        decided_by=dice.choice([*DecidedBy, None]),
        reason="hours",
        line=1,
        schedule_version="v1",
        is_redial=False,
        disposition=dice.choice(list(Disposition)),
        answered_by=AnsweredBy(answered.destination, answered.company, answered.person) if answered else None,
        seconds_to_answer=None,
        talked_seconds=None,
        ended_at=at,
        origin=dice.choice(list(Origin)),
        legs=legs,
        recordings=(),
        events=1,
    )
    is_reviewed = dice.random() < 0.5
    category = dice.choice([*CATEGORIES, None]) if is_reviewed else None
    return MadeCall(record, dice.choice(CALLERS), is_reviewed, category, dice.randrange(3), dice.randrange(2))


def made_calls(count: int, dice: Random, begin: datetime = BEGIN) -> list[MadeCall]:
    """Several in each instant, over a few days."""
    return [made_call(n, begin + timedelta(hours=dice.randrange(1 + count // 3)), dice) for n in range(count)]


def keep(connection: Connection, calls: list[MadeCall]) -> None:
    """Write them as the log does."""
    connection.execute(insert(CallRow), [_row(call) for call in calls])
    if legs := [leg for call in calls for leg in leg_rows(call.record)]:
        connection.execute(insert(LegRow), legs)
    if callers := [_key(call) | call.caller for call in calls if call.caller]:
        connection.execute(insert(CallerRow), callers)
    if follow_ups := [row for call in calls for row in _follow_ups(call)]:
        connection.execute(insert(FollowUpRow), follow_ups)


def plainly_found(calls: list[MadeCall], wanted: CallFilter, sight: Sight) -> list[MadeCall]:
    """The calls that are wanted, newest first: every one is looked at."""
    return sorted((c for c in calls if _is_wanted(c, wanted, sight)), key=lambda c: c.place, reverse=True)


def _is_wanted(call: MadeCall, wanted: CallFilter, sight: Sight) -> bool:
    record, by = call.record, call.record.answered_by
    equal = ("unit", "disposition", "state", "decided_by", "origin")
    return (
        (wanted.since is None or wanted.since <= record.received_at)
        and (wanted.until is None or record.received_at < wanted.until)
        and all(getattr(wanted, name) in (None, getattr(record, name)) for name in equal)
        and (not wanted.offered_to or any(_is_of(leg, wanted.offered_to) for leg in record.legs))
        and (not wanted.answered or (by is not None and _is_of(by, wanted.offered_to)))
        and (wanted.caller is None or _is_theirs(call.caller or {}, wanted.caller))
        and wanted.is_reviewed in (None, call.is_reviewed)
        and wanted.category in (None, call.category)
        and (not wanted.has_follow_up or call.open_follow_ups > 0)
        and record.unit not in sight.without_units
        and sight.unit in (None, record.unit)
        and (sight.company is None or any(leg.company == sight.company for leg in record.legs))
    )


def _is_of(who: LegRecord | AnsweredBy, names: dict[str, str]) -> bool:
    return all(getattr(who, by) == name for by, name in names.items())


def _is_theirs(caller: dict[str, str | None], sought: SoughtCaller) -> bool:
    of_key = (caller.get("key"), caller.get("key_id")) == (sought.key, sought.key_id)
    return of_key or (sought.number is not None and caller.get("number") == sought.number.e164)


def _leg(at: datetime, dice: Random) -> LegRecord:
    destination, company, person = dice.choice(PLACES)
    return LegRecord("+46846500410", destination, company, person, Outcome.NO_ANSWER, at, None, 5, None)


def _key(call: MadeCall) -> dict[str, object]:
    return {"day": call.record.day, "call_id": call.record.call_id}


def _row(call: MadeCall) -> dict[str, object]:
    reviewed = {"reviewed_at": BEGIN, "reviewed_by": "eva"} if call.is_reviewed else {}
    return call_row(call.record) | {"reviewed_at": None, "reviewed_by": None} | reviewed | {"category": call.category}


def _follow_ups(call: MadeCall) -> list[dict[str, object]]:
    row = _key(call) | {"at": BEGIN, "who": "eva", "what": "ring", "owner": "ola", "due_at": BEGIN}
    is_open = [True] * call.open_follow_ups + [False] * call.done_follow_ups
    return [row | {"done_at": None if each else BEGIN} for each in is_open]
