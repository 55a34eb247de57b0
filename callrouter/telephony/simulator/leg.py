"""One number that is rung: from the first ring to the end of the talk."""

from datetime import datetime
from typing import Literal, Protocol

from callrouter.telephony.simulator.agenda import Interruption, Process, Signal, Steps, Wait
from callrouter.telephony.simulator.journal import Outcome, PlayedLeg
from callrouter.telephony.simulator.line import Keys, Line, address
from callrouter.telephony.simulator.params import Form, Parties, progress
from callrouter.telephony.simulator.phones import Phone, Reaction, Ring
from callrouter.telephony.simulator.session import HungUp, ServiceLost, Session
from callrouter.telephony.simulator.verbs import Document, Number, Play, Say

DROPPED_SECONDS = 2
_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
Verdict = Literal["answer", "reject", "fail"]
EndedBy = Literal["phone", "caller", "network"]


class Cancelled(Interruption):
    """Somebody else picked up first."""


class Dialling(Protocol):
    """The Dial a leg belongs to."""

    document_url: str
    ring_seconds: float
    talk_seconds: float

    @property
    def parent(self) -> Parties | None:
        """The caller's call, if there is one."""

    def picked_up(self, leg: "Leg") -> None:
        """The first pick-up silences the others."""

    def bridged(self, leg: "Leg") -> None:
        """The caller and this leg hear each other."""

    def ended(self, leg: "Leg") -> None:
        """This leg is over."""


