"""The Twilio adapter as one value: verify, read, answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from callrouter.domain.call import RunningCall
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.message import Message
from callrouter.domain.routing import Goodbye, Instruction
from callrouter.sealing import Sealer
from callrouter.settings import Settings
from callrouter.telephony.provider import Document, Endpoint, WebhookRequest
from callrouter.telephony.twilio import twiml
from callrouter.telephony.twilio.links import PATHS, Links, sealed_in
from callrouter.telephony.twilio.signature import is_genuine, spellings
from callrouter.telephony.twilio.webhook import Form, pairs

LARGEST_DOCUMENT = 64 * 1024
"""Bytes that the provider reads of an answer (error 11750)."""

_LONGEST_VALUE = 256
"""No field that we read is longer. What is must not swell the token: an address that is too long is never called."""


@dataclass(frozen=True, slots=True)
class TwilioProvider:
    """One account of the provider; see telephony/provider.py for what each method owes."""

    account_sid: str
    auth_tokens: tuple[str, ...]
    bases: tuple[str, ...]
    links: Links
    is_phone_network: bool

    @classmethod
    def configured(cls, settings: Settings, sealer: Sealer) -> "TwilioProvider":
        """The adapter for the account in *settings*."""
        return cls(
            account_sid=settings.twilio.account_sid,
            auth_tokens=settings.twilio.accepted_tokens,
            bases=spellings(settings.public_url),
            links=Links(settings.public_url, sealer),
            is_phone_network=settings.phone_network,
        )

    @property
    def paths(self) -> Mapping[str, Endpoint]:
        """As the number is configured, and as the links have them."""
        return PATHS

    def verified(self, request: WebhookRequest) -> Form | None:
        """The form, if it was signed by our account over one spelling of our URL."""
        fields = pairs(request.body)
        urls = [base + request.target for base in self.bases]
        if not is_genuine(self.auth_tokens, urls, fields, request.headers.get("X-Twilio-Signature", "")):
            return None
        if [value for name, value in fields if name == b"AccountSid"] != [self.account_sid.encode()]:
            return None
        said = {
            name.decode("utf-8", "replace"): value.decode("utf-8", "replace")[:_LONGEST_VALUE] for name, value in fields
        }
        return Form(said, self.is_phone_network, sealed_in(request.target))

    def render(self, step: Instruction, call: RunningCall) -> Document:
        """*step* as TwiML."""
        return _document(twiml.render(step, call, self.links))

    def render_goodbye(self, step: Goodbye) -> Document:
        """*step* as TwiML, without callbacks."""
        return _document(twiml.render_goodbye(step))

    def render_whisper(self, prompt: Message, call: RunningCall, phone: int) -> Document:
        """The prompt as a `<Gather>`."""
        return _document(twiml.render_whisper(prompt, call, phone, self.links))

    def render_pick_up(self, confirmation: Message | None) -> Document:
        """Falling off the end connects."""
        return _document(twiml.render_pick_up(confirmation))

    def render_fail_safe(self, fail_safe: FailSafe) -> Document:
        """The fail-safe as TwiML."""
        return _document(twiml.render_fail_safe(fail_safe, self.links))


def _document(text: str) -> Document:
    body = text.encode()
    if len(body) > LARGEST_DOCUMENT:
        raise ValueError(f"the document has {len(body)} bytes; the provider reads {LARGEST_DOCUMENT}")
    return Document(body, "text/xml; charset=utf-8")
