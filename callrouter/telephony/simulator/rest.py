"""The network's REST interface, as far as calls are made by it: a client's connection that asks no other machine.

Source: twilio.com/docs/voice/api/call-resource, "Create a call".
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callrouter.telephony.simulator.network import PhoneNetwork
from callrouter.telephony.simulator.verbs import Number

_REQUIRED = ("To", "From", "Url")


@dataclass(frozen=True, slots=True)
class RestAnswer:
    """What the interface answers, as the provider's SDK reads it."""

    status_code: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return self.status_code < 400


@dataclass(frozen=True, slots=True)
class Rest:
    """Plays each call from its first ring to its end, beginning *now*, before it answers that it is queued."""

    network: PhoneNetwork
    now: Callable[[], datetime]

    def request(self, method: str, url: str, *_: Any, data: Mapping[str, Any] | None = None, **__: Any) -> RestAnswer:
        """One request of the SDK."""
        if method != "POST" or not url.endswith("/Calls.json"):
            return _refused(404, f"the phone network does not know {method} {url}")
        given = data or {}
        if missing := [name for name in _REQUIRED if not given.get(name)]:
            return _refused(400, f"a call takes {', '.join(_REQUIRED)}; missing: {', '.join(missing)}")
        call = self.network.place(given["From"], _number(given), float(given.get("Timeout", 60)), self.now())
        return RestAnswer(201, json.dumps({"sid": call.sid, "status": "queued"}))


def _number(given: Mapping[str, Any]) -> Number:
    events: Iterable[str] = given.get("StatusCallbackEvent", ("completed",))
    return Number(
        given["To"],
        url=given["Url"],
        method=given.get("Method", "POST"),
        status_callback=given.get("StatusCallback"),
        status_method=given.get("StatusCallbackMethod", "POST"),
        events=frozenset([events] if isinstance(events, str) else events),
    )


def _refused(status: int, sentence: str) -> RestAnswer:
    return RestAnswer(status, json.dumps({"code": 20000 + status, "message": sentence, "status": status}))
