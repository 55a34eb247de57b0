"""Callers' numbers as they are typed."""

import re

import phonenumbers

from callrouter.cli.problems import Problem
from callrouter.domain.phone import PhoneNumber

_TELLING_DIGITS = 7
"""The last digits of a number that give it away."""


def caller_number(text: str, country: str | None) -> PhoneNumber:
    """The number that the provider would name for *text*, written with a country code or as in *country*.

    A number that no country has given out is taken as it stands: callers may show one.

    Raises:
        Problem: it is no number.
    """
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed and phonenumbers.is_valid_number(parsed):
        return PhoneNumber(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    if number := PhoneNumber.parse(text.strip()):
        return number
    expected = "expected one such as +46 70 174 06 50; a withheld one cannot be known"
    raise Problem(f"'{text}' is no number; {expected}.")


def require_discreet(option: str, text: str, caller: PhoneNumber) -> None:
    """Refuse a *text* that tells the number of the *caller*: it has one place, and this is not it.

    Raises:
        Problem: it does.
    """
    if caller.e164[-_TELLING_DIGITS:] in re.sub(r"[^0-9]", "", text):
        raise Problem(f"{option}: leave the number out; it has its own place, where it can be forgotten.")
