"""Callers' numbers as they are typed."""

from callrouter.calls import writing
from callrouter.cli.problems import Problem
from callrouter.domain.phone import PhoneNumber


def caller_number(text: str, country: str | None) -> PhoneNumber:
    """The number that the provider would name for *text*, written with a country code or as in *country*.

    Raises:
        Problem: it is no number.
    """
    if number := writing.caller_number(text, country):
        return number
    expected = "expected one such as +46 70 174 06 50; a withheld one cannot be known"
    raise Problem(f"'{text}' is no number; {expected}.")


def require_discreet(option: str, text: str, caller: PhoneNumber) -> None:
    """Refuse a *text* that tells the number of the *caller*.

    Raises:
        Problem: it does.
    """
    if writing.tells_number(text, caller):
        raise Problem(f"{option}: leave the number out; it has its own place, where it can be forgotten.")
