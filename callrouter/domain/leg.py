"""One phone of one attempt: what became of it, from all that was told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from callrouter.domain.call import (
    CONFIRMATION_SECONDS,
    DROPPED_AFTER_SECONDS,
    LONGEST_WHISPER_SECONDS,
    SHORTEST_CONFIRMATION_SECONDS,
    CallEvent,
)
from callrouter.domain.words import EventKind, LegStatus, Outcome

_TALKED = (Outcome.ANSWERED, Outcome.DROPPED)
_PICKED_UP = (*_TALKED, Outcome.SCREENED_OUT)


class Rung(Protocol):
    """What a contract asks of a phone that was rung; a LegRecord is one, and so is a row of `leg`."""

    @property
    def destination(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def answered_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class LegRecord:
    """One phone that was rung. Seconds are whole; *outcome* is None while it rings, or where nobody ever told.

    *started_at*: when it began to ring, never before its call came, though the provider tells whole seconds and cuts
    the rest off. *answered_at*: when the caller was put through, by the key where the leg is screened; they talk still
    where there is no *outcome*. *from_provider*: how it ended is known from the provider's list alone.
    """

    to: str
    destination: str
    company: str | None
    person: str | None
    outcome: Outcome | None
    started_at: datetime
    answered_at: datetime | None
    rang_seconds: int | None
    talked_seconds: int | None
    from_provider: bool = False


@dataclass(frozen=True, slots=True)
class LegStory:
    """All that was told of one phone in one attempt.

    *told*: the provider's word by status; *key*: the key that was pressed under the whisper; *dial*: the end of the
    attempt, which speaks of one phone: whether of this one, *is_meant* says.
    """

    rang: CallEvent
    phone: Mapping[str, Any]
    told: Mapping[str, CallEvent]
    key: CallEvent | None
    dial: CallEvent | None
    call_received_at: datetime
    call_ended_at: datetime | None
    is_meant: bool

    def record(self) -> LegRecord:
        """What became of it."""
        outcome, facts = self._outcome(), self.rang.facts
        started = self.told[LegStatus.RINGING].at if LegStatus.RINGING in self.told else self.rang.at
        over, answered = self._over_at(), self._answered_at(outcome)
        picked_up = self.told[LegStatus.PICKED_UP].at if LegStatus.PICKED_UP in self.told else answered
        return LegRecord(
            to=self.phone["to"],
            destination=facts["destination"],
            company=facts["company"],
            person=self.phone["person"],
            outcome=outcome,
            started_at=max(started, self.call_received_at),
            answered_at=answered,
            rang_seconds=_seconds(started, picked_up or over),
            talked_seconds=_seconds(answered, over),
            from_provider=self._is_from_provider(),
        )

    def _outcome(self) -> Outcome | None:
        word = self._word()
        if not self.rang.facts.get("screened") or word not in (*_PICKED_UP, Outcome.CANCELLED):
            return word
        if self.key and self.key.kind is EventKind.DECLINED:
            return Outcome.DECLINED
        is_doubtful = self.key and word is Outcome.DROPPED  # perhaps by somebody who did not know of the key
        if self.dial and not is_doubtful and (self.dial.facts["bridged"] is not None or word in _TALKED):
            return word
        if self.key:
            return self._taken_by(self.key)
        if word is Outcome.CANCELLED:
            return Outcome.CANCELLED
        return Outcome.ANSWERED if self._outlasted_the_whisper() else Outcome.SCREENED_OUT

    def _outlasted_the_whisper(self) -> bool:
        """Whether the leg lasted so long that the key must have been pressed, told or not."""
        own = self.told.get(LegStatus.ENDED)
        seconds = own.facts["seconds"] if own else None
        return seconds is not None and seconds > LONGEST_WHISPER_SECONDS

    def _is_from_provider(self) -> bool:
        own = self.told.get(LegStatus.ENDED)
        is_told = self.dial is not None and self.is_meant
        return own is not None and not is_told and bool(own.facts.get("from_provider"))

    def _taken_by(self, key: CallEvent) -> Outcome:
        """What came of the *key*, where whoever judged the dial did not know of it."""
        if self._caller_went_at(key):
            return Outcome.CANCELLED
        return Outcome.DROPPED if self._was_dropped_after(key) else Outcome.ANSWERED

    def _was_dropped_after(self, key: CallEvent) -> bool:
        """Whether they were gone at once while the caller stayed, as `DialEnded.judged` has it."""
        if self.dial is None or self.dial.facts["caller_gone"]:
            return False
        return self.dial.at - key.at <= timedelta(seconds=CONFIRMATION_SECONDS + DROPPED_AFTER_SECONDS)

    def _caller_went_at(self, key: CallEvent) -> bool:
        """Whether the caller was gone before the *key* was confirmed."""
        if self.dial is None or not self.dial.facts["caller_gone"]:
            return False
        return self.dial.at - key.at < timedelta(seconds=SHORTEST_CONFIRMATION_SECONDS)

    def _word(self) -> Outcome | None:
        """The dial's word counts for the phone it speaks of; of the others their own, or none if that was lost."""
        own = self.told.get(LegStatus.ENDED)
        own_word = Outcome(own.facts["outcome"]) if own and own.facts["outcome"] else None
        if self.dial:
            if self.is_meant:
                return Outcome(self.dial.facts["outcome"])
            return Outcome.CANCELLED if own_word is Outcome.ANSWERED else own_word
        if own_word or LegStatus.PICKED_UP not in self.told:
            return own_word
        return Outcome.ANSWERED if self.call_ended_at else None

    def _answered_at(self, outcome: Outcome | None) -> datetime | None:
        """When they began to talk: at the key; else counted back from the end, as the provider counts the seconds."""
        if outcome is None and self._over_at() is None:
            return self._talks_since()
        if outcome not in _TALKED:
            return None
        if self.key:
            return self.key.at
        over = self._over_at()
        for source in (self.dial, self.told.get(LegStatus.ENDED)):
            if over and source and source.facts["seconds"] is not None:
                return over - timedelta(seconds=source.facts["seconds"])
        return self.told[LegStatus.PICKED_UP].at if LegStatus.PICKED_UP in self.told else None

    def _talks_since(self) -> datetime | None:
        """The same while they may talk still: whoever is to press a key talks from then on, anybody else at once."""
        if self.rang.facts.get("screened"):
            return self.key.at if self.key and self.key.kind is EventKind.ACCEPTED else None
        return self.told[LegStatus.PICKED_UP].at if LegStatus.PICKED_UP in self.told else None

    def _over_at(self) -> datetime | None:
        """When the leg was over: by its own word, the dial's, or the call's."""
        own = self.told.get(LegStatus.ENDED)
        known = [e.at for e in (own, self.dial) if e]
        return min(known) if known else self.call_ended_at


def _seconds(start: datetime | None, end: datetime | None) -> int | None:
    return max(0, round((end - start).total_seconds())) if start and end else None
