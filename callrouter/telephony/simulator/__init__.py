"""A phone network for tests, demos and load: it plays whole calls against the service, in virtual time.

It is a peer of the service, not a part of it: it knows the provider's documents, signs by itself, and shares
no code with what it calls. A call of ten minutes plays in milliseconds; each request carries its virtual
instant in the signed form field ``CallrouterAt`` (INSTANT_FIELD; ISO 8601, UTC, microseconds).

    network = PhoneNetwork(
        HttpTransport("http://127.0.0.1:8000"),            # or WsgiTransport(app)
        account_sid, auth_token,
        numbers={"+46846500401": NumberConfig(voice_url, fallback_url=None, status_callback=None)},
        phones={"+46846500410": answers(after=6, talks=60)},  # others ring unanswered
        faults=Faults(), habits=Habits(), seed=1,
    )
    call = network.call("+46701740650", "+46846500401", at, Caller(hangs_up_after=40))
    call.legs[0].outcome, call.legs[0].rang_seconds, call.said, call.errors, call.requests, call.timeline

Phones: answers, declines, busy, silent, voicemail, failed, answers_and_drops, in_turn, or any
``Callable[[Ring], Reaction]`` asked when it rings; ByHand() leaves it to a handset. Step by step:

    live = network.start(...); live.advance_to(instant); hand.handset.answer()
    live.run_until_quiet(); live.played()

Calls that the service asks for by the provider's REST interface: Rest(network, now), as the connection of its SDK.
"""

from callrouter.telephony.simulator.courier import signature
from callrouter.telephony.simulator.faults import AFTER_NEXT, Faults, Loss
from callrouter.telephony.simulator.journal import (
    Entry,
    Exchange,
    Outcome,
    PlayedCall,
    PlayedLeg,
    Said,
    ServiceError,
)
from callrouter.telephony.simulator.network import LiveCall, PhoneNetwork
from callrouter.telephony.simulator.params import INSTANT_FIELD
from callrouter.telephony.simulator.phones import (
    ByHand,
    Caller,
    Handset,
    Phone,
    Reaction,
    Ring,
    answers,
    answers_and_drops,
    busy,
    declines,
    failed,
    in_turn,
    silent,
    voicemail,
)
from callrouter.telephony.simulator.rest import Rest
from callrouter.telephony.simulator.session import Habits, NumberConfig
from callrouter.telephony.simulator.transport import (
    HttpTransport,
    Request,
    Response,
    Transport,
    TransportFailure,
    WsgiTransport,
)

__all__ = [
    "AFTER_NEXT",
    "INSTANT_FIELD",
    "ByHand",
    "Caller",
    "Entry",
    "Exchange",
    "Faults",
    "Habits",
    "Handset",
    "HttpTransport",
    "LiveCall",
    "Loss",
    "NumberConfig",
    "Outcome",
    "Phone",
    "PhoneNetwork",
    "PlayedCall",
    "PlayedLeg",
    "Reaction",
    "Request",
    "Response",
    "Rest",
    "Ring",
    "Said",
    "ServiceError",
    "Transport",
    "TransportFailure",
    "WsgiTransport",
    "answers",
    "answers_and_drops",
    "busy",
    "declines",
    "failed",
    "in_turn",
    "signature",
    "silent",
    "voicemail",
]
