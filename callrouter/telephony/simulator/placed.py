"""A call that the service asks the network to make: one phone rings, and whoever picks up hears a document."""

from callrouter.telephony.simulator.leg import Leg
from callrouter.telephony.simulator.params import Parties
from callrouter.telephony.simulator.phones import Phone
from callrouter.telephony.simulator.session import Session
from callrouter.telephony.simulator.verbs import Number


class PlacedCall(Leg):
    """A call without a caller: when its document is at an end, so is the call."""

    def __init__(self, session: Session, parties: Parties, number: Number, rings: float, phone: Phone) -> None:
        super().__init__(session, parties, number, _Nobody(rings), phone)

    def _bridge(self) -> None:
        self.bridged_at = self.session.now


class _Nobody:
    """Who would hear the called party, if there were a caller."""

    parent: Parties | None = None
    document_url = ""
    talk_seconds = 0.0

    def __init__(self, rings: float) -> None:
        self.ring_seconds = rings

    def picked_up(self, leg: Leg) -> None:
        """Nobody else rings."""

    def bridged(self, leg: Leg) -> None:
        """Nobody is put through."""

    def ended(self, leg: Leg) -> None:
        """Nobody goes on."""
