"""X-Twilio-Signature: base64(HMAC-SHA1(auth token, URL + each POST field's name and value, sorted)).

Source: twilio.com/docs/usage/security#validating-requests. The SDK's validator raises on a missing header, an odd
port and fields that are not UTF-8; here all of these are just not genuine. The tests hold the two against each other.
"""

import base64
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit


def signature(auth_token: str, url: str, fields: Iterable[tuple[bytes, bytes]]) -> str:
    """What the provider writes into the header for a POST of *fields* to *url*."""
    return _signed(auth_token, url, _said(fields)).decode("ascii")


def asked(account_sid: str, auth_token: str, url: str) -> tuple[dict[str, str], dict[str, str]]:
    """Fields and headers of a POST to *url* as the provider's own: a TwiML Bin answers nobody but its account.

    Source: twilio.com/docs/serverless/twiml-bins/testing/programmatic.
    """
    signed = signature(auth_token, url.partition("#")[0], [(b"AccountSid", account_sid.encode())])
    return {"AccountSid": account_sid}, {"X-Twilio-Signature": signed}


def is_genuine(
    auth_tokens: Iterable[str], urls: Iterable[str], fields: Iterable[tuple[bytes, bytes]], header: str
) -> bool:
    """Whether *header* is the signature under one of the tokens, for one of the ways the provider writes our URL."""
    given = header.encode("utf-8", "surrogatepass")
    said = _said(fields)
    return any(hmac.compare_digest(_signed(token, url, said), given) for url in urls for token in auth_tokens)


def _said(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"".join([name + value for name, value in sorted(set(fields))])


def _signed(auth_token: str, url: str, said: bytes) -> bytes:
    return base64.b64encode(hmac.digest(auth_token.encode(), url.encode("utf-8", "surrogatepass") + said, "sha1"))


def spellings(public_url: str) -> tuple[str, ...]:
    """*public_url* as given, and with its port left out or spelt out: the provider signs either."""
    parts = urlsplit(public_url)
    port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")  # as written: capitals are signed as capitals
    bare, spelt_out = (parts._replace(netloc=netloc).geturl() for netloc in (host, f"{host}:{port}"))
    return tuple(dict.fromkeys((public_url, bare, spelt_out)))
