"""A call while it runs, and the events it leaves behind.

An event's id is derived from what it says, so that a retry, a duplicate and a replay are one row. Each callback
tells again what its token knows (arrival and attempt): what a crash kept out of the log comes in with the next request.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from callrouter.domain.digest import digest
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import TRYING_AGAIN
from callrouter.domain.routing import Attempt, Decision, Ring
from callrouter.domain.words import EventKind, LegStatus, Origin, Outcome

DROPPED_AFTER_SECONDS = 2
"""A talk this short while the caller stayed is a pocket or a bad line: the next number rings."""


REST_BETWEEN_RINGS = timedelta(seconds=10)
"""A number is not rung again in the same call before this: a line that was busy is busy still."""

LONGEST_WHISPER_SECONDS = 30
"""A screened leg that lasts longer was accepted: the whisper hangs up by itself well before."""

CONFIRMATION_SECONDS = 2
"""From the key that takes a call until both hear each other, at most: "Samtalet är kopplat"."""

SHORTEST_CONFIRMATION_SECONDS = 1
"""The same, at least: a caller who goes sooner was never put through."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls. *number* is None for a withheld or odd caller: a call like any other, but nobody to call back.

    *key* is the keyed hash of a number that the unit's privacy forbids to keep. *forwarded_from*: the number that sent
    the call on to ours, where the provider says so.
    """

    number: PhoneNumber | None = None
    is_withheld: bool = False
    key: str | None = None
    forwarded_from: PhoneNumber | None = None

    @property
    def kind(self) -> str:
        """What the log may say of the caller: nothing personal."""
        if self.number:
            return "number"
        if self.key:
            return "hashed"
        return "withheld" if self.is_withheld else "other"


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One thing that happened in a call, with nothing personal in it.

    *day* is the UTC date of the call's arrival, *id* derived from what the event says, *at* aware UTC, *facts* are
    JSON values.
    """

    day: date
    call_id: str
    id: str
    kind: EventKind
    at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LegUpdate:
    """What the provider says of one leg; an ended one has an outcome and the seconds from pick-up."""

    status: LegStatus
    sid: str
    outcome: Outcome | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class DialEnded:
    """The end of an attempt as the provider tells it.

    *bridged* is three-valued: None where it does not say. *seconds* from pick-up to the end of the leg.
    """

    outcome: Outcome
    bridged: bool | None
    seconds: int | None
    caller_gone: bool
    leg_sid: str | None

    def judged(self, *, screened: bool, since_key: timedelta | None = None) -> Outcome:
        """What it means for the caller: `completed` alone does not mean helped.

        *since_key*: how long ago the key was pressed that takes a *screened* leg, if our own log was asked and has it.
        """
        if self.outcome is not Outcome.ANSWERED:
            return self.outcome
        if not self._was_bridged(since_key, screened=screened):
            return Outcome.CANCELLED if self.caller_gone else Outcome.SCREENED_OUT
        return Outcome.DROPPED if self._is_short(since_key) and not self.caller_gone else Outcome.ANSWERED

    def is_unsure(self, *, screened: bool) -> bool:
        """Whether only our own log can tell if somebody took the call, and for how long."""
        is_long = self.seconds is not None and self.seconds > LONGEST_WHISPER_SECONDS
        return screened and self.outcome is Outcome.ANSWERED and self.bridged is not False and not is_long

    def _was_bridged(self, since_key: timedelta | None, *, screened: bool) -> bool:
        """In doubt not: then the next phone rings. A caller may go while the key is being confirmed."""
        if self.bridged is not None:
            return self.bridged
        if since_key is None:
            return not self.is_unsure(screened=screened)
        return not self.caller_gone or since_key >= timedelta(seconds=SHORTEST_CONFIRMATION_SECONDS)

    def _is_short(self, since_key: timedelta | None) -> bool:
        """Whether nobody was helped in so short a talk. The seconds of a screened leg have the whisper in them."""
        if since_key is not None:
            return since_key <= timedelta(seconds=CONFIRMATION_SECONDS + DROPPED_AFTER_SECONDS)
        return self.seconds is not None and self.seconds <= DROPPED_AFTER_SECONDS


