"""TwiML as text: elements and attributes escaped, in the spelling that is given (it is case-sensitive)."""

import re
from html import escape

_BEGINNING = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold, escaped or not: one of them, and the whole answer is given up."""


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element with what is *inside*, which is markup already. An attribute that is None is left out."""
    given = "".join([f' {key}="{_written(value)}"' for key, value in attributes.items() if value is not None])
    return f"<{name}{given}>{''.join(inside)}</{name}>" if inside else f"<{name}{given} />"


def text(words: str) -> str:
    """*words* as the text of an element."""
    return escape(_NOT_XML.sub(" ", words), quote=False)


def document(*verbs: str) -> str:
    """The whole answer."""
    return f"{_BEGINNING}{''.join(verbs)}</Response>"


def _written(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return escape(value)
        case _:
            return str(value)
