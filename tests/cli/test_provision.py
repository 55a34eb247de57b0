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
from callrouter.settings import os_user
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from callrouter.twilio_settings import Twilio
from tests.cli.by_hand import Desk
from tests.telephony.contract.office import KeptNumber, Office, served
from tests.telephony.contract.twilio_desk import TwilioDesk
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

NUMBER = "+46846500400"
FALLBACK = "https://handler.example.org/fallback"
VOICE = f"{BASE}/twilio/voice#ct=1000&rt=2000&rc=5&tt=2900&rp=all"
STATUS = f"{BASE}/twilio/status#ct=1000&rt=2000&rc=5&tt=12000&rp=all"
SECOND_TOKEN = "5" * 32
IRISH_HOST = "api.dublin.ie1.twilio.com"
IRELAND = {"TWILIO_SECOND_REGION": "ie1", "TWILIO_SECOND_EDGE": "dublin", "TWILIO_SECOND_AUTH_TOKEN": SECOND_TOKEN}


def asked_at(url: str) -> Callable[[Twilio, str], TwilioAccount]:
    return lambda twilio, public_url: TwilioAccount(twilio, public_url, url, Patience(5.0, 1, 0, 0))


def rows(result: Result) -> list[list[str]]:
    """What a pipe gets."""
    return [line.split("\t") for line in result.stdout.splitlines()]


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
    assert rows(result) == [
        ["set up", NUMBER, "us1", "voice URL", VOICE, "was https://example.org/before"],
        ["set up", NUMBER, "us1", "fallback URL", FALLBACK, "was https://example.org/fallback"],
        ["set up", NUMBER, "us1", "status URL", STATUS, "was none"],
    ]
    assert (provider.kept.voice_url, provider.kept.fallback_url) == (VOICE, FALLBACK)
    changed = {"changed": ["voice URL", "fallback URL", "status URL"], "region": "us1"}
    assert provider.deeds() == [(os_user(), "provision", f"number {NUMBER}", changed)]


def test_a_second_time_nothing_is_changed_and_nothing_said_of_it_in_the_audit_log(provider: Provider) -> None:
    provider.run()
    before = len(provider.office.asked)
    result = provider.run()
    assert result.exit_code == 0
    assert [row[0] for row in rows(result)] == ["ok", "ok", "ok"]
    assert {asked.method for asked in provider.office.asked[before:]} == {"GET"}
    assert len(provider.deeds()) == 1


def test_a_method_that_is_not_post_differs_and_is_mended(provider: Provider) -> None:
    provider.run()
    provider.kept.method = "GET"
    result = provider.run()
    assert ["set up", NUMBER, "us1", "voice URL", VOICE, f"was GET {VOICE}"] in rows(result)
    assert (result.exit_code, provider.kept.method) == (0, "POST")


def test_a_dry_run_only_tells_and_needs_no_database(provider: Provider) -> None:
    result = provider.run("--dry-run")
    assert result.exit_code == 4
    assert rows(result)[0] == [
        *("would change", NUMBER, "us1", "voice URL", "https://example.org/before", f"expected {VOICE}"),
    ]
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
    (row,) = [row for row in rows(result) if row[0] == "error"]
    assert (row[3], row[4]) == (what, "the number belongs to it: the provider ignores these addresses")


def test_a_number_without_a_fallback_is_a_warning(provider: Provider) -> None:
    provider.kept.fallback_url = ""
    result = provider.run()
    assert result.exit_code == 0
    assert [row[:5] for row in rows(result) if row[0] == "warning"] == [
        ["warning", NUMBER, "us1", "fallback URL", "none"],
    ]


def test_a_number_that_no_unit_has_is_a_warning(provider: Provider) -> None:
    other = "+46846500430"
    provider.office.numbers = {other: KeptNumber()}
    assert rows(provider.run(number=other))[-1][:5] == [
        *("warning", other, "", "", "no unit of the schedule has this number"),
    ]
    provider.office.numbers = {NUMBER: KeptNumber()}
    assert "no unit" not in provider.run().stdout


