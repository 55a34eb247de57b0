"""Sealed text: unreadable, unforgeable, safe in a URL; and hashes that tell repeat callers without their numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.sealing import CALLS, PAGES, BrokenSealError, Pseudonymizer, Sealer

OLD = "the secret before the rotation, long enough"
NEW = "the secret after the rotation, long enough"
NUMBER = "+46701740650"


@given(st.text())
def test_what_goes_in_comes_out(text: str) -> None:
    sealed = Sealer(NEW).seal(text)
    assert re.fullmatch("[A-Za-z0-9_=-]+", sealed)
    assert Sealer(NEW).open(sealed) == text


def test_nobody_can_read_or_compare_it() -> None:
    sealer = Sealer(NEW)
    assert NUMBER not in sealer.seal(NUMBER)
    assert sealer.seal(NUMBER) != sealer.seal(NUMBER)


class TestRotation:
    def test_what_the_old_secret_sealed_opens_during_it(self) -> None:
        assert Sealer(NEW, OLD).open(Sealer(OLD).seal("call")) == "call"

    def test_the_new_secret_seals(self) -> None:
        assert Sealer(NEW).open(Sealer(NEW, OLD).seal("call")) == "call"

    def test_afterwards_the_old_one_is_worth_nothing(self) -> None:
        with pytest.raises(BrokenSealError):
            Sealer(NEW).open(Sealer(OLD).seal("call"))


def test_no_byte_of_it_can_be_changed() -> None:
    sealer = Sealer(NEW)
    sealed = sealer.seal("x")
    for place in range(len(sealed)):
        other = "A" if sealed[place] != "A" else "B"
        changed = sealed[:place] + other + sealed[place + 1 :]
        try:
            opened = sealer.open(changed)
        except BrokenSealError:
            continue
        # The last digit before the padding has bits that base64 does not use.
        assert opened == "x"
        assert place >= len(sealed.rstrip("=")) - 1


@given(st.text() | st.text("ABCab01_-=", min_size=90).map(lambda text: f"gAAAAA{text}"))
def test_any_text_that_is_not_ours_is_a_broken_seal(text: str) -> None:
    with pytest.raises(BrokenSealError, match=r"^the token was not sealed with this service's key$"):
        Sealer(NEW).open(text)


def test_what_was_sealed_for_pages_opens_nothing_of_a_call() -> None:
    """And the other way round: whoever is given the one must have no use of it as the other."""
    for purpose, other in ((CALLS, PAGES), (PAGES, CALLS)):
        with pytest.raises(BrokenSealError):
            Sealer(NEW, OLD, other).open(Sealer(NEW, OLD, purpose).seal("call"))


def test_half_a_surrogate_pair_is_a_broken_seal_too() -> None:
    with pytest.raises(BrokenSealError):
        Sealer(NEW).open("gAAAAA\ud800")


def test_what_an_earlier_release_sealed_still_opens() -> None:
    """Calls are under way while a release is rolled out, and the spool may be days old."""
    sealed = "gAAAAABrA_EJCVVlru89bHKcbRfaRsHhe0SbzxgSl9QofL_S_OOhHPkAYrb5RAKR9X5p_Ah45I7KGHOcb1oi33jYC4oJ-haQog=="
    assert Sealer(OLD).open(sealed) == "call"


class TestPseudonymizer:
    def test_a_number_has_the_same_key_for_ever(self) -> None:
        """Hashes of years must stay comparable: HMAC-SHA-256 under a key that HKDF-SHA-256 made of the secret."""
        assert Pseudonymizer(OLD).key_id == "dff2849e"
        key = "bc6230a57c3c4091a9587997e4d0dd0d4f6cc68c88a4094f86e0bd554978b147"
        callers = Pseudonymizer(OLD)
        assert [callers.key(number) for number in (NUMBER, "+46701740651", NUMBER)][::2] == [key, key]

    def test_another_number_and_another_secret_have_other_keys(self) -> None:
        keys = {Pseudonymizer(secret).key(number) for secret in (OLD, NEW) for number in (NUMBER, "+46701740651")}
        assert len(keys) == 4

    def test_the_id_says_which_secret_made_a_key(self) -> None:
        assert Pseudonymizer(OLD).key_id != Pseudonymizer(NEW).key_id
        assert re.fullmatch("[0-9a-f]{8}", Pseudonymizer(OLD).key_id)
