"""Numbers as they are spoken."""

import pytest

from callrouter.domain.speech import digits_apart, readable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Vid fara för liv, ring 112.", "Vid fara för liv, ring 1 1 2."),
        ("Ring 112 om det är akut, 114 14 till polisen.", "Ring 1 1 2 om det är akut, 1 1 4, 1 4 till polisen."),
        ("Ring 031 390 06 00 i stället.", "Ring 0 3 1, 3 9 0, 0 6, 0 0 i stället."),
        ("Ring +46 8 465 004 00.", "Ring + 4 6, 8, 4 6 5, 0 0 4, 0 0."),
        ("Ring 08-465 004 00.", "Ring 0 8, 4 6 5, 0 0 4, 0 0."),
        ("Vi öppnar 10.00, stänger 15:00 och är 99 personer.", "Vi öppnar 10.00, stänger 15:00 och är 99 personer."),
        ("Sedan 2026 och 2026-11-23.", "Sedan 2026 och 2026-11-23."),
        ("Tryck 1 för receptionen.", "Tryck 1 för receptionen."),
        ("Rum B112.", "Rum B112."),
    ],
)
def test_only_what_one_can_dial_is_set_apart(text: str, spoken: str) -> None:
    assert readable(text) == spoken


@pytest.mark.parametrize(
    ("number", "language", "spoken"),
    [
        ("+46701740650", "sv", "noll sju noll ett sju fyra noll sex fem noll"),
        ("+46701740650", "en", "plus four six seven zero one seven four zero six five zero"),
        ("+4712345678", "sv", "plus fyra sju ett två tre fyra fem sex sju åtta"),
    ],
)
def test_a_number_is_said_digit_by_digit(number: str, language: str, spoken: str) -> None:
    assert digits_apart(number, language) == spoken
