"""JSON that was kept in the database, read as fast as it can be: a page has fifty of them, a report thousands."""

import json
from typing import Any

import msgspec


def read(text: str | bytes) -> Any:
    """The value of *text*; what msgspec will not have (half a surrogate pair, NaN), the standard library reads."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)