@dataclass(frozen=True, slots=True)
class RunningCall:
    """What is known of a call on its way. It travels sealed in the callback URLs, so any process can go on with it.

    *menu_asked*: how often the caller has heard the menu. *rung*: the numbers rung in the last seconds, and when.
    *is_redial*: the same caller called some minutes ago.
    """

    call_id: str
    called: str
    caller: Caller
    decision: Decision
    origin: Origin = Origin.REAL
    attempt: Attempt | None = field(default=None)
    menu_asked: int = 0
    rung: tuple[tuple[PhoneNumber, datetime], ...] = ()
    is_redial: bool = False

    @property
    def day(self) -> date:
        """The UTC date of the arrival: the log is kept by it."""
        return self.decision.at.astimezone(UTC).date()

    def ringing(self, step: Ring) -> Self:
        """The same call, now at *step*. A caller without a number is shown on nobody's display."""
        attempt = step.attempt
        if attempt.shows_caller and self.caller.number is None:
            attempt = replace(attempt, shows_caller=False)
        return replace(self, attempt=attempt)

    def rung_out(self, outcome: Outcome, at: datetime) -> Self:
        """The same call, its attempt over at *at*. An unanswered phone began to ring that long ago, others just now."""
        if self.attempt is None:
            return self
        began = at - timedelta(seconds=self.attempt.seconds if outcome is Outcome.NO_ANSWER else 0)
        lately = [(number, rang) for number, rang in self.rung if rang > at - REST_BETWEEN_RINGS]
        return replace(self, rung=(*lately, *((phone.number, began) for phone in self.attempt.phones)))

    def rested(self, step: Ring) -> Ring:
        """*step*, after words and a pause if one of its phones began to ring only seconds ago."""
        at, numbers = step.attempt.rang_at, {phone.number for phone in step.attempt.phones}
        ready = max((rang + REST_BETWEEN_RINGS for number, rang in self.rung if number in numbers), default=at)
        pause = max(0, math.ceil((ready - at).total_seconds()))
        return replace(step, pause=pause, announce=step.announce or (TRYING_AGAIN,)) if pause else step

    def told(self) -> Iterator[CallEvent]:
        """The events that the token itself bears witness to: the arrival, and the attempt under way."""
        yield self.arrived()
        if self.attempt:
            yield self.rang(self.attempt)

    def arrived(self) -> CallEvent:
        """The call came in and was decided."""
        decision = self.decision
        facts = {
            "unit": decision.unit,
            "called": self.called,
            "caller": self.caller.kind,
            "redial": self.is_redial,
            "origin": self.origin,
            "state": decision.state,
            "decided_by": decision.decided_by,
            "reason": decision.reason,
            "line": decision.line,
            "destination": decision.destination,
            "schedule_version": decision.schedule_version,
            "local_time": decision.local_time,
        }
        return self._event(EventKind.ARRIVED, decision.at, facts, decision.id)

    def rang(self, attempt: Attempt) -> CallEvent:
        """The provider was told to ring these phones."""
        where = attempt.position
        facts = {
            "attempt": attempt.id,
            "hop": where.hop,
            "round": where.round,
            "slot": where.slot,
            "destination": where.destination,
            "company": attempt.company,
            "phones": [{"to": phone.number.e164, "person": phone.person} for phone in attempt.phones],
            "seconds": attempt.seconds,
            "screened": attempt.screened,
            "shows_caller": attempt.shows_caller,
        }
        return self._event(EventKind.RANG, attempt.rang_at, facts, attempt.id)

    def menu_key(self, key: str, at: datetime) -> CallEvent:
        """The caller answered the menu with *key*, or with nothing."""
        return self._event(EventKind.MENU_KEY, at, {"key": key, "asked": self.menu_asked}, self.menu_asked)

    def leg(self, number: str, update: LegUpdate, at: datetime) -> CallEvent:
        """The provider told how one phone is doing."""
        facts = self._attempt_facts() | {
            "to": number,
            "status": update.status,
            "sid": update.sid,
            "outcome": update.outcome,
            "seconds": update.seconds,
        }
        return self._event(EventKind.LEG, at, facts, facts["attempt"], update.sid, update.status)

    def key_pressed(self, number: str, at: datetime, *, accepts: bool) -> CallEvent:
        """Whoever picked up a screened leg took the call with the key, or declined it with another one."""
        kind = EventKind.ACCEPTED if accepts else EventKind.DECLINED
        facts = self._attempt_facts() | {"to": number}
        return self._event(kind, at, facts, facts["attempt"], number)

    def dial_ended(self, ended: DialEnded, outcome: Outcome, at: datetime) -> CallEvent:
        """The attempt is over, and was judged to have had *outcome*."""
        facts = self._attempt_facts() | {
            "outcome": outcome,
            "bridged": ended.bridged,
            "seconds": ended.seconds,
            "caller_gone": ended.caller_gone,
            "sid": ended.leg_sid,
        }
        return self._event(EventKind.DIAL_ENDED, at, facts, facts["attempt"])

    def message_asked(self, at: datetime) -> CallEvent:
        """Nobody answered: the caller was asked for a message."""
        return self._event(EventKind.MESSAGE_ASKED, at, {}, self.decision.id)

    def hung_up(self, at: datetime) -> CallEvent:
        """We ended the call: after a talk, or because nobody was left to ring."""
        return self._event(EventKind.HUNG_UP, at, {}, self.decision.id)

    def _attempt_facts(self) -> dict[str, Any]:
        return {"attempt": self.attempt.id if self.attempt else None}

    def _event(self, kind: EventKind, at: datetime, facts: Mapping[str, Any], *said: object) -> CallEvent:
        """The decision that it follows from is a fact of each."""
        return event(self.day, self.call_id, kind, at, {"decision": self.decision.id, **facts}, *said)


