"""Carries a webhook to the service: signs it, honours the address's fragment, retries.

Fragment: twilio.com/docs/usage/webhooks/webhooks-connection-overrides. It is no part of the request nor of
what is signed (twilio.com/docs/usage/webhooks/webhooks-security: the address as it was requested).
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, quote_plus, urlencode

from callrouter.telephony.simulator.faults import Loss
from callrouter.telephony.simulator.journal import ServiceError
from callrouter.telephony.simulator.overrides import Overrides, overrides_of
from callrouter.telephony.simulator.transport import Request, Response, Transport, TransportFailure


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is to be sent. *token* is the same in each attempt; *loss* hits the first."""

    url: str
    form: Mapping[str, str]
    token: str
    method: str = "POST"
    loss: Loss | None = None
    blanks_as_percent: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of it: the last attempt's answer, and what is wrong with the service."""

    answer: Response | TransportFailure
    attempts: int
    errors: tuple[ServiceError, ...] = ()


@dataclass(slots=True)
class Courier:
    """Sends webhooks in the name of one account."""

    transport: Transport
    auth_token: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, webhook: Webhook) -> Delivery:
        """Try until an answer is good enough, the retries are used up, or the total time is over."""
        overrides = overrides_of(webhook.url)
        request = self._request(webhook, overrides)
        left = overrides.seconds("tt")
        attempts = 0
        while True:
            attempts += 1
            loss = webhook.loss if attempts == 1 else None
            answer = self._attempt(replace(request, total_timeout=left), loss)
            left -= answer.seconds
            if attempts > overrides.retries or left <= 0 or not overrides.covers(answer):
                complaints = _complaints(answer, webhook.url)
                return Delivery(answer, attempts, (*overrides.errors, *complaints))

    def _attempt(self, request: Request, loss: Loss | None) -> Response | TransportFailure:
        if loss == "request":
            return TransportFailure("connect", "the request was lost on its way", request.connect_timeout)
        answer = self.transport.send(request)
        if loss == "answer":
            return TransportFailure("read", "the answer was lost on its way", request.read_timeout)
        return answer

    def _request(self, webhook: Webhook, overrides: Overrides) -> Request:
        url = webhook.url.partition("#")[0]
        blanks = quote if webhook.blanks_as_percent else quote_plus
        encoded = urlencode(webhook.form, quote_via=blanks)
        signed: Mapping[str, str] = webhook.form
        if webhook.method == "GET":
            url, encoded, signed = url + ("&" if "?" in url else "?") + encoded, "", {}
        headers = {
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature(self.auth_token, url, signed),
            "I-Twilio-Idempotency-Token": webhook.token,
            **self.headers,
        }
        timeouts = [overrides.seconds(key) for key in ("ct", "rt", "tt")]
        return Request(webhook.method, url, encoded.encode("ascii"), headers, *timeouts)


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """X-Twilio-Signature: base64 of the HMAC-SHA1 over the address and the sorted names and values."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()).decode("ascii")


def _complaints(answer: Response | TransportFailure, url: str) -> tuple[ServiceError, ...]:
    if isinstance(answer, TransportFailure):
        code = 11205 if answer.kind == "connect" else 11200
        return (ServiceError(code, answer.sentence, url=url),)
    if answer.status // 100 != 2:
        return (ServiceError(11200, f"the service answered with status {answer.status}; 200 is expected", url=url),)
    return ()
