"""What people type beside calls, on pages and at the command line: callers' numbers, and lines of text."""

from enum import StrEnum

import phonenumbers

from callrouter.calls.discretion import Hidden
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.until import in_one_line


class Reason(StrEnum):
    """Why a text is not kept."""

    EMPTY = "empty"
    LONG = "long"
    TELLS_NUMBER = "tells-number"


class NotKeptError(ValueError):
    """A text that is not kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def written(text: str, longest: int, caller: Hidden) -> str:
    """*text* in one line, as it is kept beside a call.

    Raises:
        NotKeptError: it is empty, has more than *longest* characters, or tells the number of the *caller*.
    """
    line = in_one_line(text)
    if not line:
        raise NotKeptError(Reason.EMPTY)
    if len(line) > longest:
        raise NotKeptError(Reason.LONG)
    if caller.is_told_by(line):
        raise NotKeptError(Reason.TELLS_NUMBER)
    return line


def caller_number(text: str, country: str | None) -> PhoneNumber | None:
    """The number that the provider would name for *text*, written with a country code or as in *country*; or None.

    A number that no country has given out is taken as it stands: callers may show one.
    """
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed and phonenumbers.is_valid_number(parsed):
        return PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return PhoneNumber.parse(text.strip())
