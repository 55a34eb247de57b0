"""The addresses that the provider calls back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs

from callrouter.domain.call import RunningCall
from callrouter.sealing import Sealer
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.token import for_phone, seal_call

CONNECTION = "#ct=1000&rt=2000&rc=5&tt=2900&rp=all"
"""Connect and read time-outs, retries and total time (ms) where the caller waits for the answer.

A second try after 2 s, longer than our own deadlines, so that another worker answers for one that stands still; the
provider's fallback before 3 s. As many tries as the provider makes: those that are cut off take no time. Limits:
twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

PATIENT = "#ct=1000&rt=2000&rc=5&tt=12000&rp=all"
"""The same where no fallback stands in for us: what is told must not be lost, and a whisper not fail."""

LONGEST_URL = 4000
"""Characters of an address that the provider takes (as error 21609 says); our own server reads 4094."""

PATHS: Mapping[str, Endpoint] = {
    "/twilio/voice": Endpoint.INCOMING,
    "/twilio/voice/next": Endpoint.NEXT,
    "/twilio/voice/menu": Endpoint.MENU,
    "/twilio/voice/skip": Endpoint.SKIP,
    "/twilio/voice/message": Endpoint.MESSAGE,
    "/twilio/voice/whisper": Endpoint.WHISPER,
    "/twilio/voice/accept": Endpoint.ACCEPT,
    "/twilio/voice/leg": Endpoint.LEG,
    "/twilio/status": Endpoint.ENDED,
    "/twilio/recording": Endpoint.RECORDING,
}
_PATH_OF = {endpoint: path for path, endpoint in PATHS.items()}
_BY_THE_CALLER = (Endpoint.INCOMING, Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP, Endpoint.MESSAGE)
_CONNECTION_OF = {endpoint: CONNECTION if endpoint in _BY_THE_CALLER else PATIENT for endpoint in Endpoint}
_TOKEN = "c"  # noqa: S105 - the name of a query parameter


@dataclass(frozen=True, slots=True)
class Links:
    """The URLs that are handed out."""

    public_url: str
    sealer: Sealer

    def of(self, call: RunningCall) -> "LinksOf":
        """Those of one document, all of which carry *call*."""
        return LinksOf(self.public_url, self.sealer, call)

    def bare(self, endpoint: Endpoint) -> str:
        """The URL of *endpoint* without a token, for the fail-safe takes messages when sealing is broken."""
        return address(self.public_url, endpoint)


@dataclass(frozen=True)
class LinksOf:
    """The URLs of one document: the call that they carry is sealed once for all of them."""

    public_url: str
    sealer: Sealer
    call: RunningCall

    def to(self, endpoint: Endpoint, phone: int | None = None) -> str:
        """The URL of *endpoint* with the call in it, and the attempt's phone (from 0) where it is about one leg.

        Raises:
            ValueError: the provider would not take an address that long.
        """
        path = _PATH_OF[endpoint]
        url = f"{self.public_url}{path}?{_TOKEN}={for_phone(self._sealed, phone)}"
        if len(url) > LONGEST_URL:
            raise ValueError(f"the address of {path} has {len(url)} characters; the provider takes {LONGEST_URL}")
        return url + _CONNECTION_OF[endpoint]

    @cached_property
    def _sealed(self) -> str:
        """base64url: of its characters the padding alone means something else in a query."""
        return seal_call(self.sealer, self.call).replace("=", "%3D")


def address(public_url: str, endpoint: Endpoint) -> str:
    """The URL of *endpoint* as a number is configured with it."""
    return f"{public_url}{_PATH_OF[endpoint]}{_CONNECTION_OF[endpoint]}"


def sealed_in(target: str) -> str:
    """The token that the address *target* (path and raw query) carries; empty for none."""
    return parse_qs(target.partition("?")[2]).get(_TOKEN, [""])[0]
