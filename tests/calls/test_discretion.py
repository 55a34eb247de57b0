"""Whether a text tells whose call it is, however the number is written, where the number or its hash alone is kept."""

import pytest

from callrouter.calls.discretion import Hashing, Hidden
from callrouter.domain.phone import PhoneNumber
from tests.calllog.told import PSEUDONYMIZER

CALLER = PhoneNumber("+46701740689")
KEY = PSEUDONYMIZER.key(CALLER.e164)
BY_NUMBER = Hidden(CALLER)
BY_HASH = Hidden(None, KEY, Hashing(PSEUDONYMIZER, ("SE", "DE")))
UNTRIED = Hidden(None, KEY)
"""Whoever writes must not learn by trying."""
SPELLINGS = [
    "0701740689",
    "Kvinnan har 070-174 06 89",
    "070 174 06 89, 2 gånger på 3 dagar",
    "+46 70 174 06 89",
    "+46 (0)70-174 06 89",
    "0046701740689",
    "46701740689",
    "701740689",
    "12 samtal från 070.174.06.89.",
    "070/1740689 den 2026-11-28",
    "nollsju 0 7 0 1 7 4 0 6 8 9 x",
]


@pytest.mark.parametrize("text", SPELLINGS)
@pytest.mark.parametrize("hidden", [BY_NUMBER, BY_HASH, UNTRIED])
def test_it_is_told_in_every_spelling(hidden: Hidden, text: str) -> None:
    assert hidden.is_told_by(text)


@pytest.mark.parametrize("text", ["", "x", "Hon ringer 2026-11-28 18:30", "Ärende 701740", "3 barn, 40 år, port 1406"])
@pytest.mark.parametrize("hidden", [BY_NUMBER, BY_HASH, UNTRIED, Hidden()])
def test_other_digits_are_not_it(hidden: Hidden, text: str) -> None:
    assert not hidden.is_told_by(text)


OTHERS = "Hänvisad till 070-174 06 90, 08-465 004 00"


@pytest.mark.parametrize("hidden", [BY_NUMBER, BY_HASH, Hidden()])
def test_nor_is_another_number(hidden: Hidden) -> None:
    assert not hidden.is_told_by(OTHERS)


def test_who_must_not_try_writes_none() -> None:
    assert UNTRIED.is_told_by(OTHERS)


def test_a_number_of_each_country_of_the_schedule() -> None:
    german = Hidden(None, PSEUDONYMIZER.key("+493012345678"), BY_HASH.hashing)
    assert german.is_told_by("Er hat 030 12345678")
    assert not german.is_told_by("Er hat 031 12345678")
