"""Callers' numbers as they are typed."""

import phonenumbers

from callrouter.cli.problems import Problem
from callrouter.domain.phone import PhoneNumber


def caller_number(text: str, country: str) -> PhoneNumber:
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
    expected = "expected one such as +46 70 174 06 50; callers who withhold theirs cannot be blocked"
    raise Problem(f"'{text}' is no number; {expected}.")