def event(day: date, call_id: str, kind: EventKind, at: datetime, facts: Mapping[str, Any], *said: object) -> CallEvent:
    """An event whose id is derived from the call, its kind, and what it *said*."""
    return CallEvent(day, call_id, digest(call_id, kind, *said), kind, at.astimezone(UTC), dict(facts))


def call_ended(call_id: str, called: str, status: str, seconds: int | None, origin: Origin, at: datetime) -> CallEvent:
    """The provider says that the call is over; it may be all that we ever hear of it."""
    facts = {"called": called, "status": status, "seconds": seconds, "origin": origin}
    arrival = at.astimezone(UTC) - timedelta(seconds=seconds or 0)
    return event(arrival.date(), call_id, EventKind.ENDED, at, facts)


def message_left(
    call_id: str,
    recording_sid: str,
    seconds: int,
    at: datetime,
    *,
    kind: EventKind = EventKind.MESSAGE_LEFT,
    began_at: datetime | None = None,
) -> CallEvent:
    """The caller left a message of *seconds*, or it has arrived in the provider's store (RECORDED), maybe days later.

    Told without a token, for the fail-safe takes messages too: *began_at* says on which day the call is to be found.
    """
    facts = {"sid": recording_sid, "message_seconds": seconds}
    day = (began_at or at).astimezone(UTC).date()
    return event(day, call_id, kind, at, facts, recording_sid)


def message_listed(day: date, call_id: str, recording_sid: str, seconds: int, at: datetime) -> CallEvent:
    """The provider's list has a message that nobody told us of. Told after all, it is the same event."""
    facts = {"sid": recording_sid, "message_seconds": seconds, "from_provider": True}
    return event(day, call_id, EventKind.RECORDED, at, facts, recording_sid)
