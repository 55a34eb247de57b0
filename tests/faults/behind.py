"""The service behind a reverse proxy, as the provider reaches it: at an address and a path of the proxy's."""

from dataclasses import dataclass, field

from tests.faults.provider import Provider
from tests.faults.trial import Trial
from tests.reverse_proxy import NAMED, Proxy

PREFIX = "/telefon"
PUBLIC_URL = f"https://{NAMED}{PREFIX}"


@dataclass
class ProxiedTrial(Trial):
    """A trial of a service behind *proxy*."""

    proxy: Proxy = field(kw_only=True)

    def provider(self, fallback: bytes) -> Provider:
        return Provider(self.proxy.url, fallback, prefix=PREFIX)
