"""What reached the service of a call: the measure of what its log can know."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from callrouter.telephony.simulator import PlayedCall, PlayedLeg

_OVER = frozenset({"completed", "busy", "no-answer", "canceled", "failed"})


@dataclass(frozen=True, slots=True)
class Told:
    """Of which phones the service heard (child CallSids), and whether it heard that the call is over.

    *heard*: any callback about the phone; *ended*: its last one; *named*: by the end of its Dial; *alone*: the only one
    that began to ring at its instant; *is_bridged_said*: whether any end of a Dial said if they were put through.
    """

    heard: frozenset[str]
    ended: frozenset[str]
    named: frozenset[str]
    alone: frozenset[str]
    is_over: bool
    is_bridged_said: bool

    @classmethod
    def by(cls, call: PlayedCall) -> Self:
        """What arrived: a request that was answered, at its first attempt or a later one."""
        forms = [(exchange.kind, exchange.form) for exchange in call.requests if exchange.status is not None]
        legs = [form for kind, form in forms if kind == "leg-status"]
        at_once = Counter(leg.started_at for leg in call.legs)
        return cls(
            heard=frozenset(form["CallSid"] for form in legs),
            ended=frozenset(form["CallSid"] for form in legs if form["CallStatus"] in _OVER),
            named=frozenset(form.get("DialCallSid", "") for kind, form in forms if kind == "dial-action"),
            alone=frozenset(leg.child_sid for leg in call.legs if at_once[leg.started_at] == 1),
            is_over=any(form["CallSid"] == call.sid and form.get("CallStatus") in _OVER for _, form in forms),
            is_bridged_said=any("DialBridged" in form for _, form in forms),
        )

    def end_of(self, leg: PlayedLeg) -> bool:
        """Whether the service can know how *leg* ended."""
        sid = leg.child_sid
        return sid in self.ended or (sid in self.named and (sid in self.alone or sid in self.heard))

    def nothing_of(self, leg: PlayedLeg) -> bool:
        """Whether no word of *leg* arrived."""
        return leg.child_sid not in self.heard | self.named
