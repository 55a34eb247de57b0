"""`callrouter provision`: what differed, what was set, what still keeps calls away, and who did it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from callrouter.calllog.audit import newest
from callrouter.calllog.database import Database
from callrouter.cli import main
from callrouter.settings import Twilio, os_user
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from tests.cli.by_hand import Desk
from tests.telephony.contract.office import KeptNumber, Office, served
from tests.telephony.contract.twilio_desk import TwilioDesk
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

NUMBER = "+46846500400"
FALLBACK = "https://handler.example.org/fallback"
FRAGMENT = "#ct=1000&rt=2000&rc=5&tt=2900&rp=all"
PATIENT = "#ct=1000&rt=2000&rc=5&tt=12000&rp=all"


def asked_at(url: str) -> Callable[[Twilio, str], TwilioAccount]:
    return lambda twilio, public_url: TwilioAccount(twilio, public_url, url, Patience(5.0, 1, 0, 0))


@dataclass
class Provider:
    """The provider with one number of ours, and the command beside it."""

    desk: Desk
    url: str
    office: Office
    kept: KeptNumber = field(default_factory=KeptNumber)

    def run(self, *options: str, number: str = NUMBER, **environ: str) -> Result:
        theirs = {"CALLROUTER_PUBLIC_URL": BASE, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
        given = self.desk.environ | theirs | environ
        arguments = ["provision", "--number", number, *options]
        return CliRunner().invoke(main, arguments, env=given, obj=asked_at(self.url))

    def deeds(self) -> list[tuple[str, str, str, Any]]:
        database = Database(f"sqlite:///{self.desk.database}")
        with database.reading() as connection:
            found = [entry.deed for entry in newest(connection, 10)]
        database.close()
        return [(deed.who, deed.action, deed.subject, deed.facts) for deed in found]


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    office = Office()
    with served(office, TwilioDesk()) as url:
        provider = Provider(Desk(tmp_path), url, office)
        office.numbers[NUMBER] = provider.kept
        yield provider
    assert office.complaints == []


def test_a_number_is_set_up_read_back_and_said_what_differed(provider: Provider) -> None:
    result = provider.run("--fallback-url", FALLBACK)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"{NUMBER}: set up",
        "  voice URL",
        "    found     https://example.org/before",
        f"    expected  {BASE}/twilio/voice{FRAGMENT}",
        "  fallback URL",
        "    found     https://example.org/fallback",
        f"    expected  {FALLBACK}",
        "  status URL",
        "    found     none",
        f"    expected  {BASE}/twilio/status{PATIENT}",
    ]
    assert (provider.kept.voice_url, provider.kept.fallback_url) == (f"{BASE}/twilio/voice{FRAGMENT}", FALLBACK)
    changed = {"changed": ["voice URL", "fallback URL", "status URL"]}
    assert provider.deeds() == [(os_user(), "provision", f"number {NUMBER}", changed)]


def test_a_second_time_nothing_is_changed_and_nothing_said_of_it_in_the_audit_log(provider: Provider) -> None:
    provider.run()
    before = len(provider.office.asked)
    result = provider.run()
    assert (result.exit_code, result.stdout) == (0, f"{NUMBER}: as it should be\n")
    assert {asked.method for asked in provider.office.asked[before:]} == {"GET"}
    assert len(provider.deeds()) == 1


def test_a_method_that_is_not_post_differs_and_is_mended(provider: Provider) -> None:
    provider.run()
    provider.kept.method = "GET"
    result = provider.run()
    assert f"    found     GET {BASE}/twilio/voice{FRAGMENT}" in result.stdout
    assert (result.exit_code, provider.kept.method) == (0, "POST")


def test_a_dry_run_only_tells_and_needs_no_database(provider: Provider) -> None:
    result = provider.run("--dry-run")
    assert result.exit_code == 4
    assert result.stdout.startswith(f"{NUMBER}: would be changed\n")
    assert provider.kept == KeptNumber()
    assert not provider.desk.database.exists()
    provider.run()
    assert provider.run("--dry-run").exit_code == 0


@pytest.mark.parametrize("what", ["trunk TK1", "application AP1"])
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_what_makes_the_provider_ignore_it_is_told(provider: Provider, what: str, options: tuple[str, ...]) -> None:
    provider.run()
    provider.kept.overruled_by = what
    result = provider.run(*options)
    assert result.exit_code == 3
    assert f"the number belongs to the {what}" in result.stdout


def test_a_number_without_a_fallback_is_a_warning(provider: Provider) -> None:
    provider.kept.fallback_url = ""
    result = provider.run()
    assert result.exit_code == 0
    assert "It has no fallback URL" in result.stdout


def test_a_number_that_no_unit_has_is_a_warning(provider: Provider) -> None:
    other = "+46846500430"
    provider.office.numbers = {other: KeptNumber()}
    assert "No unit of the schedule has this number." in provider.run(number=other).stdout
    provider.office.numbers = {NUMBER: KeptNumber()}
    assert "No unit" not in provider.run().stdout


def test_a_machine_gets_an_object_a_number(provider: Provider) -> None:
    said = json.loads(provider.run("--json").stdout)
    assert (said["number"], said["in_force"], said["overruled_by"], said["after"]) == (NUMBER, True, None, [])
    assert [each["what"] for each in said["before"]] == ["voice URL", "status URL"]
    again = json.loads(provider.run("--json", "--dry-run").stdout)
    assert (again["in_force"], again["before"], again["after"]) == (True, [], None)


class TestTrouble:
    def test_a_number_that_the_account_has_not(self, provider: Provider) -> None:
        result = provider.run(number="+46846500430")
        assert result.exit_code == 1
        assert "has no number" in result.stderr
        assert provider.deeds() == []

    def test_a_provider_that_is_away(self, provider: Provider) -> None:
        provider.office.trouble.extend([503] * 9)
        result = provider.run()
        assert result.exit_code == 1
        assert "the provider answered 503" in result.stderr

    @pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "CALLROUTER_PUBLIC_URL"])
    def test_a_setting_that_is_not_there(self, provider: Provider, name: str) -> None:
        result = provider.run(**{name: ""})
        assert result.exit_code == 1
        assert name in result.stderr

    @pytest.mark.parametrize("number", ["08-465 004 00", "anonymous"])
    def test_what_is_no_number(self, provider: Provider, number: str) -> None:
        assert provider.run(number=number).exit_code == 2

    def test_a_fallback_that_is_no_https_address(self, provider: Provider) -> None:
        assert provider.run("--fallback-url", "http://handler.example.org/").exit_code == 2

    def test_a_database_that_is_broken_keeps_it_from_beginning(self, provider: Provider) -> None:
        provider.desk.database.mkdir(parents=True)
        result = provider.run()
        assert result.exit_code == 1
        assert provider.kept == KeptNumber()
