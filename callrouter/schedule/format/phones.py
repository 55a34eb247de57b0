"""Telephone numbers of the file: valid, of a known country, and of a kind that may be dialled."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberType

from callrouter.domain.phone import PhoneNumber
from callrouter.domain.sentence import Sentence
from callrouter.schedule.format.text import Unreadable, tidy

_WRITTEN = re.compile(r"\+[0-9 ()./-]{5,40}")
_REFUSED_KINDS = {
    PhoneNumberType.PREMIUM_RATE: Sentence("a premium-rate number"),
    PhoneNumberType.SHARED_COST: Sentence("a shared-cost number"),
}
_EMERGENCY = ("112", "110", "113", "118", "119", "911", "999", "000", "90000")
_EXPECTED = "expected a number with its country code, such as +46 8 465 004 00"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that may be dialled, the country it belongs to (ISO 3166), and whether it is a mobile."""

    number: PhoneNumber
    country: str
    is_mobile: bool


def looks_like_number(text: str) -> bool:
    """Say whether *text* is meant as a number: a name begins with neither a plus sign nor a digit."""
    word = tidy(text)
    return word[:1] == "+" or word[:1].isdigit() or word[:2] in ("(0", "(+")


def phone(text: str) -> Phone:
    """Read `+46 8 465 004 00`.

    Raises:
        Unreadable: not E.164, not valid in its country, or of a kind that is never dialled.
    """
    word = tidy(text).replace("\N{EN DASH}", "-")
    parsed = _parsed(word)
    kind = phonenumbers.number_type(parsed)
    if kind in _REFUSED_KINDS:
        raise Unreadable("'{word}' is {kind}; such numbers are always refused", word=word, kind=_REFUSED_KINDS[kind])
    if not phonenumbers.is_valid_number(parsed):
        raise Unreadable(f"'{{word}}' is not a valid number{_too(parsed)}; {_EXPECTED}", word=word)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    country = phonenumbers.region_code_for_number(parsed) or ""
    return Phone(PhoneNumber(e164), country, kind == PhoneNumberType.MOBILE)


def country(text: str) -> str:
    """Read a country as ISO 3166 writes it: `SE`."""
    word = tidy(text).upper()
    if word not in phonenumbers.SUPPORTED_REGIONS:
        raise Unreadable("'{text}' is no country; expected two letters, such as SE", text=tidy(text))
    return word


def _parsed(word: str) -> phonenumbers.PhoneNumber:
    if not _WRITTEN.fullmatch(word):
        _refuse_emergency(word, word)
        raise Unreadable(f"'{{word}}' is no number; {_EXPECTED}", word=word)
    try:
        parsed = phonenumbers.parse(word, None)
    except phonenumbers.NumberParseException:
        raise Unreadable(f"'{{word}}' has no country code that exists; {_EXPECTED}", word=word) from None
    _refuse_emergency(word, str(parsed.national_number))
    return parsed


def _refuse_emergency(word: str, digits: str) -> None:
    if digits.replace(" ", "") in _EMERGENCY:
        raise Unreadable("'{word}' is an emergency number; a call is never sent there", word=word)


def _too(parsed: phonenumbers.PhoneNumber) -> str:
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason == phonenumbers.ValidationResult.TOO_SHORT:
        return ", it is too short"
    return ", it is too long" if reason == phonenumbers.ValidationResult.TOO_LONG else ""
