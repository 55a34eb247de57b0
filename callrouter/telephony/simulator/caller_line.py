"""The caller's end of a call: the parent call, from the first request to the last callback."""

from datetime import datetime
from functools import partial

from callrouter.telephony.simulator.agenda import Interruption, Process, Steps, Wait
from callrouter.telephony.simulator.dialling import DialInProgress
from callrouter.telephony.simulator.journal import EndedBy, Said
from callrouter.telephony.simulator.line import Following, Keys, Line, address
from callrouter.telephony.simulator.message_taking import MessageTaking
from callrouter.telephony.simulator.params import (
    Form,
    Parties,
    incoming,
    progress,
)
from callrouter.telephony.simulator.phones import Caller
from callrouter.telephony.simulator.session import LONGEST_CALL_SECONDS, HungUp, ServiceLost, Session
from callrouter.telephony.simulator.verbs import (
    Dial,
    Document,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)


class CallerLine(Line):
    """Plays the service's documents to the caller, dials, records, and tells how it ended."""

    def __init__(self, session: Session, parties: Parties, caller: Caller) -> None:
        super().__init__(session, parties, "caller")
        self.caller = caller
        self.is_answered = False
        self.ended_at: datetime | None = None
        self.ended_by: EndedBy | None = None
        self.started_at = session.now
        self.dial: DialInProgress | None = None
        self._gathers = 0
        self._status = "ringing"
        self._unanswered_status = "completed"  # without a sound or a ring: answered and hung up at once
        self._answered_at = session.now
        self._process = Process(session.agenda, self._run())

    @property
    def status(self) -> str:
        """The parent's CallStatus."""
        return self._status

    def start(self) -> None:
        """The call comes in."""
        self.session.note("call", self.parties.from_, self.parties.to)
        self.session.agenda.after(LONGEST_CALL_SECONDS, self._stop_endless)
        if self.caller.hangs_up_after is not None:
            self.session.agenda.after(self.caller.hangs_up_after, self.hang_up)
        self._process.start()

    def hang_up(self) -> None:
        """The caller puts the phone down, wherever the call is."""
        if self._process.alive:
            self.session.note("caller-hung-up")
            self._process.interrupt(HungUp())

    def _stop_endless(self) -> None:
        if self._process.alive:
            hours = LONGEST_CALL_SECONDS // 3600
            self._process.interrupt(self.session.too_long(f"the call has lasted {hours} hours and goes on"))

    def _run(self) -> Steps[None]:
        ended_by: EndedBy = "service"
        try:
            yield from self.play(
                self.fetch("voice", self.session.config.voice_url, incoming(self.caller.forwarded_from))
            )
        except HungUp:
            ended_by = "caller"
            self._unanswered_status = "canceled"
        except ServiceLost:
            ended_by = "network"
            self._answer()  # the provider answers and says that an application error has occurred
            self.session.note("application-error")
        self._end(ended_by)

    def _end(self, ended_by: EndedBy) -> None:
        self.ended_at, self.ended_by = self.session.now, ended_by
        self._status = "completed" if self.is_answered else self._unanswered_status
        self.session.note("ended", detail=ended_by)
        url = self.session.config.status_callback
        if url is None:
            return
        seconds = int((self.session.now - self._answered_at).total_seconds()) if self.is_answered else 0
        told = progress(self._status, 0, self.session.now, seconds)
        self.session.tell("call-status", url, {**self.parties.fields(self._status), **told})

    # What a document asks of this end.

    def perform(self, verb: Verb, document: Document, *, first: bool) -> Steps[Following]:
        """Whatever makes a sound answers the call, but for a first <Dial answerOnBridge>."""
        match verb:
            case Dial():
                return (yield from self._dial(verb, document, first=first))
            case Reject(reason):
                self._unanswered_status = "busy" if reason == "busy" else "no-answer"
            case Pause() | Redirect() | Hangup():
                pass
            case Record():
                self._answer()
                return (yield from self._record(verb, document))
            case _:
                self._answer()
        return (yield from super().perform(verb, document, first=first))

    def _answer(self) -> None:
        if not self.is_answered:
            self.is_answered = True
            self._status = "in-progress"
            self._answered_at = self.session.now

    def _dial(self, verb: Dial, document: Document, *, first: bool) -> Steps[Document | None]:
        if not (verb.answer_on_bridge and first):
            self._answer()
        dial = self.dial = DialInProgress(self.session, verb, self.parties, document.url)
        dial.on_bridge = self._answer
        dial.start()
        try:
            yield Wait(signal=dial.over)
        except Interruption as why:
            dial.abandon()
            if isinstance(why, HungUp) and verb.action is not None:
                self._announce("dial-action", address(verb.action, document.url), dial.report)
            raise
        if not self.is_answered:
            self._unanswered_status = "no-answer"
            self._status = self.session.habits.unbridged_status
        if verb.action is None:
            return None
        return self.fetch("dial-action", address(verb.action, document.url), dial.report, verb.method)

    def _record(self, verb: Record, document: Document) -> Steps[Document | None]:
        """Take a message. Usually the caller's hang-up ends it, and the action is told (Digits=hangup)."""
        taking = MessageTaking(self.session, self.parties, self.caller, verb, document.url)
        action = None if verb.action is None else address(verb.action, document.url)
        try:
            key = yield from taking.speak()
        except HungUp:
            form = taking.keep()
            if form and action is not None:
                self._announce("record-action", action, {**form, "Digits": "hangup"})
            raise
        form = taking.keep()
        if not form:
            return None  # an empty recording does not ask the action
        told = {**form, "Digits": key} if key else form
        return self.fetch("record-action", action or document.url, told, verb.method)

    def fetch(self, kind: str, url: str, extra: Form, method: str = "POST") -> Document:
        """Ask the service, then the number's fallback."""
        form = {**self.parties.fields(self._status), **extra}
        document = self.session.instructions(kind, url, form, method)
        if not document.is_refused:
            return document
        fallback = self.session.config.fallback_url
        if fallback is None:
            raise ServiceLost(kind)
        failure = next(error for error in document.errors if error.fatal)
        told = {**form, "ErrorCode": str(failure.code), "ErrorUrl": url}
        document = self.session.instructions("fallback", fallback, told)
        if document.is_refused:
            raise ServiceLost(kind)
        return document

    def _announce(self, kind: str, url: str, extra: Form) -> None:
        form = {**self.parties.fields("completed"), **extra}
        self.session.agenda.after(self.session.habits.late_action, partial(self.session.announce, kind, url, form))

    def hear(self, verb: Say | Play) -> None:
        """What the caller hears is the proof that nobody waits in silence."""
        if isinstance(verb, Say):
            self.session.journal.said.append(Said(verb.text, verb.language, verb.voice))
            self.session.note("said", detail=verb.text)
        else:
            self.session.note("played", detail=verb.url)

    def next_keys(self) -> Keys:
        """The nth <Gather> meets the nth of the caller's keys."""
        self._gathers += 1
        keys = self.caller.keys[self._gathers - 1 : self._gathers]
        return Keys("".join(keys), self.caller.press_after)
