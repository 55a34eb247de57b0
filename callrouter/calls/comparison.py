"""One call as the provider lists it, held against what we heard of it: what differs, and what there is to add."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from callrouter.domain.call import CallEvent, message_listed
from callrouter.domain.listed import Arrival, Listed, Place, call_listed, ended_legs, is_call, leg_listed
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.recording import recordings
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Discrepancy, EventKind, Outcome
from callrouter.telephony.provider import FinishedCall, StoredRecording

TOLERANCE_SECONDS = 4
"""Two machines count whole seconds, and hear of an end at different instants."""

MENDED = frozenset(
    {
        *(Discrepancy.CALL_MISSING, Discrepancy.CALL_UNFINISHED),
        *(Discrepancy.LEG_MISSING, Discrepancy.LEG_UNFINISHED, Discrepancy.MESSAGE_MISSING),
    }
)
"""What is put right by adding what the provider says."""

_PICKED_UP = frozenset({Outcome.ANSWERED, Outcome.SCREENED_OUT, Outcome.DECLINED, Outcome.DROPPED, Outcome.CANCELLED})
"""What may have become of a leg that the provider calls answered: it was picked up, and that is all it says."""


@dataclass(frozen=True, slots=True)
class Finding:
    """In what list and log differ. *there*, *here*: the provider's word and ours, where both have one."""

    what: Discrepancy
    call_id: str
    at: datetime
    leg: str | None = None
    there: str | None = None
    here: str | None = None

    @property
    def is_mended(self) -> bool:
        """Whether what is added puts it right."""
        return self.what in MENDED


@dataclass(slots=True)
class ListedCall:
    """A call of the provider's lists: the *call* itself, unless it is on another day's, its *legs* and *messages*."""

    call_id: str
    call: FinishedCall | None = None
    legs: list[FinishedCall] = field(default_factory=list)
    messages: list[StoredRecording] = field(default_factory=list)

    @property
    def started_at(self) -> datetime:
        """When it, or the first that we know of it, began."""
        if self.call:
            return self.call.started_at
        return min((*(leg.started_at for leg in self.legs), *(each.began_at for each in self.messages)))


@dataclass(slots=True)
class Compared:
    """What was found in one call, and the events that put right what can be."""

    findings: list[Finding] = field(default_factory=list)
    events: list[CallEvent] = field(default_factory=list)


def compare(listed: ListedCall, day: date, told: Sequence[CallEvent], arrival: Arrival, schedule: Schedule) -> Compared:
    """Hold *listed* against what was *told* of it; what is added goes under *day*."""
    compared, record = Compared(), fold(told) if told else None
    if listed.call:
        _compare_call(compared, listed.call, day, told, record, arrival)
    ended = ended_legs(told)
    for leg in sorted(listed.legs, key=lambda each: (each.started_at, each.call_id)):
        if known := ended.get(leg.call_id):
            compared.findings += _differences(listed.call_id, leg, known)
            continue
        what = Discrepancy.LEG_UNFINISHED if _is_open(leg, told, record) else Discrepancy.LEG_MISSING
        compared.findings.append(Finding(what, listed.call_id, leg.started_at, leg.call_id, there=leg.outcome))
        compared.events.append(leg_listed(day, listed.call_id, _listed(leg), place_of(schedule, leg)))
    _compare_messages(compared, listed, day, told)
    return compared


def _compare_messages(compared: Compared, listed: ListedCall, day: date, told: Sequence[CallEvent]) -> None:
    """Whether each message is there: somebody waits to be called back."""
    known = {each.sid for each in recordings(told)}
    for left in (each for each in listed.messages if each.sid not in known):
        seconds = f"{left.seconds} s"
        compared.findings.append(Finding(Discrepancy.MESSAGE_MISSING, listed.call_id, left.began_at, there=seconds))
        over = left.began_at + timedelta(seconds=left.seconds)
        compared.events.append(message_listed(day, listed.call_id, left.sid, left.seconds, over))


def _compare_call(
    compared: Compared,
    call: FinishedCall,
    day: date,
    told: Sequence[CallEvent],
    record: CallRecord | None,
    arrival: Arrival,
) -> None:
    """Whether the call is there, and over."""
    if not is_known(told):
        what = Discrepancy.CALL_MISSING
    elif record and record.ended_at is None:
        what = Discrepancy.CALL_UNFINISHED
    else:
        return
    compared.findings.append(Finding(what, call.call_id, call.started_at, there=call.outcome))
    compared.events.append(call_listed(day, _listed(call), arrival))


def is_known(told: Sequence[CallEvent]) -> bool:
    """Whether somebody told that the call arrived, or the list did before."""
    return any(each.kind is EventKind.ARRIVED or is_call(each) for each in told)


def _is_open(leg: FinishedCall, told: Sequence[CallEvent], record: CallRecord | None) -> bool:
    """Whether the log has the leg, but not how it ended."""
    is_named = any(each.facts.get("sid") == leg.call_id for each in told)
    return is_named or any(each.to == leg.to and each.outcome is None for each in (record.legs if record else ()))


def _differences(call_id: str, leg: FinishedCall, known: CallEvent) -> Iterator[Finding]:
    """In what the provider now says otherwise than was told; what its list alone told is its own word."""
    if known.kind is EventKind.LISTED:
        return
    here, at = Outcome(known.facts["outcome"]), leg.started_at
    if not (here is leg.outcome or (leg.outcome is Outcome.ANSWERED and here in _PICKED_UP)):
        yield Finding(Discrepancy.OUTCOME, call_id, at, leg.call_id, leg.outcome, here)
        return
    seconds = known.facts["seconds"]
    if seconds is not None and leg.seconds is not None and abs(seconds - leg.seconds) > TOLERANCE_SECONDS:
        yield Finding(Discrepancy.SECONDS, call_id, at, leg.call_id, str(leg.seconds), str(seconds))


def _listed(call: FinishedCall) -> Listed:
    lasted = timedelta(seconds=call.seconds or 0)
    ended = call.ended_at or call.started_at + lasted
    return Listed(call.call_id, call.to, call.started_at.astimezone(UTC), ended, call.outcome, call.seconds)


def place_of(schedule: Schedule, leg: FinishedCall) -> Place:
    """Whose phone it is, if the schedule has the number at one destination alone."""
    number = PhoneNumber.parse(leg.to)
    at = [each for each in schedule.destinations.values() if number in each.numbers]
    if number is None or len(at) != 1:
        return Place()
    return Place(at[0].name, at[0].lineup(leg.started_at).company, _person(schedule, number))


def _person(schedule: Schedule, number: PhoneNumber) -> str | None:
    return next((person.name for person in schedule.people.values() if person.number == number), None)
