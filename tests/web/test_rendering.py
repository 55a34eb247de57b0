"""What templates may use: addresses of rows."""

from urllib.parse import unquote

from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from callrouter.web.rendering import address_of

APP = Flask(__name__)
APP.add_url_rule("/calls/<day>/<call_id>", "call")


@given(st.text(min_size=1), st.text())
def test_an_address_of_a_row_says_what_url_for_says(call_id: str, unit: str) -> None:
    with APP.test_request_context():
        address = address_of("call", "day", "call_id", unit=unit)("2026-11-03", call_id)
        assert unquote(address) == unquote(url_for("call", day="2026-11-03", call_id=call_id, unit=unit))


def test_the_texts_of_one_row_are_not_those_of_another() -> None:
    with APP.test_request_context():
        address = address_of("call", "day", "call_id")
        assert address("2026-11-03", "{day}") == "/calls/2026-11-03/%7Bday%7D"
        assert address("~call_id~", "CA2?") == "/calls/~call_id~/CA2%3F"
