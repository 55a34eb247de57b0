"""The phone network: plays whole calls against the service."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from callrouter.telephony.simulator.agenda import Agenda
from callrouter.telephony.simulator.caller_line import CallerLine
from callrouter.telephony.simulator.courier import Courier
from callrouter.telephony.simulator.faults import Faults
from callrouter.telephony.simulator.journal import EndedBy, PlayedCall
from callrouter.telephony.simulator.params import Parties
from callrouter.telephony.simulator.phones import Caller, Phone, silent
from callrouter.telephony.simulator.placed import PlacedCall
from callrouter.telephony.simulator.session import Habits, NumberConfig, Session
from callrouter.telephony.simulator.transport import Transport
from callrouter.telephony.simulator.verbs import Number

NO_FAULTS = Faults()
USUAL_HABITS = Habits()
PATIENT = Caller()


class LiveCall:
    """A call that is stepped through: time passes only when asked; phones may be in a hand (ByHand)."""

    def __init__(self, session: Session, parties: Parties, caller: Caller) -> None:
        self._session = session
        self._parties = parties
        self._line = CallerLine(session, parties, caller)
        self._started_at = session.now
        session.agenda.after(0, self._line.start)

    @property
    def now(self) -> datetime:
        """The call's virtual instant."""
        return self._session.now

    @property
    def has_ended(self) -> bool:
        """Whether the caller's end is over (late callbacks may still be due)."""
        return self._line.ended_at is not None

    def advance_to(self, at: datetime) -> None:
        """Let everything happen that is due up to and including *at*."""
        self._session.agenda.run(until=at)

    def run_until_quiet(self) -> None:
        """Let everything happen, time-outs and late callbacks included."""
        self._session.agenda.run()
        self._session.deliver_held()

    def hang_up(self) -> None:
        """The caller puts the phone down now."""
        self._line.hang_up()

    def press(self, keys: str) -> None:
        """The caller presses keys now."""
        self._line.press(keys)

    def played(self) -> PlayedCall:
        """What has happened so far."""
        line = self._line
        return _played(
            self._session, self._parties, Ending(self._started_at, line.ended_at, line.ended_by, line.status)
        )


@dataclass(frozen=True, slots=True)
class Ending:
    """When a call began and ended, by whom it was ended, and as what; None: it goes on."""

    started_at: datetime
    ended_at: datetime | None
    ended_by: EndedBy | None
    status: str


def _played(session: Session, parties: Parties, ending: Ending) -> PlayedCall:
    journal = session.journal
    return PlayedCall(
        sid=parties.call_sid,
        from_=parties.from_,
        to=parties.to,
        started_at=ending.started_at,
        ended_at=ending.ended_at,
        ended_by=ending.ended_by,
        status=ending.status,
        timeline=tuple(journal.timeline),
        legs=tuple(sorted(journal.legs, key=lambda leg: leg.started_at)),
        said=tuple(journal.said),
        message=journal.message,
        errors=tuple(journal.errors),
        requests=tuple(journal.requests),
    )


class PhoneNetwork:
    """The numbers of one account, and the phones of the world.

    A phone that is not in *phones* is silent. The same *seed* gives the same identifiers and the same faults;
    without one they are new in each run, so that a service which keeps its log never meets a CallSid twice.
    """

    def __init__(  # noqa: PLR0913 - the network's configuration is read once, by name
        self,
        transport: Transport,
        account_sid: str,
        auth_token: str,
        numbers: Mapping[str, NumberConfig],
        phones: Mapping[str, Phone],
        *,
        faults: Faults = NO_FAULTS,
        habits: Habits = USUAL_HABITS,
        seed: int | None = None,
    ) -> None:
        self._courier = Courier(transport, auth_token)
        self._account_sid = account_sid
        self._numbers = numbers
        self.phones = phones
        self.faults = faults
        self.habits = habits
        self._chance = random.Random(seed)

    def promote(self, auth_token: str) -> None:
        """The account has another token: all that is told from now on is signed with it, also of calls under way."""
        self._courier.auth_token = auth_token

    def start(self, from_: str, to: str, at: datetime, caller: Caller = PATIENT) -> LiveCall:
        """A call from *from_* (opaque: it may be withheld) to a number of ours, at the aware instant *at*."""
        if at.tzinfo is None:
            message = f"the call to {to} starts at {at}, which has no time zone; an aware instant is expected"
            raise ValueError(message)
        if to not in self._numbers:
            message = f"{to} is not one of the network's numbers: {', '.join(sorted(self._numbers))}"
            raise ValueError(message)
        session = self._session(at, self._numbers[to])
        parties = Parties(self._account_sid, session.sid("CA"), from_, to, "inbound")
        return LiveCall(session, parties, caller)

    def place(self, from_: str, number: Number, rings: float, at: datetime) -> PlayedCall:
        """A call to *number* that the service asks for, from one of its numbers: played to its end."""
        session = self._session(at, NumberConfig(""))
        parties = Parties(self._account_sid, session.sid("CA"), from_, number.number, "outbound-api")
        rings += self.habits.ring_buffer
        call = PlacedCall(session, parties, number, rings, self.phones.get(number.number, silent()))
        session.agenda.after(0, call.process.start)
        session.agenda.run()
        session.deliver_held()
        return _played(session, parties, Ending(at, call.ended_at, "service", call.status))

    def _session(self, at: datetime, config: NumberConfig) -> Session:
        return Session(
            agenda=Agenda(at),
            courier=self._courier,
            account_sid=self._account_sid,
            config=config,
            own_numbers=frozenset(self._numbers),
            phones=self.phones,
            faults=self.faults,
            habits=self.habits,
            chance=random.Random(self._chance.getrandbits(64)),
        )

    def call(self, from_: str, to: str, at: datetime, caller: Caller = PATIENT) -> PlayedCall:
        """Play a whole call."""
        live = self.start(from_, to, at, caller)
        live.run_until_quiet()
        return live.played()
