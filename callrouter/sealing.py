"""Sealed text: what only this service can read or make, such as the state that travels in callback URLs.

Fernet (AES-128-CBC with HMAC-SHA-256, base64url) from the `cryptography` package, keys derived with HKDF-SHA-256.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class BrokenSealError(ValueError):
    """The text was not sealed by this service, was changed, or its key has been retired."""


CALLS = "sealed text"
"""The purpose of what calls carry along and of what waits in the spool."""

PAGES = "sealed for pages"
"""The purpose of what stands in addresses and cookies of people who look at pages."""


class Sealer:
    """Seals with *secret*; opens what *secret* or, during a rotation, *old_secret* sealed for the same *purpose*."""

    def __init__(self, secret: str, old_secret: str | None = None, purpose: str = CALLS) -> None:
        self._fernet = MultiFernet([_fernet(s, purpose) for s in (secret, old_secret) if s])

    def seal(self, text: str) -> str:
        """*text*, unreadable and unforgeable, safe in a URL."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The text that was sealed.

        Raises:
            BrokenSealError: it was not sealed by this service.
        """
        try:
            return self._fernet.decrypt(sealed.encode("utf-8", "surrogatepass")).decode()
        except (InvalidToken, ValueError) as error:
            raise BrokenSealError("the token was not sealed with this service's key") from error


class Pseudonymizer:
    """Turns a caller's number into a keyed hash, so that repeat callers can be told without keeping numbers."""

    def __init__(self, secret: str) -> None:
        key = _derive(secret, b"callrouter caller key")
        self.key_id = hashlib.sha256(key).hexdigest()[:8]
        self._keyed = hmac.new(key, digestmod="sha256")

    def key(self, number: str) -> str:
        """The keyed hash (HMAC-SHA-256, hex) of *number* in E.164."""
        keyed = self._keyed.copy()  # takes a third of the time of keying it anew
        keyed.update(number.encode())
        return keyed.hexdigest()


class Stamp:
    """Keyed hashes for one *purpose*: without *secret* nobody can make one, and none fits another purpose."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = _derive(secret, f"callrouter {purpose}".encode())

    def __call__(self, text: str) -> str:
        """The keyed hash (HMAC-SHA-256, hex) of *text*."""
        return hmac.digest(self._key, text.encode("utf-8", "replace"), "sha256").hex()


def _fernet(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derive(secret, f"callrouter {purpose}".encode())))


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
