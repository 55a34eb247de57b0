"""Secrets that somebody holds: long, random, and kept as a hash alone, so that reading the database opens nothing."""

import hashlib
import secrets

_BYTES = 32


def made() -> str:
    """A new one: 256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(_BYTES)


def key_of(secret: str) -> str:
    """What is kept of it. A plain hash will do: nobody guesses 256 bits."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