class Leg(Line):
    """A child call. It is also the handset: whoever holds the phone calls answer, decline, hang_up, press."""

    def __init__(self, session: Session, parties: Parties, number: Number, dialling: Dialling, phone: Phone) -> None:
        super().__init__(session, parties, number.number)
        self.number = number
        self.dialling = dialling
        self.phone = phone
        self.status = "initiated"
        self.started_at = session.now
        self.picked_up_at: datetime | None = None
        self.bridged_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.ended_by: EndedBy = "network"
        self.process = Process(session.agenda, self._run())
        self._verdict: Verdict | None = None
        self._decided = Signal(session.agenda)
        self._reaction = Reaction()
        self._sequence = 0
        self._has_pressed = False
        self._service_lost = False

    # The handset.

    def answer(self) -> None:
        """Pick up, if it still rings."""
        self._decide("answer")

    def decline(self) -> None:
        """Reject the ring, or press another key under the whisper."""
        if self.picked_up_at is None:
            self._decide("reject")
        else:
            self.press("2")

    def fail(self) -> None:
        """The network cannot reach the phone."""
        self._decide("fail")

    def hang_up(self) -> None:
        """Put the phone down, if it was picked up."""
        if self.picked_up_at is not None:
            self.cut_off("phone", HungUp())

    def press(self, keys: str) -> None:
        """Press keys; remembered: a key makes the difference between declined and screened out."""
        self._has_pressed = self._has_pressed or (self._listening and bool(keys))
        super().press(keys)

    def _decide(self, verdict: Verdict) -> None:
        if self._verdict is None:
            self._verdict = verdict
            self._decided.fire()

    # The line.

    def cut_off(self, by: EndedBy, why: Interruption) -> None:
        """End the leg from outside, wherever it is; one that has ended does not notice."""
        if self.process.alive:
            self.ended_by = by
            self.process.interrupt(why)

    def _run(self) -> Steps[None]:
        self._ring()
        try:
            yield from self._ring_and_talk()
        except ServiceLost:
            self._service_lost = True
        except Interruption:
            if self.picked_up_at is None:
                self.status = "canceled"
        self._end()

    def _ring(self) -> None:
        self.session.note("rings", self.who)
        self._progress("initiated")
        self._progress("ringing")
        self.session.rings[self.who] += 1
        nth = self.session.rings[self.who]
        ring = Ring(self.who, nth, self.session.now, self.number.url is not None, self.parties.from_, self)
        self._reaction = self.phone(ring)
        act = {"answer": self.answer, "reject": self.decline, "fail": self.fail}.get(self._reaction.does)
        if act is not None:
            self.session.agenda.after(self._reaction.after, act)

    def _ring_and_talk(self) -> Steps[None]:
        yield Wait(self.dialling.ring_seconds, self._decided)
        if self._verdict != "answer":
            self.ended_by = "phone" if self._verdict == "reject" else "network"
            self.status = {"reject": "busy", "fail": "failed"}.get(self._verdict or "", "no-answer")
            return
        self.picked_up_at = self.session.now
        self.session.note("picked-up", self.who)
        self._progress("in-progress")
        self.dialling.picked_up(self)
        if self.number.url is not None and not (yield from self._is_let_through(self.number.url)):
            return
        self._bridge()
        yield Wait(self.dialling.talk_seconds)  # whoever hangs up before that interrupts

    def _is_let_through(self, whisper_url: str) -> Steps[bool]:
        url = address(whisper_url, self.dialling.document_url)
        return (yield from self.play(self.fetch("whisper", url, {}, self.number.method)))

    def _bridge(self) -> None:
        self.bridged_at = self.session.now
        self.session.note("bridged", self.who)
        self.dialling.bridged(self)
        if self._reaction.talks is not None:
            self.session.agenda.after(self._reaction.talks, self.hang_up)

    def _end(self) -> None:
        self.ended_at = self.session.now
        if self.picked_up_at is not None:
            self.status = "completed"
        played = self._played(self.ended_at)
        self.session.journal.legs.append(played)
        self.session.note("leg-ended", self.who, played.outcome)
        self._progress(self.status)
        self.dialling.ended(self)

    def _played(self, ended_at: datetime) -> PlayedLeg:
        return PlayedLeg(
            number=self.who,
            child_sid=self.parties.call_sid,
            started_at=self.started_at,
            picked_up_at=self.picked_up_at,
            bridged_at=self.bridged_at,
            ended_at=ended_at,
            ended_by=self.ended_by,
            outcome=self._outcome(ended_at),
        )

    def _outcome(self, ended_at: datetime) -> Outcome:
        if self.picked_up_at is None:
            return _UNANSWERED[self.status]
        if self.bridged_at is not None:
            talked = (ended_at - self.bridged_at).total_seconds()
            return "dropped" if self.ended_by == "phone" and talked <= DROPPED_SECONDS else "answered"
        if self._service_lost:
            return "failed"
        if self.ended_by == "caller":
            return "cancelled"
        return "declined" if self._has_pressed else "screened-out"

    @property
    def connected_seconds(self) -> int | None:
        """Whole seconds from pick-up to the end (DialCallDuration); None if nobody picked up."""
        if self.picked_up_at is None:
            return None
        return int(((self.ended_at or self.session.now) - self.picked_up_at).total_seconds())

    def _progress(self, status: str) -> None:
        """Tell a status callback that subscribed to it; the sequence counts only those."""
        if self.number.status_callback is None or _EVENTS.get(status, "completed") not in self.number.events:
            return
        told = progress(status, self._sequence, self.session.now, self.connected_seconds or 0)
        self._sequence += 1
        parent = {"ParentCallSid": self.dialling.parent.call_sid} if self.dialling.parent else {}
        form = {**self.parties.fields(status), **parent, **told}
        url = address(self.number.status_callback, self.dialling.document_url)
        self.session.tell("leg-status", url, form, self.number.status_method)

    # What the whisper asks of this end.

    def fetch(self, kind: str, url: str, extra: Form, method: str = "POST") -> Document:
        """Ask with the child's own CallSid; this end has no fallback."""
        form = {**self.parties.fields("in-progress"), **extra}
        document = self.session.instructions(kind, url, form, method, whisper=True)
        if document.is_refused:
            raise ServiceLost(kind)
        return document

    def hear(self, verb: Say | Play) -> None:
        """The whisper is heard by the called party alone."""
        self.session.note("whispered", self.who, verb.text if isinstance(verb, Say) else verb.url)

    def next_keys(self) -> Keys:
        """The same keys at each prompt."""
        return Keys(self._reaction.presses, self._reaction.press_after)


_UNANSWERED: dict[str, Outcome] = {
    "busy": "busy",
    "failed": "failed",
    "no-answer": "no-answer",
    "canceled": "cancelled",
}
