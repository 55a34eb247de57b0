"""What is Twilio's alone of the account: its regions, its token, the addresses it is given, the names it knows."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from callrouter.domain.proving import proving
from callrouter.domain.span import Span
from callrouter.settings import phone_network_settings
from callrouter.telephony.provider import ProviderRefusedError, ProviderUnavailableError
from callrouter.telephony.twilio.rest import TwilioAccount
from tests.schedules import CENTRE, schedule
from tests.telephony.contract.office import COUNTRIES, Answer, Holder, Kept, KeptNumber, KeptRecording, Office, served
from tests.telephony.contract.twilio_desk import (
    TwilioAccountLine,
    TwilioDesk,
    listed,
    shown,
    shown_account,
    shown_country,
    shown_recording,
)
from tests.telephony.twilio.signing import BASE, STALE_TOKEN
from tests.web.stage import SEALER

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DESCRIBED: dict[str, Any] = json.loads(Path(__file__).with_name("described.json").read_text("utf-8"))
"""The names in the provider's published description of its interface, which it ignores others than."""


@pytest.mark.parametrize(
    ("region", "edge", "host"),
    [
        (None, None, "api.twilio.com"),
        ("ie1", "dublin", "api.dublin.ie1.twilio.com"),
        ("us1", None, "api.us1.twilio.com"),
    ],
)
def test_the_region_and_edge_of_the_settings_are_asked(region: str | None, edge: str | None, host: str) -> None:
    office = Office()
    line = TwilioAccountLine(TwilioDesk(host), region=region, edge=edge)
    with served(office, line.desk) as url:
        line.account(url).delete_recording(line.recording_sid(1))
    assert office.complaints == []
    assert [(asked.method, asked.path.rpartition("/")[2]) for asked in office.asked] == [
        ("DELETE", line.recording_sid(1) + ".json")
    ]


@pytest.mark.parametrize(("status", "error"), [(429, ProviderUnavailableError), (403, ProviderRefusedError)])
def test_an_error_in_the_manner_of_its_newer_products_is_understood(status: int, error: type[Exception]) -> None:
    """RFC 9457, of which the SDK makes an exception of another kind."""
    said = {"type": "https://www.twilio.com/docs/api/errors", "title": "No", "status": status, "code": 20000 + status}
    office, line = Office(stays=Answer(status, json.dumps(said))), TwilioAccountLine()
    with served(office, line.desk) as url, pytest.raises(error, match=str(status)):
        line.account(url, retries=0).region_of(CENTRE)


def test_a_token_that_is_not_the_accounts_is_refused_with_what_to_look_at() -> None:
    line = TwilioAccountLine(token=STALE_TOKEN)
    with served(Office(), line.desk) as url, pytest.raises(ProviderRefusedError, match="is the auth token") as told:
        line.account(url).delete_recording(line.recording_sid(1))
    assert STALE_TOKEN not in str(told.value)


def test_a_number_is_given_addresses_with_their_time_outs_and_retries() -> None:
    office, line = Office(numbers={CENTRE.e164: KeptNumber()}), TwilioAccountLine()
    with served(office, line.desk) as url:
        setup = line.account(url).configure(CENTRE)
    assert (setup.voice_url, setup.status_url) == (
        f"{BASE}/twilio/voice#ct=1000&rt=2000&rc=5&tt=2900&rp=all",
        f"{BASE}/twilio/status#ct=1000&rt=2000&rc=5&tt=12000&rp=all",
    )


def test_the_list_is_asked_for_by_whole_days() -> None:
    office, line = Office(), TwilioAccountLine()
    with served(office, line.desk) as url:
        list(line.account(url).finished_calls(Span(MONDAY + timedelta(hours=23), MONDAY + timedelta(hours=25))))
    (asked,) = office.asked
    assert asked.query == "StartTime%3C=2026-11-24&StartTime%3E=2026-11-23&PageSize=1000"


def test_the_account_of_the_settings_is_asked_at_the_provider_itself(tmp_path: Path) -> None:
    account = TwilioAccount.configured(phone_network_settings(BASE, {"CALLROUTER_DATA_DIR": str(tmp_path)}))
    assert (account.api_url, account.public_url, account.patience.timeout_seconds) == (None, BASE, 5.0)


def test_the_service_that_answers_calls_never_loads_it() -> None:
    """It is slow to import, and nothing on the voice path may ask the provider anything."""
    said = "import sys, callrouter.app; print([name for name in sys.modules if name.endswith('twilio.rest')])"
    loaded = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert loaded.stdout == "[]\n"


class TestTheNamesOfThePublishedDescription:
    def test_are_those_that_are_sent(self) -> None:
        office, line = Office(numbers={CENTRE.e164: KeptNumber()}), TwilioAccountLine()
        with served(office, line.desk) as url:
            line.account(url).configure(CENTRE, "https://handler.example.org/fallback")
            list(line.account(url).finished_calls(Span(MONDAY, MONDAY + timedelta(hours=25))))
            list(line.account(url).recordings(Span(MONDAY, MONDAY + timedelta(hours=25))))
            call = proving(schedule(), "security", "test-1", MONDAY)
            assert call
            line.account(url).place_call(call, SEALER)
        number, setting, _read_back, calls, recordings, test_call = office.asked
        assert {name for name, _ in parse_qsl(recordings.query)} <= set(DESCRIBED["GET /Recordings"])
        assert {name for name, _ in parse_qsl(test_call.body)} <= set(DESCRIBED["POST /Calls"])
        assert {name for name, _ in parse_qsl(setting.body)} <= set(DESCRIBED["POST /IncomingPhoneNumbers/{Sid}"])
        assert {name for name, _ in parse_qsl(number.query)} <= set(DESCRIBED["GET /IncomingPhoneNumbers"])
        assert {name for name, _ in parse_qsl(calls.query)} <= set(DESCRIBED["GET /Calls"])

    def test_are_those_that_tell_of_our_standing(self) -> None:
        office, line = Office(), TwilioAccountLine()
        with served(office, line.desk) as url:
            list(line.account(url).countries())
            line.account(url).capacity()
        countries, _more, _account, profiles, *_policies = office.asked
        assert {name for name, _ in parse_qsl(countries.query)} <= set(DESCRIBED["GET voice/Countries"])
        assert {name for name, _ in parse_qsl(profiles.query)} <= set(DESCRIBED["GET trusthub/CustomerProfiles"])

    def test_are_those_that_the_desk_of_these_tests_shows(self) -> None:
        assert set(shown_country(COUNTRIES[0])) <= set(DESCRIBED["voice/country"])
        assert set(shown_account(Holder())) <= set(DESCRIBED["account"])
        assert set(shown_recording(KeptRecording("RE1", "CA1", MONDAY))) <= set(DESCRIBED["recording"])
        assert set(shown(CENTRE.e164, KeptNumber())) <= set(DESCRIBED["incoming_phone_number"])
        assert set(listed(Kept("CA1", MONDAY))) <= set(DESCRIBED["call"])


def test_an_address_that_is_not_posted_to_shows_its_method() -> None:
    office, line = Office(numbers={CENTRE.e164: KeptNumber(method="GET")}), TwilioAccountLine()
    with served(office, line.desk) as url:
        found = line.account(url).setup(CENTRE)
    assert (found.voice_url, found.status_url) == (f"GET {KeptNumber().voice_url}", "")
