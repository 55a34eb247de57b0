"""What the driver asks: first requests of calls, each another call, signed, with 27 fields as genuine ones have.

And, where it is asked for, that each has ended.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

PUBLIC_URL = "https://calls.example.se"
PATH, PATH_OF_ENDS = "/twilio/voice", "/twilio/status"
ACCOUNT_SID = "AC" + "5" * 32
AUTH_TOKEN = "6" * 32
CALLED = "+46846500400"
_CALL_TOKEN = "%7B%22parentCallInfoToken%22%3A%22" + "x" * 200 + "%22%2C%22identityHeaderTokens%22%3A%5B%5D%7D"
_ENDS_AFTER = 32
"""Calls that come before one ends: it has been answered by then."""

_CALLERS = 10_000 * 95
"""The mobile numbers reserved for fiction, with four digits more: nobody's, and as many as a town has."""


def fields(call_sid: str, caller: str) -> dict[str, str]:
    """What the provider says of a new call."""
    ends = {"From": caller, "Caller": caller, "To": CALLED, "Called": CALLED}
    places = {"City": "", "State": "", "Zip": "", "Country": "SE"}
    return {
        "AccountSid": ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "CallSid": call_sid,
        "CallStatus": "ringing",
        "CallToken": _CALL_TOKEN,
        "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
        **ends,
        **{end + place: value for end in ends for place, value in places.items()},
    }


def signature(said: dict[str, str], path: str = PATH) -> str:
    """Written here anew: the contestants are held against it."""
    text = PUBLIC_URL + path + "".join(name + said[name] for name in sorted(said))
    return base64.b64encode(hmac.digest(AUTH_TOKEN.encode(), text.encode(), hashlib.sha1)).decode()


@dataclass
class Calls:
    """New calls without end, none of them twice; each from another caller, as far as there are numbers."""

    run: str = field(default_factory=lambda: uuid4().hex[:22])
    numbers: Iterator[int] = field(default_factory=count)

    def requests(self, many: int) -> list[bytes]:
        """As bytes for the wire, made beforehand: the driver has no time for it."""
        return [_request(PATH, self._said(next(self.numbers))) for _ in range(many)]

    def with_their_ends(self, many: int) -> list[bytes]:
        """The same, and in turns with them the callers hanging up: of each call as others have come after it."""
        said = [self._said(next(self.numbers)) for _ in range(many)]
        asked = []
        for place, call in enumerate(said):
            asked.append(_request(PATH, call))
            if place >= _ENDS_AFTER:
                asked.append(_end(said[place - _ENDS_AFTER]))
        return asked + [_end(call) for call in said[-_ENDS_AFTER:]]

    def _said(self, number: int) -> dict[str, str]:
        last, place = divmod(number % _CALLERS, 95)
        return fields(f"CA{self.run}{number:010x}", f"+467017406{5 + place:02}{last:04}")


def _end(call: dict[str, str]) -> bytes:
    return _request(PATH_OF_ENDS, call | {"CallStatus": "completed", "CallDuration": "1", "SequenceNumber": "0"})


def _request(path: str, said: dict[str, str]) -> bytes:
    body = urlencode(said).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: calls.example.se\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        f"Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        f"I-Twilio-Idempotency-Token: {said['CallSid'][2:]}\r\nX-Twilio-Signature: {signature(said, path)}\r\n\r\n"
    )
    return head.encode() + body