def test_a_machine_gets_an_object_a_number(provider: Provider) -> None:
    said = json.loads(provider.run("--json").stdout)
    assert (said["number"], said["in_force"], said["overruled_by"], said["after"]) == (NUMBER, True, None, [])
    assert (said["region"], said["voice_url"], said["status_url"]) == ("us1", VOICE, STATUS)
    assert [each["what"] for each in said["before"]] == ["voice URL", "status URL"]
    again = json.loads(provider.run("--json", "--dry-run").stdout)
    assert (again["in_force"], again["before"], again["after"]) == (True, [], None)


@dataclass
class Both:
    """The provider in two regions, each with the number, a set-up and a token of its own."""

    first: Provider
    kept: KeptNumber
    second: Office
    url: str

    def run(self, *options: str) -> Result:
        theirs = {"CALLROUTER_PUBLIC_URL": BASE, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}
        given = self.first.desk.environ | theirs | IRELAND
        return CliRunner().invoke(main, ["provision", "--number", NUMBER, *options], env=given, obj=self.asked)

    def asked(self, twilio: Twilio, public_url: str) -> TwilioAccount:
        return asked_at(self.url if twilio.region == "ie1" else self.first.url)(twilio, public_url)


@pytest.fixture
def both(provider: Provider) -> Iterator[Both]:
    office, kept = Office(), KeptNumber()
    office.numbers[NUMBER] = kept
    with served(office, TwilioDesk(IRISH_HOST, SECOND_TOKEN)) as url:
        yield Both(provider, kept, office, url)
    assert office.complaints == []


class TestBothRegions:
    def test_one_run_sets_shows_and_reads_back_the_number_in_each(self, both: Both) -> None:
        result = both.run("--fallback-url", FALLBACK)
        assert result.exit_code == 0, result.output
        assert [row[:5] for row in rows(result)] == [
            ["set up", NUMBER, region, *address]
            for region in ("us1", "ie1")
            for address in (("voice URL", VOICE), ("fallback URL", FALLBACK), ("status URL", STATUS))
        ]
        for kept in (both.first.kept, both.kept):
            assert (kept.voice_url, kept.fallback_url, kept.status_url) == (VOICE, FALLBACK, STATUS)
        assert [facts["region"] for *_, facts in both.first.deeds()] == ["ie1", "us1"]
        again = [row[0] for row in rows(both.run("--fallback-url", FALLBACK))]
        assert again == ["ok"] * 6

    def test_a_dry_run_looks_at_both_and_changes_neither(self, both: Both) -> None:
        both.first.run()
        result = both.run("--dry-run")
        assert result.exit_code == 4
        assert [(row[0], row[2]) for row in rows(result)] == [
            *[("ok", "us1")] * 3,
            *(("would change", "ie1"), ("ok", "ie1"), ("would change", "ie1")),
        ]
        assert both.kept == KeptNumber()

    @pytest.mark.parametrize("away", ["us1", "ie1"])
    def test_an_error_in_one_does_not_hide_the_other(self, both: Both, away: str) -> None:
        (both.first.office if away == "us1" else both.second).trouble.extend([503] * 9)
        result = both.run()
        assert result.exit_code == 1
        told = {row[2]: row for row in rows(result) if row[3] in ("", "voice URL")}
        assert (told[away][0], "the provider answered 503" in told[away][4]) == ("error", True)
        (well,) = {"us1", "ie1"} - {away}
        assert told[well][:5] == ["set up", NUMBER, well, "voice URL", VOICE]
        assert (both.kept if well == "ie1" else both.first.kept).voice_url == VOICE
        assert [facts["region"] for *_, facts in both.first.deeds()] == [well]

    def test_a_machine_gets_an_object_a_region(self, both: Both) -> None:
        both.second.trouble.extend([503] * 9)
        first, second = map(json.loads, both.run("--json").stdout.splitlines())
        assert (first["region"], first["in_force"]) == ("us1", True)
        assert second.keys() == {"number", "region", "error"}


class TestTrouble:
    def test_a_number_that_the_account_has_not(self, provider: Provider) -> None:
        result = provider.run(number="+46846500430")
        assert result.exit_code == 1
        assert "has no number" in result.stdout
        assert provider.deeds() == []

    def test_a_provider_that_is_away(self, provider: Provider) -> None:
        provider.office.trouble.extend([503] * 9)
        result = provider.run()
        assert result.exit_code == 1
        assert "the provider answered 503" in result.stdout

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
