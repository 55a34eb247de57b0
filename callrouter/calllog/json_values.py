"""JSON in the database, written and read as fast as it can be: a call has a dozen of them, a report thousands."""

import json
from typing import Any

import msgspec


def read(text: str | bytes) -> Any:
    """The value of *text*; what msgspec will not have (half a surrogate pair, NaN), the standard library reads."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


def write(value: object) -> str:
    """The text of *value*, without a space; what msgspec will not have, the standard library writes.

    NaN becomes null, a set a list, a date its text.

    Raises:
        TypeError, ValueError: neither can.
    """
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, UnicodeEncodeError):
        return json.dumps(value, separators=(",", ":"))
