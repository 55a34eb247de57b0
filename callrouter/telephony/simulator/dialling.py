"""A <Dial> in progress: its legs, and what is told about them when it is over."""

from collections.abc import Callable

from callrouter.telephony.simulator.agenda import Signal
from callrouter.telephony.simulator.journal import ServiceError
from callrouter.telephony.simulator.leg import Cancelled, Leg
from callrouter.telephony.simulator.params import Form, Parties, dial_ended
from callrouter.telephony.simulator.phones import failed, silent
from callrouter.telephony.simulator.session import HungUp, Session
from callrouter.telephony.simulator.tables import E164
from callrouter.telephony.simulator.verbs import Dial, Number


class DialInProgress:
    """Rings all numbers at once. The first pick-up, even a voicemail's, silences the others before screening."""

    def __init__(self, session: Session, verb: Dial, parent: Parties, document_url: str) -> None:
        self.session = session
        self.parent = parent
        self.document_url = document_url
        self.ring_seconds = verb.timeout + session.habits.ring_buffer
        self.talk_seconds = float(verb.time_limit)
        self.over = Signal(session.agenda)
        self.on_bridge: Callable[[], None] = lambda: None
        self._told: Leg | None = None
        self._shows = self._shown(verb)
        self.legs = [self._leg(number) for number in verb.numbers]

    def start(self) -> None:
        """Ring them; a Dial without a single number that can be rung is over at once."""
        for leg in self.legs:
            leg.process.start()
        if not self.legs:
            self.over.fire()

    def abandon(self) -> None:
        """The caller has gone."""
        for leg in self.legs:
            leg.cut_off("caller", HungUp())

    def picked_up(self, leg: Leg) -> None:
        """Silence the others."""
        for other in self.legs:
            if other is not leg:
                other.cut_off("network", Cancelled())

    def bridged(self, leg: Leg) -> None:
        """The caller is through."""
        self._told = leg
        self.on_bridge()

    def ended(self, leg: Leg) -> None:
        """Over, once all are; the one that was picked up, or else the last to end, is the one told about."""
        if self._told is None or self._told.picked_up_at is None:
            self._told = leg
        if all(leg.ended_at is not None for leg in self.legs):
            self.over.fire()

    @property
    def report(self) -> Form:
        """The Dial action's own fields."""
        if self._told is None:
            return dial_ended("failed", "", None, bridged=False if self.session.habits.tells_bridged else None)
        leg = self._told
        bridged = leg.bridged_at is not None if self.session.habits.tells_bridged else None
        return dial_ended(leg.status, leg.parties.call_sid, leg.connected_seconds, bridged=bridged)

    def _leg(self, number: Number) -> Leg:
        sid = self.session.sid("CA")
        parties = Parties(self.parent.account_sid, sid, self._shows or self.parent.to, number.number, "outbound-dial")
        phone = self.session.phones.get(number.number, silent()) if self._shows else failed(0)
        return Leg(self.session, parties, number, self, phone)

    def _shown(self, verb: Dial) -> str | None:
        """The number the called party sees; None for one that is not ours to show: then nobody can be reached."""
        shows = verb.caller_id or self.parent.from_
        ours = {self.parent.from_, self.parent.to} | self.session.own_numbers
        if verb.caller_id is None or (shows in ours and E164.fullmatch(shows)):
            return shows or "anonymous"
        sentence = f"<Dial callerId={shows!r}>: the caller's, the called or another number of ours is expected"
        self.session.journal.errors.append(ServiceError(13214, sentence, fatal=False, url=self.document_url))
        return None
