"""Where a page of calls ends and the next begins: a place in the list, as text that travels in links and commands."""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TEXT = re.compile(r"([<>])([0-9]{1,17}) (.{1,200})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Just older than the call *call_id*, received at *received_at* (aware); or just newer than it."""

    received_at: datetime
    call_id: str
    is_newer: bool = False

    def __str__(self) -> str:
        """Opaque text; nobody need know what it says, and nothing personal is in it."""
        microseconds = (self.received_at - _EPOCH) // _MICROSECOND
        said = f"{'>' if self.is_newer else '<'}{microseconds} {self.call_id}"
        return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` made.

        Raises:
            ValueError: it is anything else.
        """
        try:
            said = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
            match = _TEXT.fullmatch(said.decode())
            cursor = cls(_EPOCH + int(match[2]) * _MICROSECOND, match[3], match[1] == ">") if match else None
        except (UnicodeError, binascii.Error, OverflowError):
            cursor = None
        if cursor is None or str(cursor) != text:
            raise ValueError(f"no place in the list of calls: {text!r}")
        return cursor
