"""Finds a telephone number wherever it stands, however it is written."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

_SWEDISH = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
_ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_BETWEEN = rb"(?:%20|&nbsp;|[^0-9A-Za-z]){0,4}"
"""What may stand between digits, or words, of one number."""


class Leaks:
    """A number in E.164, such as +46701740650, in all its spellings."""

    def __init__(self, e164: str) -> None:
        national = e164.removeprefix("+46")
        written = (e164, e164[1:], f"0{national}", national)
        self._patterns = [("digits", _apart(national))]
        self._patterns += [("UTF-16", re.compile(re.escape(national.encode("utf-16-le"))))]
        self._patterns += [(f"spoken {words[1]}", _spoken(national, words)) for words in (_SWEDISH, _ENGLISH)]
        self._patterns += [("base64", re.compile(re.escape(code))) for each in written for code in _base64(each)]
        self._patterns += [
            ("hex", re.compile(re.escape(each.encode().hex().encode()), re.IGNORECASE)) for each in written
        ]
        self._patterns += [
            (f"{kind} without a key", re.compile(hashlib.new(kind, each.encode()).hexdigest().encode(), re.IGNORECASE))
            for each in written
            for kind in ("md5", "sha1", "sha256")
        ]

    def found_in(self, content: bytes | str) -> list[str]:
        """The spellings that stand in *content*."""
        raw = content.encode(errors="surrogateescape") if isinstance(content, str) else content
        return sorted({name for name, pattern in self._patterns if pattern.search(raw)})


def _apart(digits: str) -> re.Pattern[bytes]:
    return re.compile(_BETWEEN.join(digit.encode() for digit in digits))


def _spoken(digits: str, words: Iterable[str]) -> re.Pattern[bytes]:
    spoken = tuple(words)
    return re.compile(_BETWEEN.join(re.escape(spoken[int(digit)].encode()) for digit in digits), re.IGNORECASE)


def _base64(text: str) -> Iterator[bytes]:
    """What base64, also that of URLs, makes of *text* wherever it stands in what is encoded."""
    for before in range(3):
        code = base64.b64encode(b"\0" * before + text.encode())
        inside = code[-(-before * 8 // 6) :].rstrip(b"=")
        whole = (len(text) - (3 - before) % 3) // 3 * 4
        yield inside[:whole]
        yield inside[:whole].replace(b"+", b"-").replace(b"/", b"_")
