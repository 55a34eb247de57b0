"""Dates, hours and telephone numbers that stay on one line: a browser would begin a new one at each hyphen or dash."""

import re

from markupsafe import Markup, escape

_WHOLE = re.compile(r"\d{4}-\d\d-\d\d|\+\d[\d* ]{5,}\d|\b\d\d(?::\d\d)?–\d\d(?::\d\d)?\b")


def unbroken(text: object) -> str:
    """*text* to stand in a page, its dates, hours and telephone numbers each on one line."""
    if not _WHOLE.search(said := str(text)):
        return said
    return Markup(_WHOLE.sub(r'<span class="unbroken">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped before
