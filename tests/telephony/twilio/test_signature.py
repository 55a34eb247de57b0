"""Our signature is the provider's, whatever stands in the form and however the address is written."""

from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from callrouter.telephony.twilio import signature as ours
from callrouter.telephony.twilio.webhook import pairs
from tests.telephony.twilio.signing import BASE, TOKEN, signature

TARGET = "/twilio/voice"
FORM = {"AccountSid": "AC1", "From": "+46701740650"}
NAMES = st.sampled_from(["AccountSid", "From", "To", "from", "Frö", "", "a&b=c"]) | st.text(max_size=8)
FORMS = st.lists(st.tuples(NAMES, st.just("") | st.text(max_size=20)), min_size=1, max_size=12)


@given(FORMS, st.sampled_from([quote, quote_plus]))
def test_any_form_is_signed_as_the_provider_signs_it(form: list[tuple[str, str]], blanks: Callable[..., str]) -> None:
    """Repeated fields, empty values, any script, blanks as %20 or as +."""
    body = urlencode(form, quote_via=blanks).encode("ascii")
    assert ours.signature(TOKEN, BASE + TARGET, pairs(body)) == signature(BASE + TARGET, form)


def test_a_field_that_comes_twice_counts_once_for_each_value() -> None:
    form = [("To", "b"), ("To", "a"), ("To", "b"), ("From", "")]
    expected = signature(BASE + TARGET, form)
    assert ours.signature(TOKEN, BASE + TARGET, pairs(b"To=b&To=a&To=b&From=")) == expected
    assert ours.signature(TOKEN, BASE + TARGET, pairs(b"To=a&To=b")) != expected


@pytest.mark.parametrize(
    "target",
    [
        TARGET,
        TARGET + "?",
        TARGET + "?c=a%2Cb%27c%3Ad",
        TARGET + "?c=a,b'c:d",
        TARGET + "?c=%C3%A5&d=%20+",
        TARGET + "?c=1&c=1&",
        TARGET + "/next?c=gAAAAA%3D%3D?",
    ],
)
def test_the_query_is_signed_as_it_stands_on_the_wire(target: str) -> None:
    header = signature(BASE + target, FORM)
    fields = pairs(urlencode(FORM).encode())
    assert ours.is_genuine([TOKEN], [BASE + target], fields, header)
    assert not ours.is_genuine([TOKEN], [BASE + target + "?"], fields, header)


SPELLINGS = [
    ("https://calls.example.org", "https://calls.example.org"),
    ("https://calls.example.org", "https://calls.example.org:443"),
    ("https://calls.example.org:443", "https://calls.example.org"),
    ("https://calls.example.org:8443", "https://calls.example.org:8443"),
    ("https://calls.example.org:8443", "https://calls.example.org"),
    ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ("http://127.0.0.1", "http://127.0.0.1:80"),
    ("https://example.org/calls", "https://example.org/calls"),
    ("https://example.org/calls", "https://example.org:443/calls"),
    ("https://Calls.Example.org", "https://Calls.Example.org"),
    ("https://Calls.Example.org", "https://Calls.Example.org:443"),
    ("https://[2001:db8::443]", "https://[2001:db8::443]:443"),
    ("https://[2001:db8::1]:8443", "https://[2001:db8::1]"),
]


@pytest.mark.parametrize(("configured", "used"), SPELLINGS)
def test_the_provider_may_leave_the_port_out_or_spell_it_out(configured: str, used: str) -> None:
    header = signature(used + TARGET, FORM)
    urls = [base + TARGET for base in ours.spellings(configured)]
    assert ours.is_genuine([TOKEN], urls, pairs(urlencode(FORM).encode()), header)


@pytest.mark.parametrize(("configured", "used"), [pair for pair in SPELLINGS if "[" not in pair[0]])
def test_the_providers_own_validator_accepts_the_same(configured: str, used: str) -> None:
    """Its way with IPv6 addresses is not one to follow: it cuts them at the first colon."""
    header = signature(used + TARGET, FORM)
    assert RequestValidator(TOKEN).validate(configured + TARGET, MultiDict(FORM), header)


@pytest.mark.parametrize(
    "used",
    [
        "http://calls.example.org",
        "https://calls.example.org:8443",
        "https://calls.example.org.evil.example",
        "https://other.example.org",
        "https://calls.example.org/calls",
    ],
)
def test_another_address_than_ours_is_not_genuine(used: str) -> None:
    header = signature(used + TARGET, FORM)
    urls = [base + TARGET for base in ours.spellings("https://calls.example.org")]
    assert not ours.is_genuine([TOKEN], urls, pairs(urlencode(FORM).encode()), header)


def test_a_twiml_bin_can_tell_that_the_account_asks_it() -> None:
    url = f"https://handler.twilio.com/twiml/EH{1:032x}"
    fields, headers = ours.asked("AC1", TOKEN, f"{url}#rc=2")
    assert fields == {"AccountSid": "AC1"}
    assert RequestValidator(TOKEN).validate(url, fields, headers["X-Twilio-Signature"])
