"""`callrouter reconcile`: what differs, what is added, and the exit codes that a script can use."""

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callrouter import clock
from callrouter.cli import main
from callrouter.telephony.provider import Direction
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from callrouter.twilio_settings import Twilio
from tests.cli.by_hand import Desk
from tests.telephony.contract.office import Kept, KeptRecording, Office, served
from tests.telephony.contract.twilio_desk import TwilioDesk
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

CALL, LEG = f"CA{1:032x}", f"CA{2:032x}"
CALLER = "+46701740650"


@dataclass
class Provider:
    """The provider's list, and the command beside it."""

    desk: Desk
    url: str
    office: Office

    def run(self, *options: str, **environ: str) -> Result:
        theirs = {"CALLROUTER_PUBLIC_URL": BASE, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}

        def asked_at(twilio: Twilio, public_url: str) -> TwilioAccount:
            return TwilioAccount(twilio, public_url, self.url, Patience(5.0, 1, 0, 0))

        given = self.desk.environ | theirs | environ
        return CliRunner().invoke(main, ["reconcile", *options], env=given, obj=asked_at)


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[Provider]:
    office = Office()
    with served(office, TwilioDesk()) as url:
        yield Provider(Desk(tmp_path), url, office)
    assert office.complaints == []


@pytest.fixture
def listed(provider: Provider) -> Provider:
    """A call of yesterday that nobody here knows of, with one leg."""
    at = (clock.now() - timedelta(days=1)).replace(microsecond=0)
    over = at + timedelta(seconds=90)
    leg = Kept(LEG, at + timedelta(seconds=5), seconds=70, direction=Direction.LEG, parent_id=CALL, ended=over)
    provider.office.calls += [Kept(CALL, at, ended=over), Kept(**{**vars(leg), "to": "+46313900610"})]
    return provider


def test_a_dry_run_tells_and_the_next_one_adds(listed: Provider) -> None:
    dry = listed.run("--dry-run")
    assert (dry.exit_code, dry.stderr) == (4, "")
    assert f"{CALL}  the call was missing: answered; to be added" in dry.stdout
    assert listed.run("--dry-run").stdout == dry.stdout
    result = listed.run()
    assert result.exit_code == 0
    assert f"{CALL}  a leg was missing ({LEG}): answered; added" in result.stdout
    assert "1 call, 1 leg and 0 messages compared: 2 gaps filled." in result.stdout
    assert listed.run().stdout == "1 call, 1 leg and 0 messages compared: no gaps.\n"
    assert CALLER not in dry.stdout + result.stdout


def test_a_message_that_was_left_while_we_were_away_is_added(listed: Provider) -> None:
    at = listed.office.calls[0].started_at + timedelta(seconds=20)
    listed.office.stored.append(KeptRecording(f"RE{1:032x}", CALL, at))
    said = listed.run().stdout
    assert f"{CALL}  a message was missing: 12 s; added" in said
    assert "1 call, 1 leg and 1 message compared: 3 gaps filled." in said
    assert listed.run().stdout == "1 call, 1 leg and 1 message compared: no gaps.\n"


def test_for_a_machine(listed: Provider) -> None:
    found = [json.loads(line) for line in listed.run("--json").stdout.splitlines()]
    assert [each.get("what") for each in found] == ["call-missing", "leg-missing", None]
    assert found[-1] | {"calls": 1, "legs": 1, "filled": 2, "differ": 0, "dry_run": False} == found[-1]


def test_the_log_shows_where_the_call_is_from(listed: Provider) -> None:
    listed.run()
    (call,) = [json.loads(line) for line in listed.desk.does("log", "--json").splitlines()]
    assert (call["decided_by"], call["state"], call["unit"]) == ("from-provider", None, "centre")
    assert (call["legs"][0]["destination"], call["legs"][0]["from_provider"]) == ("guard", True)
    assert "from the provider's list" in listed.desk.does("log", "show", CALL)
    assert CALL in listed.desk.does("log", "--decided-by", "from-provider")


def test_what_somebody_must_look_at_is_an_exit_code(listed: Provider) -> None:
    listed.run()
    listed.office.calls.clear()
    result = listed.run()
    assert (result.exit_code, "the provider does not have the call" in result.stdout) == (3, True)


def test_a_provider_that_does_not_answer_is_told(listed: Provider) -> None:
    listed.office.trouble = deque([503] * 9)
    result = listed.run()
    assert result.exit_code == 1
    assert "503" in result.stderr
    assert "run it again" in result.stderr


@pytest.mark.parametrize("options", [("--from", "yesterday"), ("--from", "2026-11-24", "--to", "2026-11-23")])
def test_dates_that_mean_nothing_are_refused(provider: Provider, options: tuple[str, ...]) -> None:
    assert provider.run(*options).exit_code in (1, 2)
    assert provider.office.asked == []


def test_without_an_account_it_says_what_is_missing(provider: Provider) -> None:
    result = provider.run(CALLROUTER_PUBLIC_URL="", TWILIO_ACCOUNT_SID="")
    assert (result.exit_code, "TWILIO_ACCOUNT_SID" in result.stderr) == (1, True)
