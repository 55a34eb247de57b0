"""Requests as the provider signs them, by the provider's own library: nothing here is shared with what verifies."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from callrouter.telephony.provider import WebhookRequest

ACCOUNT = "AC" + "1" * 32
OTHER_ACCOUNT = "AC" + "9" * 32
TOKEN = "2" * 32
NEXT_TOKEN = "3" * 32
STALE_TOKEN = "4" * 32
BASE = "https://calls.example.org"

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


def signature(url: str, fields: Fields, token: str = TOKEN) -> str:
    """What the provider writes into X-Twilio-Signature."""
    return str(RequestValidator(token).compute_signature(url, MultiDict(fields)))


def signed(target: str, fields: Fields, *, token: str = TOKEN, base: str = BASE) -> WebhookRequest:
    """A POST of *fields* to *target* (path and raw query), signed over *base* + *target*."""
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    headers = {"X-Twilio-Signature": signature(base + target, pairs, token)}
    return WebhookRequest(target, headers, urlencode(pairs).encode("ascii"))
