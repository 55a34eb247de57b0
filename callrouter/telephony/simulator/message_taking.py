"""A <Record> in progress: the beep, the message, and where it is told."""

from datetime import datetime
from functools import partial

from callrouter.telephony.simulator.agenda import Steps, Wait
from callrouter.telephony.simulator.line import address
from callrouter.telephony.simulator.params import Form, Parties, recorded, recording_status
from callrouter.telephony.simulator.phones import Caller
from callrouter.telephony.simulator.session import HungUp, Session
from callrouter.telephony.simulator.verbs import Record

BEEP_SECONDS = 1.0
READY_SECONDS = 2.0
"""From the end of a recording to its callback."""


class MessageTaking:
    """One recording; kept only if something was said."""

    def __init__(self, session: Session, parties: Parties, caller: Caller, verb: Record, document_url: str) -> None:
        self.session = session
        self.parties = parties
        self.caller = caller
        self.verb = verb
        self.document_url = document_url
        self._began: datetime | None = None

    def speak(self) -> Steps[str]:
        """Speak, then do what this caller does; the key that ended the recording, if one did."""
        if self.verb.beep:
            yield Wait(BEEP_SECONDS)
        self.session.note("recording")
        self._began = self.session.now
        spoken = min(self.caller.message, self.verb.max_length)
        yield Wait(spoken)
        if spoken == self.verb.max_length:
            return ""
        ends = self.caller.ends_message if spoken else ""
        if ends == "hangup":
            self.session.note("caller-hung-up")
            raise HungUp
        if ends and ends in self.verb.finish_on_key:
            return ends
        yield Wait(min(self.verb.timeout, self.verb.max_length - spoken))
        return ""

    def keep(self) -> Form:
        """The recording's fields, empty if nothing was said; its callback follows when it is stored."""
        if self._began is None:
            return {}
        elapsed = (self.session.now - self._began).total_seconds()
        spoken = min(self.caller.message, self.verb.max_length, elapsed)
        if not spoken:
            return {}
        seconds = max(1, int(spoken))
        self.session.journal.message = seconds
        self.session.note("message", detail=str(seconds))
        form = recorded(self.parties.account_sid, self.session.sid("RE"), seconds)
        self._tell_when_stored(recording_status(self.parties, form, self._began))
        return form

    def _tell_when_stored(self, told: Form) -> None:
        if self.verb.status_callback is None or "completed" not in self.verb.events:
            return
        url = address(self.verb.status_callback, self.document_url)
        tell = partial(self.session.tell, "recording-status", url, told, self.verb.status_method)
        self.session.agenda.after(READY_SECONDS, tell)
