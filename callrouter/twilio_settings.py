"""The settings of our account with Twilio; `settings` reads the environment for them."""

from collections.abc import Callable
from dataclasses import dataclass

from callrouter import setting_values as values
from callrouter.setting_values import Reader

_DEFAULT_REGION = "us1"


@dataclass(frozen=True, slots=True)
class Twilio:
    """The account, as one region has it. *auth_tokens* holds the current one and, during a rotation, the next.

    *second*: the same account in a second region, where its calls may be handled too.
    """

    account_sid: str
    auth_tokens: tuple[str, ...]
    region: str | None = None
    edge: str | None = None
    second: "Twilio | None" = None

    @property
    def regions(self) -> tuple["Twilio", ...]:
        """The account in each region that the settings name."""
        return (self, self.second) if self.second else (self,)

    @property
    def accepted_tokens(self) -> tuple[str, ...]:
        """Those that webhooks may be signed with: each region signs with its own."""
        return tuple(token for each in self.regions for token in each.auth_tokens)


def read_twilio(reader: Reader) -> Twilio:
    """Read them; what is wrong with them *reader* gathers."""
    sid = reader.required("TWILIO_ACCOUNT_SID", values.account_sid, "the account's SID, AC and 32 hex digits")
    token = reader.required("TWILIO_AUTH_TOKEN", values.auth_token, "the account's auth token, 32 hex digits")
    token_next = reader.optional("TWILIO_AUTH_TOKEN_NEXT", values.auth_token)
    region = reader.optional("TWILIO_REGION", values.region)
    edge = _edge(reader, "TWILIO_EDGE", region)
    return Twilio(sid, _tokens(token, token_next), region, edge, _second(reader, sid, region))


def _second(reader: Reader, sid: str, first: str | None) -> Twilio | None:
    region = reader.optional("TWILIO_SECOND_REGION", _other_than(first or _DEFAULT_REGION))
    if region is None:
        return None
    what = "the account's auth token in the second region, 32 hex digits"
    token = reader.required("TWILIO_SECOND_AUTH_TOKEN", values.auth_token, what)
    token_next = reader.optional("TWILIO_SECOND_AUTH_TOKEN_NEXT", values.auth_token)
    return Twilio(sid, _tokens(token, token_next), region, _edge(reader, "TWILIO_SECOND_EDGE", region))


def _other_than(first: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text == first:
            raise ValueError(f"expected another region than the first, {first}")
        return values.region(text)

    return read


def _edge(reader: Reader, name: str, region: str | None) -> str | None:
    if region is None or region == _DEFAULT_REGION:
        return reader.optional(name, values.edge)
    # a host without it never led there, and answers no more
    return reader.required(name, values.edge, "where the region is reached, such as dublin for ie1")


def _tokens(*tokens: str | None) -> tuple[str, ...]:
    return tuple(token for token in tokens if token)
