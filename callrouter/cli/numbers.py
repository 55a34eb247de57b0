"""Callers' numbers as they are typed."""

from sqlalchemy import Connection

from callrouter.calllog.projection import Key
from callrouter.calls import discretion, writing
from callrouter.calls.discretion import Hashing, Hidden
from callrouter.cli.by_hand import schedule_if_any
from callrouter.cli.problems import Problem
from callrouter.domain.phone import PhoneNumber
from callrouter.sealing import Pseudonymizer
from callrouter.settings import privacy_key


def caller_number(text: str, country: str | None) -> PhoneNumber:
    """The number that the provider would name for *text*, written with a country code or as in *country*.

    Raises:
        Problem: it is no number.
    """
    if number := writing.caller_number(text, country):
        return number
    expected = "expected one such as +46 70 174 06 50; a withheld one cannot be known"
    raise Problem(f"'{text}' is no number; {expected}.")


def hidden(connection: Connection, call: Key) -> Hidden:
    """The caller of *call*, whose number does not belong in what is written beside it."""
    return discretion.hidden(connection, call, _hashing)


def require_discreet(option: str, text: str, caller: Hidden) -> None:
    """Refuse a *text* that tells the number of the *caller*.

    Raises:
        Problem: it does.
    """
    if caller.is_told_by(text):
        raise Problem(f"{option}: leave the number out; it has its own place, where it can be forgotten.")


def _hashing() -> Hashing | None:
    schedule = schedule_if_any()
    return Hashing(Pseudonymizer(privacy_key()), schedule.countries) if schedule else None
