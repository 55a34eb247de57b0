"""Characters that nobody sees."""

import re
from typing import Any

_UNSEEN = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {*b"\t\n\r"}, "\ufffd"
)
"""Control characters, and those that change the direction of what follows."""

_ANY = re.compile(f"[{''.join(map(chr, _UNSEEN))}]")

_LONG = 2000


def visible(value: Any) -> Any:
    """What stands in a page: characters that nobody sees, or that turn others round, show that they are there."""
    if not isinstance(value, str) or value.isprintable():
        return value
    # Whole parts of pages come by here: only long ones of ASCII alone are translated faster than they are searched.
    is_quick = len(value) > _LONG and value.isascii()
    return value.translate(_UNSEEN) if is_quick or _ANY.search(value) else value
