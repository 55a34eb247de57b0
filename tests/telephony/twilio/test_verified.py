"""Only our account's genuine requests are read; all others are refused, and nothing that is sent raises."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.phone import PhoneNumber
from callrouter.sealing import Sealer
from callrouter.settings import Settings, Storage
from callrouter.telephony.provider import WebhookRequest
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio import signature as ours
from callrouter.telephony.twilio.webhook import pairs
from callrouter.twilio_settings import Twilio
from tests.telephony.twilio.signing import ACCOUNT, BASE, NEXT_TOKEN, OTHER_ACCOUNT, STALE_TOKEN, TOKEN, signed

TARGET = "/twilio/voice?c=x"
FORM = {"AccountSid": ACCOUNT, "CallSid": "CA1", "From": "+46701740650", "To": "+46846500400"}
SETTINGS = Settings(
    storage=Storage(Path("var"), Path("var/spool"), "sqlite://"),
    schedule=Path("schedule.yaml"),
    public_url=BASE,
    secret_key="k" * 32,
    old_secret_key=None,
    privacy_key="p" * 32,
    last_resort=PhoneNumber("+46701740699"),
    twilio=Twilio(ACCOUNT, (TOKEN, NEXT_TOKEN)),
    threads=1,
    phone_network=False,
)
PROVIDER = TwilioProvider.configured(SETTINGS, Sealer(SETTINGS.secret_key))


@pytest.mark.parametrize("token", [TOKEN, NEXT_TOKEN])
def test_both_tokens_hold_during_a_rotation(token: str) -> None:
    form = PROVIDER.verified(signed(TARGET, FORM, token=token))
    assert form is not None
    assert (form.call_id, form.called) == ("CA1", "+46846500400")


def test_each_region_signs_with_its_own_token() -> None:
    second = Twilio(ACCOUNT, (STALE_TOKEN,), "ie1", "dublin")
    settings = replace(SETTINGS, twilio=replace(SETTINGS.twilio, second=second))
    provider = TwilioProvider.configured(settings, Sealer(SETTINGS.secret_key))
    assert all(provider.verified(signed(TARGET, FORM, token=token)) for token in (TOKEN, STALE_TOKEN))


def test_the_retired_token_no_longer_holds() -> None:
    assert PROVIDER.verified(signed(TARGET, FORM, token=STALE_TOKEN)) is None


@pytest.mark.parametrize(
    "header",
    [None, "", " ", "c2lnbmF0dXJl", "å", "\udc80", "\ud800x", "=" * 5000],
    ids=["missing", "empty", "blank", "wrong", "not ASCII", "not UTF-8", "half a pair", "long"],
)
def test_a_missing_or_wrong_signature(header: str | None) -> None:
    headers = {} if header is None else {"X-Twilio-Signature": header}
    assert PROVIDER.verified(replace(signed(TARGET, FORM), headers=headers)) is None


def test_the_signature_must_be_whole() -> None:
    request = signed(TARGET, FORM)
    cut = request.headers["X-Twilio-Signature"][:-1]
    assert PROVIDER.verified(replace(request, headers={"X-Twilio-Signature": cut})) is None


@pytest.mark.parametrize(
    "accounts",
    [
        [],
        [OTHER_ACCOUNT],
        [OTHER_ACCOUNT, ACCOUNT],
        [ACCOUNT, OTHER_ACCOUNT],
        [ACCOUNT, ACCOUNT],
        [""],
        [ACCOUNT.lower()],
    ],
    ids=["none", "foreign", "foreign and ours", "ours and foreign", "ours twice", "empty", "lower case"],
)
def test_a_request_of_another_account_is_refused_even_with_our_token(accounts: list[str]) -> None:
    form = [("CallSid", "CA1"), *(("AccountSid", account) for account in accounts)]
    assert PROVIDER.verified(signed(TARGET, form)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        urlencode(FORM | {"To": "+46846500499"}).encode(),
        urlencode(FORM | {"More": "1"}).encode(),
        urlencode({name: FORM[name] for name in ("AccountSid", "CallSid", "From")}).encode(),
        urlencode(FORM).encode() + b"&From=%2B46701740651",
        urlencode(FORM).encode() + b"&Name=\xff\xfe%FF",
    ],
    ids=["no body", "changed", "added", "taken away", "repeated", "not UTF-8"],
)
def test_a_body_that_is_not_the_signed_one(body: bytes) -> None:
    assert PROVIDER.verified(replace(signed(TARGET, FORM), body=body)) is None


@pytest.mark.parametrize(
    "target", ["/twilio/voice", "/twilio/voice?c=y", "/twilio/voice/next?c=x", TARGET + "?", "/\ud800"]
)
def test_an_address_that_is_not_the_signed_one(target: str) -> None:
    assert PROVIDER.verified(replace(signed(TARGET, FORM), target=target)) is None


def test_signed_bytes_that_are_no_utf8_are_a_call_like_any_other() -> None:
    body = urlencode(FORM).encode() + b"&FromCity=Malm%F6&Raw=\xff"
    header = ours.signature(TOKEN, BASE + TARGET, pairs(body))
    form = PROVIDER.verified(WebhookRequest(TARGET, {"X-Twilio-Signature": header}, body))
    assert form is not None
    assert form.fields["FromCity"] == "Malm\N{REPLACEMENT CHARACTER}"
    assert form.call_id == "CA1"


def test_fields_we_do_not_know_are_signed_and_accepted() -> None:
    assert PROVIDER.verified(signed(TARGET, FORM | {"StirVerstat": "TN-Validation-Passed-A", "Ny": "å"})) is not None


def test_a_value_of_64_kb_is_accepted_and_cut() -> None:
    form = PROVIDER.verified(signed(TARGET, FORM | {"To": "x" * 65536, "CallToken": "%22" * 20000}))
    assert form is not None
    assert form.called == "x" * 256


@given(st.binary(max_size=200), st.text(st.characters(), max_size=40), st.text(st.characters(), max_size=40))
def test_nothing_that_is_sent_raises(body: bytes, header: str, query: str) -> None:
    assert PROVIDER.verified(WebhookRequest("/twilio/voice?" + query, {"X-Twilio-Signature": header}, body)) is None
