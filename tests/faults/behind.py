"""The service behind a reverse proxy, as the provider reaches it: at an address and a path of the proxy's."""

from dataclasses import dataclass, field, fields

from callrouter.telephony.simulator.transport import Request, Response, TransportFailure
from tests.faults.provider import FALLBACK_URL, Provider
from tests.faults.trial import Trial
from tests.reverse_proxy import NAMED, Proxy

PREFIX = "/telefon"
PUBLIC_URL = f"https://{NAMED}{PREFIX}"


class _AtThePrefix(Request):
    """Its address is as the service knows it; it is sent to where the proxy has that."""

    @property
    def target(self) -> str:
        return PREFIX + super().target


class _Outside(Provider):
    def send(self, request: Request) -> Response | TransportFailure:
        """One attempt; what was signed is the public address."""
        if request.url == FALLBACK_URL:
            return super().send(request)
        values = {each.name: getattr(request, each.name) for each in fields(request)}
        return super().send(_AtThePrefix(**values | {"url": request.url.replace(PREFIX, "", 1)}))


@dataclass
class ProxiedTrial(Trial):
    """A trial of a service behind *proxy*."""

    proxy: Proxy = field(kw_only=True)

    def provider(self, fallback: bytes) -> Provider:
        return _Outside(self.proxy.url, fallback)
