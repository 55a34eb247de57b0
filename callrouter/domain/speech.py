"""Numbers as they are spoken: digit by digit, for a number that is read as a sum cannot be dialled."""

import re

_DIGITS = {
    "sv": ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}
_NATIONAL = {"sv": "+46", "en": "+44"}
_GROUPS = r"(?:[ \u00a0]\d{2,})*"
_DIALLED = re.compile(
    rf"(?<![\w.,:+-])(?:\+\d+(?:[ \u00a0]\d+)*|0\d{{1,3}}-\d{{2,}}{_GROUPS}|\d{{3,}}{_GROUPS})(?![\w:-]|[.,]\d)"
)
_YEAR = re.compile(r"(19|20)\d\d")


def digits_apart(e164: str, language: str) -> str:
    """A number in words, digit by digit; one of the language's own country without its code."""
    prefix = _NATIONAL[language]
    is_national = e164.startswith(prefix)
    digits = "0" + e164.removeprefix(prefix) if is_national else e164.removeprefix("+")
    words = [_DIGITS[language][int(digit)] for digit in digits]
    return " ".join(words if is_national else ["plus", *words])


def readable(text: str) -> str:
    """*text* with the numbers one can dial set apart: `112` becomes `1 1 2`, `114 14` becomes `1 1 4, 1 4`.

    Times, dates, years and amounts up to 99 stay as they are.
    """
    return _DIALLED.sub(_apart, text)


def _apart(found: re.Match[str]) -> str:
    number = found.group()
    if _YEAR.fullmatch(number):
        return number
    return ", ".join(" ".join(group) for group in re.split(r"[\s-]", number))
