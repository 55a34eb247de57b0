"""No number and no secret can be read in what is scrubbed; what only looks like one stays."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.logs.scrub import scrubbed, scrubbed_all


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("from +46701740650 to x", "from +467******50 to x"),
        ("from +46 70 174 06 50.", "from +467******50."),
        ("tel:+46-(0)70.174.06.50", "tel:+460*******50"),
        ("From=%2B46701740650&To=", "From=+467******50&To="),
        ("070-174 06 50", "070*****50"),
        ("070%20174%2006%2050", "070*****50"),
        ("client 46701740650 rang", "client 467******50 rang"),
        ("0046701740650", "004********50"),
        ("ValueError: '+46701740650'", "ValueError: '+467******50'"),
    ],
)
def test_numbers_are_masked(text: str, left: str) -> None:
    assert scrubbed(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T18:30:00.123456+01:00",
        "2026-11-23 18:30:00 +0100 CAe7e9c5d63d8d049d91e281fb8227ef7a",
        "callrouter-2026-11-23T183000Z.backup",
        "version c7e91f57 line 23 took 0.004132711 s",
        "+467******50",
        "job retention for 2026-11-23: 200 calls deleted",
    ],
)
def test_what_is_none_stays(text: str) -> None:
    assert scrubbed(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("POST /twilio/voice/next?c=gAAAAsecret HTTP", "POST /twilio/voice/next?… HTTP"),
        ("/welcome/s3cret-link", "/welcome/…"),
        ("postgresql://anna:secret@db/callrouter", "postgresql://…@db/callrouter"),
        ("Authorization: Bearer abc.def-1", "Authorization: Bearer …"),
        ("token callrouter_" + "a" * 30, "token callrouter_…"),
        ("what now? nothing", "what now? nothing"),
    ],
)
def test_secrets_are_left_out(text: str, left: str) -> None:
    assert scrubbed(text) == left


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_no_number_is_left_whatever_stands_around_it(number: str, before: str, after: str) -> None:
    assert number not in scrubbed(f"{before}{number}{after}")


def test_scrubbing_again_changes_nothing() -> None:
    once = scrubbed("+46701740650 /x?c=1 070-174 06 50")
    assert scrubbed(once) == once


def test_all_texts_of_a_value_are_scrubbed() -> None:
    given = {"a": ["+46701740650", 7, None], "+46701740650": {"b": ("070-174 06 50", 1.5)}}
    assert scrubbed_all(given) == {"a": ["+467******50", 7, None], "+467******50": {"b": ["070*****50", 1.5]}}


def test_a_sealed_token_alone_is_no_number() -> None:
    token = base64.urlsafe_b64encode(bytes(range(64))).decode()
    assert scrubbed(token) == token
