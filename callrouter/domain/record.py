"""fold(events): the call record (CDR) that a call's events amount to, the same for every order of arrival."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from callrouter.domain.call import CallEvent
from callrouter.domain.leg import LegRecord, LegStory
from callrouter.domain.listed import filled
from callrouter.domain.recording import Recording, recordings
from callrouter.domain.words import DecidedBy, Disposition, EventKind, LegStatus, Outcome

_SOME_PHONE: Mapping[str, str | None] = {"to": "", "person": None}


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """Who answered; a front desk has neither company nor person."""

    destination: str
    company: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as the reviewer sees it: the columns of the table `call`."""

    day: date
    call_id: str
    unit: str | None
    called: str
    received_at: datetime
    local_time: str | None
    state: str | None
    decided_by: str | None
    reason: str | None
    line: int | None
    schedule_version: str | None
    is_redial: bool
    disposition: Disposition
    answered_by: AnsweredBy | None
    seconds_to_answer: int | None
    talked_seconds: int | None
    ended_at: datetime | None
    origin: str
    legs: tuple[LegRecord, ...]
    recordings: tuple[Recording, ...]
    events: int


def fold(events: Iterable[CallEvent]) -> CallRecord:
    """Project the *events* of one call (at least one, in any order, duplicates allowed) to its record.

    Raises:
        ValueError: there are no events.
    """
    story = _Story(events)
    legs = tuple(leg for rang in story.attempts for leg in _legs(story, rang))
    answered = _answer(story, legs)
    arrived: Mapping[str, Any] = story.arrived.facts if story.arrived else {}
    return CallRecord(
        day=story.day,
        call_id=story.events[0].call_id,
        unit=arrived.get("unit"),
        called=arrived.get("called") or story.first("called") or "",
        received_at=story.received_at,
        local_time=story.first("local_time"),
        state=arrived.get("state"),
        decided_by=arrived.get("decided_by"),
        reason=arrived.get("reason"),
        line=arrived.get("line"),
        schedule_version=arrived.get("schedule_version"),
        is_redial=bool(story.first("redial")),
        disposition=_disposition(story, answered),
        answered_by=AnsweredBy(answered.destination, answered.company, answered.person) if answered else None,
        seconds_to_answer=_seconds_to_answer(story, answered),
        talked_seconds=answered.talked_seconds if answered else None,
        ended_at=story.ended_at,
        origin=story.first("origin") or "real",
        legs=legs,
        recordings=recordings(story.events),
        events=story.told,
    )


class _Story:
    """The events of one call, once each, in the order they happened, without what a superseded retry led to.

    *told*: how many they are. What the provider's list says stands among them only where it fills a gap.
    """

    def __init__(self, events: Iterable[CallEvent]) -> None:
        once = {event.id: event for event in sorted(events, key=lambda e: e.at, reverse=True)}
        if not once:
            raise ValueError("a call record needs at least one event")
        self.told = len(once)
        self.events = sorted(filled(list(once.values())), key=lambda e: (e.at, e.id))
        self.arrived = self._counting_arrival()

    def of(self, kind: EventKind, **facts: object) -> list[CallEvent]:
        """The events of *kind* that say *facts*."""
        return [e for e in self.events if e.kind == kind and facts.items() <= e.facts.items()]

    def first(self, fact: str) -> Any:
        """The first value told for *fact*, if any."""
        return next((value for e in self.events if (value := e.facts.get(fact))), None)

    @property
    def day(self) -> date:
        """That of the arrival, which its caller is filed under; where nobody told of one, the earliest of the guesses.

        The end of a call tells whole seconds: counted back from it, one that came just after midnight came before.
        """
        return min(event.day for event in self.of(EventKind.ARRIVED) or self.events)

    @cached_property
    def received_at(self) -> datetime:
        """When the call arrived: told, or counted back from its end."""
        arrivals = self.of(EventKind.ARRIVED)
        if arrivals:
            return arrivals[0].at
        return min(e.at - timedelta(seconds=e.facts.get("seconds") or 0) for e in self.events)

    @cached_property
    def ended_at(self) -> datetime | None:
        """When the call was over, as far as anybody told."""
        told = (
            self.of(EventKind.ENDED)
            or self.of(EventKind.DIAL_ENDED, caller_gone=True)
            or self.of(EventKind.HUNG_UP)
            or self.of(EventKind.MESSAGE_LEFT)  # nothing but a farewell follows
            or self.of(EventKind.RECORDED)
        )
        return told[0].at if told else None

    def rings(self) -> list[CallEvent]:
        """What the provider was told to ring, by the decision that counts."""
        return self.of(EventKind.RANG, decision=self.arrived.facts["decision"]) if self.arrived else []

    @cached_property
    def attempts(self) -> list[CallEvent]:
        """The attempts that were really made, in order.

        Of two answers to one request it is the one that callbacks speak of. Once the call is over, an attempt that
        nobody spoke of never rang: the caller went during the announcement before it.
        """
        heard = {e.facts["attempt"] for e in self.of(EventKind.LEG) + self.of(EventKind.DIAL_ENDED)}
        made: dict[tuple[int, ...], CallEvent] = {}
        for rang in self.rings():
            place = (*(rang.facts[key] for key in ("hop", "round", "slot")), not rang.facts.get("shows_caller"))
            known = made.get(place)
            if known is None or known.facts["attempt"] not in heard or rang.facts["attempt"] in heard:
                made[place] = rang
        is_over = self.ended_at is not None
        return [made[p] for p in sorted(made) if not is_over or made[p].facts["attempt"] in heard]

    def _counting_arrival(self) -> CallEvent | None:
        """Of several decisions (a retry across a boundary) the one that later callbacks carry, else the last.

        At one instant the fail-safe's: it answers where the other answer broke, and nothing is called back.
        """
        arrivals = self.of(EventKind.ARRIVED)
        carried = {e.facts.get("decision") for e in self.of(EventKind.LEG) + self.of(EventKind.DIAL_ENDED)}
        confirmed = [e for e in arrivals if e.facts["decision"] in carried]
        candidates = confirmed or arrivals
        return max(candidates, key=lambda e: (e.at, e.facts["decided_by"] == DecidedBy.FAIL_SAFE, e.id), default=None)


