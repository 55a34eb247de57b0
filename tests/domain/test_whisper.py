"""What whoever picks up hears: the key within four seconds, whatever the unit is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import LONGEST_WHISPER_SECONDS, Caller
from callrouter.domain.message import LANGUAGES, Message, Spoken
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.whisper import whisper
from callrouter.schedule.format.text import LONGEST_NAME
from callrouter.telephony.twilio.twiml import KEY_SECONDS

CITIZEN = Caller(PhoneNumber("+46701740650"))
CHARACTERS_A_SECOND = 13
"""How fast a voice reads; 150 words a minute of five letters and a blank."""


def said(message: Message) -> str:
    (part,) = message.parts
    assert isinstance(part, Spoken)
    return part.text


@given(st.text("abcdefghij klmno", max_size=200), st.sampled_from(LANGUAGES), st.none() | st.just(CITIZEN))
def test_the_key_is_heard_within_four_seconds(title: str, language: str, caller: Caller | None) -> None:
    text = said(whisper(title, caller, language))
    assert title in text
    assert (text.index("1") + 1) / CHARACTERS_A_SECOND <= 4


@pytest.mark.parametrize(
    ("caller", "language", "expected"),
    [
        (CITIZEN, "sv", "Uppringare: noll sju noll ett sju fyra noll sex fem noll."),
        (Caller(is_withheld=True), "sv", "Uppringare: hemligt nummer."),
        (Caller(), "sv", "Uppringare: okänt nummer."),  # such as 464: nobody withheld it
        (Caller(is_withheld=True), "en", "The caller is a withheld number."),
        (Caller(), "en", "The caller is an unknown number."),
    ],
)
def test_it_says_who_calls(caller: Caller, language: str, expected: str) -> None:
    assert said(whisper("Fältgruppen", caller, language)).endswith(f" {expected}")


@given(st.text("abcdefghij klmno", max_size=LONGEST_NAME), st.sampled_from(LANGUAGES))
def test_it_is_over_well_before_a_leg_that_lasts_counts_as_taken(title: str, language: str) -> None:
    """A voicemail that hears all of it, and is given time for a key, must not look like a talk."""
    text = said(whisper(title, Caller(PhoneNumber("+467017406501234")), language))
    assert len(text) / CHARACTERS_A_SECOND + KEY_SECONDS < LONGEST_WHISPER_SECONDS - 5


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Fältgruppen", "sv", "Samtal från Fältgruppen. Tryck 1 för att ta samtalet."),
        ("Fältgruppen", "fi", "Call from Fältgruppen. Press 1 to take the call."),
        ("Stöd till " + "brottsoffer" * 2, "sv", "Tryck 1 för att ta samtalet från Stöd till brottsofferbrottsoffer."),
    ],
)
def test_a_short_title_comes_first_and_a_long_one_after_the_key(title: str, language: str, expected: str) -> None:
    assert said(whisper(title, None, language)) == expected
