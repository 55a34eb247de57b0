"""Telephone numbers: E.164 or nothing, and masked wherever a person may read over a shoulder."""

import re
from dataclasses import dataclass
from typing import Self

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_SHOWN_AT_START = 4
_SHOWN_AT_END = 2


@dataclass(frozen=True, slots=True, order=True)
class PhoneNumber:
    """A number as ITU-T E.164 writes it: plus sign, country code, 7 to 15 digits in all."""

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise ValueError(f"not a number in E.164 form, such as +46846500400: {self.e164!r}")

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read *text* if it is E.164; anything else (`anonymous`, `464`, `client:x`) is no number."""
        return cls(text) if _E164.fullmatch(text) else None

    @property
    def masked(self) -> str:
        """The number with its middle hidden, for logs and lists: `+468*****00`."""
        hidden = len(self.e164) - _SHOWN_AT_START - _SHOWN_AT_END
        return self.e164[:_SHOWN_AT_START] + "*" * hidden + self.e164[-_SHOWN_AT_END:]

    def __str__(self) -> str:
        """Masked: a number that slips into a log line or an f-string gives nobody away."""
        return self.masked

    def __repr__(self) -> str:
        return f"PhoneNumber({self.masked})"