def _legs(story: _Story, rang: CallEvent) -> Iterable[LegRecord]:
    """What became of each phone of one attempt."""
    attempt = rang.facts["attempt"]
    told, dial = _told(story, rang), _end_of_dial(story, rang)
    meant = _meant(told, dial)
    for phone in rang.facts["phones"]:
        to = phone["to"]
        keys = story.of(EventKind.ACCEPTED, attempt=attempt, to=to)
        keys += story.of(EventKind.DECLINED, attempt=attempt, to=to)
        key = keys[0] if keys else None
        yield LegStory(
            rang, phone, told[to], key, dial, story.received_at, story.ended_at, is_meant=to == meant
        ).record()


def _told(story: _Story, rang: CallEvent) -> dict[str, dict[str, CallEvent]]:
    """What each phone's own callbacks told, by number and status."""
    numbers = [phone["to"] for phone in rang.facts["phones"]]
    attempt = rang.facts["attempt"]
    return {to: {e.facts["status"]: e for e in story.of(EventKind.LEG, attempt=attempt, to=to)} for to in numbers}


def _end_of_dial(story: _Story, rang: CallEvent) -> CallEvent | None:
    return next(iter(story.of(EventKind.DIAL_ENDED, attempt=rang.facts["attempt"])), None)


def _meant(told: Mapping[str, Mapping[str, CallEvent]], dial: CallEvent | None) -> str | None:
    """The phone that the end of the dial speaks of, by an id that nothing but the phone's own callbacks tell.

    A phone of which nothing was told is meant if it is the only such one, and no other is.
    """
    if len(told) == 1 or dial is None or dial.facts["sid"] is None:
        return next(iter(told)) if len(told) == 1 else None
    named = [to for to, events in told.items() if any(e.facts["sid"] == dial.facts["sid"] for e in events.values())]
    candidates = named or [to for to, events in told.items() if not events]
    return candidates[0] if len(candidates) == 1 else None


def _answer(story: _Story, legs: Iterable[LegRecord]) -> LegRecord | None:
    """The leg that answered; one without a number where a dial was answered and nobody told by which of its phones."""
    for leg in legs:
        if leg.outcome is Outcome.ANSWERED:
            return leg
    for rang in story.attempts:
        dial = _end_of_dial(story, rang)
        if dial and dial.facts["outcome"] == Outcome.ANSWERED and _meant(_told(story, rang), dial) is None:
            return LegStory(
                rang, _SOME_PHONE, {}, None, dial, story.received_at, story.ended_at, is_meant=True
            ).record()
    return None


def _disposition(story: _Story, answered: LegRecord | None) -> Disposition:
    is_over = story.ended_at is not None
    decided_by = story.arrived.facts["decided_by"] if story.arrived else None
    if decided_by == DecidedBy.BLOCK:
        return Disposition.BLOCKED
    if not is_over:
        return Disposition.IN_PROGRESS
    if answered:
        return Disposition.ANSWERED
    if story.of(EventKind.MESSAGE_LEFT) or story.of(EventKind.RECORDED):
        return Disposition.MESSAGE
    if story.of(EventKind.HUNG_UP) or story.of(EventKind.MESSAGE_ASKED):
        return Disposition.UNANSWERED
    return _given_up(story, decided_by)


def _given_up(story: _Story, decided_by: str | None) -> Disposition:
    """How a call ended that nobody is known to have answered, and of whose end we said nothing ourselves."""
    if decided_by == DecidedBy.FROM_PROVIDER:
        return _from_provider(story)
    is_known = story.rings() or (story.arrived and decided_by != DecidedBy.FAIL_SAFE)
    return Disposition.ABANDONED if is_known else Disposition.UNKNOWN


def _from_provider(story: _Story) -> Disposition:
    """The same of a call that stands in the provider's list alone."""
    if story.of(EventKind.LEG, status=LegStatus.ENDED, outcome=None):
        return Disposition.UNKNOWN
    is_taken = story.of(EventKind.ARRIVED, outcome=Outcome.ANSWERED)
    return Disposition.UNANSWERED if is_taken else Disposition.ABANDONED


def _seconds_to_answer(story: _Story, answered: LegRecord | None) -> int | None:
    if answered is None or answered.answered_at is None:
        return None
    return max(0, round((answered.answered_at - story.received_at).total_seconds()))
