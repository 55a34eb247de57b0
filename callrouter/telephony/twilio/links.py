"""The addresses that the provider calls back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from callrouter.domain.call import RunningCall
from callrouter.sealing import Sealer
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.token import Token, seal

CONNECTION = "#ct=2000&rt=3000&rc=2&tt=9000&rp=all"
"""Connect and read time-outs, retries and total time (ms) of every URL we hand out; then the fallback is fetched.

twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

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
_TOKEN = "c"  # noqa: S105 - the name of a query parameter


@dataclass(frozen=True, slots=True)
class Links:
    """The URLs that are handed out."""

    public_url: str
    sealer: Sealer

    def of(self, call: RunningCall) -> "LinksOf":
        """Those of one document, all of which carry *call*."""
        return LinksOf(self, call, {})

    def bare(self, endpoint: Endpoint) -> str:
        """The URL of *endpoint* without a token, for the fail-safe takes messages when sealing is broken."""
        return address(self.public_url, endpoint)


@dataclass(frozen=True, slots=True)
class LinksOf:
    """The URLs of one document: what they carry is sealed once for each phone, and once without one."""

    links: Links
    call: RunningCall
    sealed: dict[int | None, str]

    def to(self, endpoint: Endpoint, phone: int | None = None) -> str:
        """The URL of *endpoint* with the call in it, and the attempt's phone (from 0) where it is about one leg.

        Raises:
            ValueError: the provider would not take an address that long.
        """
        path = _PATH_OF[endpoint]
        url = f"{self.links.public_url}{path}?{_TOKEN}={self._sealed(phone)}"
        if len(url) > LONGEST_URL:
            raise ValueError(f"the address of {path} has {len(url)} characters; the provider takes {LONGEST_URL}")
        return url + CONNECTION

    def _sealed(self, phone: int | None) -> str:
        """base64url: of its characters the padding alone means something else in a query."""
        if phone not in self.sealed:
            self.sealed[phone] = seal(self.links.sealer, Token(self.call, phone)).replace("=", "%3D")
        return self.sealed[phone]


def address(public_url: str, endpoint: Endpoint) -> str:
    """The URL of *endpoint* as a number is configured with it."""
    return f"{public_url}{_PATH_OF[endpoint]}{CONNECTION}"


def sealed_in(target: str) -> str:
    """The token that the address *target* (path and raw query) carries; empty for none."""
    return parse_qs(target.partition("?")[2]).get(_TOKEN, [""])[0]
