"""Takes out of any text what must not travel: telephone numbers, and whatever opens a door."""

import re
from collections.abc import Mapping
from typing import Any

_BETWEEN = r"(?:%20|[ \u00a0./()-]){0,3}"
"""What people and programs write between the digits of one number."""

_NUMBER = re.compile(
    rf"(?:\+|%2[bB]){_BETWEEN}[1-9](?:{_BETWEEN}[0-9]){{6,}}"  # +46 8 465 004 00
    rf"|(?<![0-9A-Za-z.:+-])0[1-9](?:{_BETWEEN}[0-9]){{6,}}"  # 08-465 004 00
    r"|(?<![0-9A-Za-z.])(?:00)?[1-9][0-9]{8,14}(?![0-9A-Za-z])"  # 4684650040, 004684650040
)
_SECRETS = (
    ("?", re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*"), "?…"),  # a query: sealed tokens, what was searched for
    ("/welcome/", re.compile(r"(/welcome/)[\w-]+"), r"\1…"),  # a link by which a password is chosen
    ("://", re.compile(r"(://)[^\s/@\"']+@"), r"\1…@"),  # a name and a password in front of a host
    (" ", re.compile(r"\b(Bearer|Basic) +[\w.~+/=-]+", re.IGNORECASE), r"\1 …"),
    ("callrouter_", re.compile(r"\bcallrouter_[A-Za-z0-9_-]{20,}"), "callrouter_…"),  # a token of the API
)
"""What no such secret is without, how it looks, and what is written instead."""
_SHOWN_AT_START, _SHOWN_AT_END = 3, 2


def scrubbed(text: str) -> str:
    """*text* with its numbers masked, and without queries, passwords and tokens."""
    if text.isalpha():  # most of what is logged are words
        return text
    for sign, secret, instead in _SECRETS:
        if sign in text:
            text = secret.sub(instead, text)
    return _NUMBER.sub(_masked, text)


def scrubbed_all(value: Any) -> Any:
    """*value* with all texts in it scrubbed, names of things too: JSON, however deep."""
    if isinstance(value, str):
        return scrubbed(value)
    if isinstance(value, Mapping):
        return {scrubbed_all(name): scrubbed_all(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [scrubbed_all(each) for each in value]
    return value


def _masked(found: re.Match[str]) -> str:
    """As `PhoneNumber.masked` does: the country, stars, the last two digits."""
    text = found[0]
    plus = "+" if text[0] in "+%" else ""
    digits = re.sub("[^0-9]", "", text.replace("%2B", "").replace("%2b", "").replace("%20", ""))
    hidden = len(digits) - _SHOWN_AT_START - _SHOWN_AT_END
    return plus + digits[:_SHOWN_AT_START] + "*" * hidden + digits[-_SHOWN_AT_END:]
