"""Test calls on the phone network, as somebody tries them who has just begun: a phone rings, key 1 proves a human."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callrouter import clock
from callrouter.calllog.database import Database
from callrouter.calls.schedule_source import schedule_source
from callrouter.domain.wallclock import wall_time
from callrouter.jobs import proving
from callrouter.jobs.job import Tools
from callrouter.jobs.tools import job_tools
from callrouter.schedule import load
from callrouter.sealing import Sealer
from callrouter.telephony.simulator import HttpTransport, PhoneNetwork, Rest, busy, silent, voicemail
from callrouter.telephony.simulator.phones import Phone
from callrouter.telephony.twilio.rest import TwilioAccount
from tests.schedules import GUARD_1, STOCKHOLM
from tests.service import RunningService, until

SCHEDULE = (Path(__file__).parent / "schedule.yaml").read_text("utf-8")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    """One whose schedule has a test call at this very minute."""
    at = f"{wall_time(clock.now(), STOCKHOLM):%a %H:%M}".lower()
    file = tmp_path / "schedule.yaml"
    file.write_text(f"{SCHEDULE}\ntest-calls: [{{destination: security, at: '{at}'}}]\n", "utf-8")
    service = RunningService(tmp_path, file, ("--phone-network", "--no-jobs"))
    service.start()
    yield service
    service.stop()


@pytest.fixture
def tools(service: RunningService) -> Iterator[Tools]:
    """What a process beside the service has to run jobs with."""
    database = Database(service.settings.storage.database_url)
    schedule = load(service.schedule.read_bytes())
    source = schedule_source(service.schedule, database)
    yield job_tools(database, source, lambda: schedule, None, service.settings, service.url)
    database.close()


def in_the_log(service: RunningService) -> list[str]:
    """How each test call ended."""
    log = service.run("log", "--origin", "test-call", "--json")
    return [json.loads(line)["disposition"] for line in log.stdout.splitlines()]


def test_by_hand_each_destination_is_rung_and_the_key_is_pressed(service: RunningService) -> None:
    done = service.run("jobs", "run", "test-calls", "--url", service.url)
    assert done.stdout.startswith("test-calls: rang: security"), done.stdout + done.stderr
    until(lambda: in_the_log(service) == ["answered"], "the log has it")
    assert '"endpoint": "accept"' in service.log()


def test_at_its_time_it_is_made_and_later_judged(service: RunningService, tools: Tools) -> None:
    (call,) = proving.due(tools, clock.now())
    assert call.run(tools) == "rang: security"
    until(lambda: in_the_log(service) == ["answered"], "the log has it")
    (judged,) = proving.due(replace(tools, ring=None), clock.now() + timedelta(minutes=21))
    assert judged.run(tools) == "answered: security"


def test_one_that_was_off_at_its_time_is_warned_of_nothing(tools: Tools) -> None:
    (judged,) = proving.due(replace(tools, ring=None), clock.now() + timedelta(minutes=21))
    assert judged.run(tools).startswith("answered")


@pytest.mark.parametrize("phone", [silent(), busy(), voicemail()], ids=["nobody", "busy", "voicemail"])
def test_anything_but_the_key_proves_nothing(service: RunningService, tools: Tools, phone: Phone) -> None:
    twilio = service.settings.twilio
    network = PhoneNetwork(
        HttpTransport(service.url), twilio.account_sid, twilio.auth_tokens[0], {}, {GUARD_1.e164: phone}
    )
    account = TwilioAccount(twilio, service.settings.public_url, network=Rest(network, clock.now))
    tools = replace(tools, ring=lambda call: account.place_call(call, Sealer(service.settings.secret_key)))
    (call,) = proving.due(tools, clock.now())
    call.run(tools)
    until(lambda: in_the_log(service) not in ([], [None]), "the log has its end")
    (judged,) = proving.due(replace(tools, ring=None), clock.now() + timedelta(minutes=21))
    assert "nobody took it with the key" in judged.run(tools)
