"""`callrouter doctor`: every part looked at, what to do said, and an exit code that a script can use."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from callrouter.cli import main
from tests.cli.by_hand import Desk
from tests.cli.test_provision import IRELAND, IRISH_HOST, SECOND_TOKEN, asked_at
from tests.cli.test_serve import CREDENTIALS
from tests.service import RunningService
from tests.telephony.contract.office import KeptNumber, Office, served
from tests.telephony.contract.twilio_desk import TwilioDesk
from tests.telephony.twilio.signing import ACCOUNT, TOKEN

PARTS = ["settings", "schedule", "database", "jobs", "spool", "disk", "lasting", "back-up", "time zones", "clock"]
PARTS += ["public URL", "certificate", "numbers", "countries", "calls at once", "recordings", "regions", "mail"]
NUMBER = "+46846500400"
UNRESOLVED = CREDENTIALS | {"CALLROUTER_PUBLIC_URL": "https://callrouter.invalid"}
UNRESOLVED |= {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    assert office.complaints == []


def examined(desk: Desk, office: Office, *options: str, **environ: str) -> Result:
    """The doctor beside *desk*, whose provider is *office*, and whose public URL nobody resolves."""
    with served(office, TwilioDesk()) as url:
        given = desk.environ | UNRESOLVED | environ
        return CliRunner().invoke(main, ["doctor", *options], env=given, obj=asked_at(url))


def found(result: Result) -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for line in map(json.loads, result.stdout.splitlines()):
        assert line["level"] == "ok" or line["advice"], f"nothing to do is told: {line}"
        told.setdefault(line["check"], []).append(line)
    return told


def test_every_part_is_looked_at_and_an_error_is_the_exit_code(desk: Desk, office: Office) -> None:
    result = examined(desk, office, "--json")
    told = found(result)
    assert [part for part in told if part != "fallback"] == PARTS
    assert result.exit_code == 1, "nobody resolves the public URL"
    good = ("settings", "schedule", "database", "spool", "disk", "time zones", "clock")
    assert {part: told[part][0]["level"] for part in good} == dict.fromkeys(good, "ok")
    assert told["clock"][0]["found"].endswith(" s from the provider's")
    assert told["public URL"][0]["level"] == "error"


def test_a_pipe_gets_plain_lines(desk: Desk, office: Office) -> None:
    lines = examined(desk, office).stdout.splitlines()
    assert "\x1b" not in "".join(lines)
    assert lines[0] == "ok\tsettings\tall that `callrouter serve` needs are there\t"


def test_numbers_are_compared_with_what_provision_would_do(desk: Desk, office: Office) -> None:
    office.numbers[NUMBER] = KeptNumber(fallback_url="")
    first, *others = found(examined(desk, office, "--json"))["numbers"]
    assert (first["level"], first["advice"]) == ("error", f"callrouter provision --number {NUMBER}")
    assert "voice URL, status URL" in first["found"]
    assert all("has no number" in other["found"] for other in others)
    provision = ["provision", "--number", NUMBER]
    with served(office, TwilioDesk()) as url:
        CliRunner().invoke(main, provision, env=desk.environ | UNRESOLVED, obj=asked_at(url))
    told = found(examined(desk, office, "--json"))
    assert told["numbers"][0]["found"] == f"{NUMBER} leads here"
    assert told["fallback"][0]["advice"] == "callrouter fallback --unit centre"


def test_numbers_are_looked_at_in_both_regions(desk: Desk, office: Office) -> None:
    office.numbers[NUMBER] = KeptNumber()
    second = Office(numbers={NUMBER: KeptNumber(overruled_by="trunk TK1")})
    with served(office, TwilioDesk()) as url, served(second, TwilioDesk(IRISH_HOST, SECOND_TOKEN)) as other:
        given = desk.environ | UNRESOLVED | IRELAND
        asked = lambda twilio, base: asked_at(other if twilio.region == "ie1" else url)(twilio, base)  # noqa: E731
        told = found(CliRunner().invoke(main, ["doctor", "--json"], env=given, obj=asked))
    said = [each["found"] for each in told["numbers"] if NUMBER in each["found"]]
    assert said[0].startswith(f"{NUMBER}: not as it should be")
    assert said[1] == f"{NUMBER} (ie1) belongs to the trunk TK1: calls do not come"
    assert second.complaints == []


def test_what_cannot_be_looked_at_says_why(desk: Desk, office: Office) -> None:
    office.numbers[NUMBER] = KeptNumber(overruled_by="trunk TK1", fallback_url="http://127.0.0.1:9/")
    nothing = {"CALLROUTER_DATA_DIR": str(desk.database.parent / "none"), "CALLROUTER_DATABASE_URL": ""}
    told = found(examined(desk, office, "--json", **nothing))
    assert [each["found"] for each in told["jobs"]] == ["not looked at: there is no database yet"]
    trunk, *others = told["numbers"]
    assert trunk["advice"] == "Take it away from there in the provider's console, then run: callrouter provision"
    assert all(each["found"].startswith("+468465004") for each in others), "each says of which number"
    assert "cannot be fetched from here (ConnectionError), and so not compared" in told["fallback"][0]["found"]
    told = found(examined(desk, office, "--json", CALLROUTER_SCHEDULE=str(desk.database.parent / "none.yaml")))
    assert told["mail"][0]["found"] == "not known whom to tell: there is no schedule"


def test_how_we_stand_with_the_provider_is_told(desk: Desk, office: Office) -> None:
    office.holder.profiles = ()
    office.regions[NUMBER] = "ie1"
    told = found(examined(desk, office, "--json"))
    standing = {part: [each["level"] for each in told[part]] for part in ("countries", "calls at once", "recordings")}
    assert standing == {"countries": ["ok", "warning"], "calls at once": ["error"], "recordings": ["ok"]}
    assert told["calls at once"][0]["found"] == "2 at most: no approved profile; a forwarded call is two of them"
    assert [each["level"] for each in told["regions"]] == ["error", "ok", "ok"]


def test_what_is_missing_is_told_and_nothing_else_is_lost(desk: Desk, office: Office) -> None:
    told = found(examined(desk, office, "--json", CALLROUTER_LAST_RESORT="", TWILIO_AUTH_TOKEN="1"))
    assert [each["level"] for each in told["settings"]] == ["error", "error"]
    assert told["database"][0]["level"] == "ok"
    assert "the settings need a look" in told["clock"][0]["found"]


def test_a_broken_schedule_tells_its_lines(desk: Desk, office: Office) -> None:
    desk.break_schedule()
    told = found(examined(desk, office, "--json"))["schedule"]
    assert told[0]["level"] == "error"
    assert told[0]["found"].startswith("line ")


def test_a_spool_that_is_not_empty_is_a_warning(desk: Desk, office: Office) -> None:
    spool = desk.folder / "var" / "spool"
    spool.mkdir()
    (spool / "a.jsonl").touch()
    (told,) = found(examined(desk, office, "--json"))["spool"]
    assert (told["level"], told["found"]) == ("warning", "1 file waits")


def test_the_real_program_ends_and_says_so(tmp_path: Path) -> None:
    idle = RunningService(tmp_path, Path(__file__).parents[2] / "config" / "schedule.yaml")
    command = [sys.executable, "-m", "callrouter", "doctor"]
    done = subprocess.run(
        command, cwd=tmp_path, env=idle.environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "CALLROUTER_PUBLIC_URL is not set" in done.stdout
    assert "Traceback" not in done.stderr
