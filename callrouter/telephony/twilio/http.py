"""The connection to the provider's REST interface: how long it is waited for, and how often asked again."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from urllib3 import Retry

from callrouter.telephony.provider import RecordingGoneError

PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""The answers after which asking again may help."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the provider is waited for, and how often asked again: after about 1, 2 and 4 s.

    Or after as long as it says itself (`Retry-After`), but no longer than *longest_pause_seconds*: it may name an hour.
    """

    timeout_seconds: float = 5.0
    retries: int = 3
    first_pause_seconds: float = 0.5
    jitter_seconds: float = 0.5
    longest_pause_seconds: int = 10


class Http(TwilioHttpClient):  # type: ignore[misc] # the SDK ships no annotations
    """The SDK's client with limits, which by itself it has none of."""

    def __init__(self, api_url: str | None, patience: Patience) -> None:
        super().__init__(timeout=patience.timeout_seconds)
        self._api_url = api_url
        retry = Retry(
            patience.retries,
            backoff_factor=patience.first_pause_seconds,
            backoff_jitter=patience.jitter_seconds,
            status_forcelist=PASSING,
            allowed_methods=None,  # all that is asked here may be asked twice
            raise_on_status=False,
            retry_after_max=patience.longest_pause_seconds,
        )
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=retry))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Ask where `_there` says."""
        url, host = self._there(url)
        kwargs["headers"] = {**kwargs["headers"], **host}
        return super().request(method, url, *args, **kwargs)

    def sound(self, url: str, auth: tuple[str, str]) -> bytes:
        """What stands at *url*. Nobody is sent on elsewhere: these credentials are for the provider alone."""
        url, host = self._there(url)
        answer = self.session.get(url, auth=auth, headers=host, timeout=self.timeout, allow_redirects=False)
        if answer.status_code == 404:
            raise RecordingGoneError("the provider does not have the recording")
        if answer.status_code != 200:
            raise TwilioRestException(answer.status_code, url)
        return bytes(answer.content)

    def _there(self, url: str) -> tuple[str, dict[str, str]]:
        """At *api_url* instead, if there is one; for whom it is meant, `Host` says."""
        if not self._api_url:
            return url, {}
        there = urlsplit(url)
        return self._api_url + url.removeprefix(f"{there.scheme}://{there.netloc}"), {"Host": there.netloc}

    def log_request(self, kwargs: Any) -> None:
        """Nothing: the SDK would log every address and header."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Nothing, as above."""
