"""Characters that nobody sees."""

from typing import Any

_UNSEEN = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {*b"\t\n\r"}, "\ufffd"
)
"""Control characters, and those that change the direction of what follows."""


def visible(value: Any) -> Any:
    """What stands in a page: characters that nobody sees, or that turn others round, show that they are there."""
    return value.translate(_UNSEEN) if isinstance(value, str) and not value.isprintable() else value
