"""What nobody writes beside a call: the number of its caller, also where its keyed hash alone is kept."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from sqlalchemy import Connection

from callrouter.calllog.projection import Key
from callrouter.calllog.queries import kept_caller
from callrouter.domain.phone import PhoneNumber
from callrouter.sealing import Pseudonymizer

_TELLING_DIGITS = 7
"""The last digits of a number that give it away."""
_DIGITS_OF_A_NUMBER = range(7, 16)
"""With its country code."""
_NO_DIGIT = re.compile(r"[^0-9]")
_DATES_AND_TIMES = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9]{2}:[0-9]{2}\b")
_LIKE_A_NUMBER = re.compile(rf"[0-9](?:\W*[0-9]){{{_TELLING_DIGITS - 1},}}")


@dataclass(frozen=True, slots=True)
class Hashing:
    """How numbers are hashed, and the countries (ISO 3166) whose people write them without a country code."""

    callers: Pseudonymizer
    countries: tuple[str, ...]

    def tells(self, text: str, key: str) -> bool:
        """Whether some digits of *text*, whatever stands between them, are the number whose keyed hash is *key*."""
        return any(self.callers.key(number) == key for number in self._numbers(_NO_DIGIT.sub("", text)))

    def _numbers(self, digits: str) -> Iterator[str]:
        """Every number in E.164 that a part of *digits* may be: a 0 before it, 00 or + is just left out."""
        for code in ("", *(str(phonenumbers.country_code_for_region(country)) for country in self.countries)):
            for start in range(len(digits)):
                if code or digits[start] != "0":
                    for length in _DIGITS_OF_A_NUMBER:
                        if (end := start + length - len(code)) <= len(digits):
                            yield f"+{code}{digits[start:end]}"


@dataclass(frozen=True, slots=True)
class Hidden:
    """The caller of a call as they are kept: by number, by keyed hash alone, or not at all.

    *hashing*: None where nothing can be compared with the hash, or where whoever writes must not learn by trying
    whose it is; then whatever looks like a number is taken for theirs.
    """

    number: PhoneNumber | None = None
    key: str | None = None
    hashing: Hashing | None = None

    def is_told_by(self, text: str) -> bool:
        """Whether *text* gives the caller's number away: it has one place, where it can be forgotten."""
        if self.number:
            return self.number.e164[-_TELLING_DIGITS:] in _NO_DIGIT.sub("", text)
        if self.key is None:
            return False
        if self.hashing:
            return self.hashing.tells(text, self.key)
        return _LIKE_A_NUMBER.search(_DATES_AND_TIMES.sub(" x ", text)) is not None


def hidden(connection: Connection, call: Key, hashing: Callable[[], Hashing | None]) -> Hidden:
    """The caller of *call*; *hashing* is asked for where the hash alone is kept."""
    kept = kept_caller(connection, call)
    if kept is None:
        return Hidden()
    number = PhoneNumber.parse(kept.number or "")
    by = hashing() if kept.key and not number else None
    return Hidden(number, kept.key, by if by and by.callers.key_id == kept.key_id else None)
