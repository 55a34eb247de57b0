"""A small identity provider on loopback: what OpenID Connect asks of one, and the mistakes that a test wants."""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

Claims = dict[str, Any]


def _as_it_is(claims: Claims) -> Claims:
    return claims


@dataclass
class IdentityServer:
    """It vouches for *who* to whoever comes with the code that it gave."""

    client_id: str = "callrouter"
    client_secret: str = "between the two of us"
    who: Claims = field(default_factory=lambda: {"sub": "17", "preferred_username": "Bertil"})
    at: int = 0
    twist: Callable[[Claims], Claims] = _as_it_is
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_with: RSAKey | None = None
    moved: tuple[str, ...] = ()
    """Paths that are answered by sending whoever asks on to another one."""
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def start(self) -> None:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                if path in provider.moved:
                    self._send_on()
                    return
                path = path.removeprefix("/new")
                self._answer({"/.well-known/openid-configuration": provider.metadata, "/keys": provider.keys}[path]())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                if self.path in provider.moved:
                    self._send_on()
                    return
                self._answer(provider.token(form, self.headers.get("Authorization", "")))

            def _send_on(self) -> None:
                self.send_response(307)
                self.send_header("Location", f"/new{self.path}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _answer(self, said: Claims) -> None:
                body = json.dumps(said).encode()
                self.send_response(400 if "error" in said else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = Thread(target=self.server.serve_forever, args=[0.01], daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def metadata(self) -> Claims:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in ends.items()}

    def keys(self) -> Claims:
        return {"keys": [self.key.as_dict(private=False)]}

    def signs_in(self, address: str) -> str:
        """What the browser of somebody who has signed in at *address* is sent back with."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self._asked)}"
        self._asked[code] = asked
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str], authorization: str) -> Claims:
        """An id token for a code, once, to whoever knows the secret and the verifier."""
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        asked = self._asked.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        is_right = asked and challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]
        if not asked or not is_right or authorization != f"Basic {basic}":
            return {"error": "invalid_grant"}
        times = {"iat": self.at, "exp": self.at + 300}
        claims = {"iss": self.issuer, "aud": self.client_id, "nonce": asked["nonce"]} | times | self.who
        key = self.signs_with or self.key
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, self.twist(claims), key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}
