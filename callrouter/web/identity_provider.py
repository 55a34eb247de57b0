"""Signing in by OpenID Connect: the authorization code flow with PKCE, state and nonce, by Authlib.

What must be remembered while somebody is at the provider travels sealed in a cookie. The libraries are imported when
somebody signs in so; the provider is given five seconds, and holds at most one of the pages' threads.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from callrouter.people import secrets
from callrouter.sealing import BrokenSealError, Sealer
from callrouter.web.site import Site
from callrouter.web_settings import IdentityProvider

_SECONDS = 5
_LEEWAY_SECONDS = 60
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_SCOPE = "openid profile email"


class NotVouchedForError(ValueError):
    """The provider says of nobody who they are, or says so in a way that cannot be believed."""


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for: by *subject* for ever, by *name* for the first time; and where they wanted to."""

    subject: str
    name: str
    next: str


@dataclass(slots=True)
class Provider:
    """An identity provider. What it says of itself is asked once in a process."""

    settings: IdentityProvider
    back: str
    sealer: Sealer
    _metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def configured(cls, site: Site) -> Self | None:
        """The provider of the settings, if there is one."""
        settings = site.identity_provider
        return cls(settings, f"{site.public_url}/sign-in/provider/back", site.sealer) if settings else None

    def begin(self, wanted: str | None) -> tuple[str, str]:
        """The address where somebody signs in, and what their browser is to bring back.

        Raises:
            NotVouchedForError: the provider does not answer.
        """
        from requests import RequestException

        try:
            place = self._known("authorization_endpoint")
        except (RequestException, KeyError, ValueError) as error:
            raise NotVouchedForError(type(error).__name__) from error
        kept = {"state": secrets.made(), "nonce": secrets.made(), "verifier": secrets.made() + secrets.made()}
        address, _ = self._session().create_authorization_url(
            place,
            state=kept["state"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
        )
        return address, self.sealer.seal(json.dumps(kept | {"next": wanted or ""}))

    def finish(self, kept: str, told: Mapping[str, str], at: datetime) -> Vouched:
        """Who came back with what was *kept* and *told*.

        Raises:
            NotVouchedForError: it cannot be believed.
        """
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
        from requests import RequestException

        try:
            return self._vouched(json.loads(self.sealer.open(kept)), told, at)
        except (BrokenSealError, AuthlibBaseError, JoseError, RequestException, KeyError, ValueError) as error:
            raise NotVouchedForError(type(error).__name__) from error

    def _vouched(self, kept: Mapping[str, str], told: Mapping[str, str], at: datetime) -> Vouched:
        if told.get("state") != kept["state"] or "code" not in told:
            raise NotVouchedForError("this browser did not ask for it")
        token = self._session().fetch_token(
            self._known("token_endpoint"), code=told["code"], code_verifier=kept["verifier"], timeout=_SECONDS
        )
        claims = self._claims(token["id_token"], kept["nonce"], at)
        return Vouched(f"{claims['iss']} {claims['sub']}", str(claims[self.settings.name_claim]), kept["next"])

    def _claims(self, id_token: str, nonce: str, at: datetime) -> Mapping[str, Any]:
        """What the id token says, once its signature, issuer, audience, time and nonce are right."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.jwk import KeySet

        keys = KeySet.import_key_set(_fetched(self._known("jwks_uri")))
        token = jwt.decode(id_token, keys, algorithms=_ALGORITHMS)
        expected = {"iss": {"value": self.settings.issuer}, "aud": {"value": self.settings.client_id}}
        params = {"nonce": nonce, "client_id": self.settings.client_id}
        claims = CodeIDToken(token.claims, token.header, expected, params)
        claims.validate(now=int(at.timestamp()), leeway=_LEEWAY_SECONDS)
        return dict(claims)

    def _session(self) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        known = self.settings
        session = OAuth2Session(
            known.client_id, known.client_secret, scope=_SCOPE, redirect_uri=self.back, code_challenge_method="S256"
        )
        session.max_redirects = 0  # the secret goes where the provider says its tokens are, and nowhere else
        return session

    def _known(self, name: str) -> str:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if not self._metadata:
            found = _fetched(f"{self.settings.issuer}/.well-known/openid-configuration")
            if found["issuer"].rstrip("/") != self.settings.issuer:
                raise NotVouchedForError(f"it calls itself {found['issuer']}")
            self._metadata = found
        return str(self._metadata[name])


def _fetched(address: str) -> Any:
    import requests

    answer = requests.get(address, timeout=_SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()
