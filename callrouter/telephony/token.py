"""A running call as one sealed token in the callback URLs: no call state in a process, no number in an access log."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Attempt, Decision, Position, RungPhone
from callrouter.domain.words import DecidedBy, Origin, State
from callrouter.sealing import BrokenSealError, Sealer

_FORMAT = 1
_PHONE = "."
"""Between the sealed call and the phone: no character of base64url."""

_IN_SHORT = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Token:
    """What a callback is about: a call, and the phone (index in the attempt) where it is one leg's."""

    call: RunningCall
    phone: int | None = None


def seal(sealer: Sealer, token: Token) -> str:
    """*token* as text for a URL; about 1 kB."""
    return for_phone(seal_call(sealer, token.call), token.phone)


def for_phone(sealed: str, phone: int | None) -> str:
    """A call *sealed* once as the token of each of its phones. Which one is no secret, and the provider signs it."""
    return sealed if phone is None else f"{sealed}{_PHONE}{phone}"


def seal_call(sealer: Sealer, call: RunningCall) -> str:
    """The token of *call* itself, not of one of its phones."""
    content = {
        "v": _FORMAT,
        "id": call.call_id,
        "to": call.called,
        "from": call.caller.number.e164 if call.caller.number else None,
        "withheld": call.caller.is_withheld,
        "key": call.caller.key,
        "via": call.caller.forwarded_from.e164 if call.caller.forwarded_from else None,
        "origin": call.origin,
        "decision": _decision_out(call.decision),
        "attempt": _attempt_out(call.attempt) if call.attempt else None,
        "menu": call.menu_asked,
        "redial": call.is_redial,
        "rung": [[number.e164, at.isoformat()] for number, at in call.rung],
        "phone": None,
    }
    return sealer.seal(_IN_SHORT.encode(content))


def unseal(sealer: Sealer, sealed: str) -> Token:
    """The token that *sealed* carries.

    Raises:
        BrokenSealError: it is not one of ours, or of a format this version does not know.
    """
    sealed, _, phone = sealed.partition(_PHONE)
    try:
        content = json.loads(sealer.open(sealed))
        if content["v"] != _FORMAT:
            raise BrokenSealError(f"the token has format {content['v']}, expected {_FORMAT}")
        call = RunningCall(
            call_id=content["id"],
            called=content["to"],
            caller=_caller_in(content),
            decision=_decision_in(content["decision"]),
            origin=Origin(content["origin"]),
            attempt=_attempt_in(content["attempt"]) if content["attempt"] else None,
            menu_asked=content["menu"],
            is_redial=content["redial"],
            rung=tuple((PhoneNumber(number), datetime.fromisoformat(at)) for number, at in content["rung"]),
        )
        return Token(call, int(phone) if phone else content["phone"])
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenSealError(f"the token cannot be read: {error}") from error


def _caller_in(content: dict[str, Any]) -> Caller:
    """A token that was made before a release with `via` has none."""
    number, via = content["from"], content.get("via")
    return Caller(
        PhoneNumber(number) if number else None,
        content["withheld"],
        content["key"],
        PhoneNumber(via) if via else None,
    )


def _decision_out(decision: Decision) -> list[Any]:
    return [
        decision.unit,
        decision.state,
        decision.decided_by,
        decision.reason,
        decision.line,
        decision.destination,
        decision.schedule_version,
        decision.at.isoformat(),
        decision.local_time,
    ]


def _decision_in(content: list[Any]) -> Decision:
    unit, state, decided_by, reason, line, destination, version, at, local_time = content
    return Decision(
        unit,
        State(state),
        DecidedBy(decided_by),
        reason,
        line,
        destination,
        version,
        datetime.fromisoformat(at),
        local_time,
    )


def _attempt_out(attempt: Attempt) -> list[Any]:
    where = attempt.position
    return [
        [where.destination, where.hop, where.round, where.slot],
        attempt.company,
        [[phone.number.e164, phone.person] for phone in attempt.phones],
        attempt.seconds,
        attempt.rang_at.isoformat(),
        attempt.screened,
        attempt.shows_caller,
    ]


def _attempt_in(content: list[Any]) -> Attempt:
    where, company, phones, seconds, rang_at, screened, shows_caller = content
    rung = tuple(RungPhone(PhoneNumber(number), person) for number, person in phones)
    at = datetime.fromisoformat(rang_at)
    return Attempt(Position(*where), company, rung, seconds, at, screened=screened, shows_caller=shows_caller)
