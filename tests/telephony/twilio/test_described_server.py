"""The provider's own published description of its interface, served by Prism, answers what we ask.

`make test` fetches both once (npm); without them this is skipped. Prism ignores names that it does not know: those that
we send are held against the description in test_rest.py.
"""

import json
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from callrouter.cli import main
from callrouter.domain.span import Span
from callrouter.telephony.provider import Direction, StoredRecording
from callrouter.telephony.twilio.http import Patience
from callrouter.telephony.twilio.rest import TwilioAccount
from callrouter.twilio_settings import Twilio
from tests.cli.by_hand import Desk
from tests.schedules import CENTRE, GUARD_1
from tests.service import free_port, until
from tests.telephony.twilio.signing import ACCOUNT, BASE, TOKEN

MODULES = Path(__file__).parents[3] / ".described" / "node_modules"
PRISM = MODULES / ".bin" / "prism"
DESCRIPTION = MODULES / "@twilio-alpha/mcp/twilio-oai/spec/json/twilio_api_v2010.json"
CALLS = "/2010-04-01/Accounts/{AccountSid}/Calls.json"
RECORDINGS = "/2010-04-01/Accounts/{AccountSid}/Recordings.json"
ASKED = (CALLS, RECORDINGS, "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json", "/2010-04-01/Accounts/{Sid}.json")
OCTOBER = Span(datetime(2019, 10, 18, tzinfo=UTC), datetime(2019, 10, 19, tzinfo=UTC))
"""When the calls of its examples were."""

MONDAY = date(2019, 10, 21)
"""When those were that are ours: its own examples, to a number of a unit, with a leg on the second page."""

CALL, LEG = f"CA{1:032x}", f"CA{2:032x}"
CALLER = "+46701740650"

pytestmark = pytest.mark.skipif(
    not PRISM.exists(),
    reason="needs the provider's description, which `make test` fetches where Node and npm are there",
)


def patched() -> dict[str, Any]:
    """The description of what is asked, its pages two, no parameter named twice."""
    described: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    described["paths"] = {path: described["paths"][path] for path in ASKED}
    content = described["paths"][CALLS]["get"]["responses"]["200"]["content"]["application/json"]
    content["examples"]["readFullPage2"]["value"]["next_page_uri"] = None
    taped = described["paths"][RECORDINGS]["get"]["responses"]["200"]["content"]["application/json"]["examples"]
    taped["readFull"]["value"]["next_page_uri"] = None
    content["examples"] |= {f"ours{page}": {"value": ours(content["examples"], page)} for page in (1, 2)}
    following = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?PageSize=2&Page=1&PageToken=PA1"
    content["examples"]["readFullPage1"]["value"]["next_page_uri"] = following  # its own one breaks its own rules
    for operation in (each for path in described["paths"].values() for each in path.values() if "responses" in each):
        named = {(each["name"], each["in"]): each for each in operation.get("parameters", [])}
        operation["parameters"] = list(named.values())
    return described


def ours(examples: dict[str, Any], page: int) -> dict[str, Any]:
    """A page of its examples, of which the first is a call to a unit of ours or, on the second page, its leg."""
    copied: dict[str, Any] = deepcopy(examples[f"readFullPage{page}"]["value"])
    call = {"sid": CALL, "direction": "inbound", "from": CALLER, "to": CENTRE.e164, "parent_call_sid": None}
    leg = {"sid": LEG, "direction": "outbound-dial", "from": CALLER, "to": GUARD_1.e164, "parent_call_sid": CALL}
    copied["calls"][0] |= call if page == 1 else leg
    for number, each in enumerate(copied["calls"]):
        each.update({name: each[name].replace("Fri, 18", "Mon, 21") for name in ("start_time", "end_time")})
        each.update({"sid": f"CA{page}{number:031x}"} if number else {})
    following = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?PageSize=2&Page=1&PageToken=PA2"
    copied["next_page_uri"] = following if page == 1 else None
    return copied


class Door(BaseHTTPRequestHandler):
    """Before Prism, which knows no state: who asks with a page's token gets the example of the second page.

    Who asks for Monday gets ours.
    """

    prism = ""

    def answer(self) -> None:
        are_ours = f"StartTime%3E={MONDAY}" in self.path or "PageToken=PA2" in self.path
        page = f"{'ours' if are_ours else 'readFullPage'}{2 if 'PageToken=' in self.path else 1}"
        example = "readFull" if "/Recordings.json" in self.path else page
        prefer = {"Prefer": f"example={example}"} if "s.json" in self.path.partition("?")[0] else {}
        headers = {"Authorization": self.headers["Authorization"], "Accept": "application/json", **prefer}
        try:
            with urlopen(Request(self.prism + self.path, headers=headers, method=self.command), timeout=20) as answer:
                status, body = answer.status, answer.read()
        except HTTPError as error:
            with error:
                status, body = error.code, error.read()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_DELETE = answer  # noqa: N815 - the names that the server looks for

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it answers."""
    file = tmp_path_factory.mktemp("described") / "description.json"
    file.write_text(json.dumps(patched()), encoding="utf-8")
    port, log = free_port(), file.with_suffix(".log")
    with log.open("w") as out:
        prism = subprocess.Popen(
            [str(PRISM), "mock", "-h", "127.0.0.1", "-p", str(port), str(file)], stdout=out, stderr=out
        )
    try:
        until(lambda: "is listening" in log.read_text(), "Prism listens", 60)
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Ours", (Door,), {"prism": f"http://127.0.0.1:{port}"}))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()
        thread.join()
    finally:
        prism.terminate()
        prism.wait(20)


@pytest.fixture(scope="module")
def account(url: str) -> TwilioAccount:
    return TwilioAccount(Twilio(ACCOUNT, (TOKEN,)), BASE, url, Patience(20, 0))


def test_the_list_of_calls_is_read_page_by_page(account: TwilioAccount) -> None:
    first, *others = list(account.finished_calls(OCTOBER))
    assert len(others) == 3
    assert (first.call_id, first.direction) == ("CA" + "a" * 32, Direction.OUTBOUND)
    assert first.started_at == datetime(2019, 10, 18, 17, 2, tzinfo=UTC)
    assert first.ended_at == first.started_at + timedelta(minutes=1)


def test_what_is_of_other_days_is_left_out(account: TwilioAccount) -> None:
    assert list(account.finished_calls(Span(OCTOBER.start - timedelta(days=1), OCTOBER.start))) == []


def test_the_list_of_recordings_is_read(account: TwilioAccount) -> None:
    at = datetime(2016, 10, 14, 21, 56, 34, tzinfo=UTC)
    (found,) = account.recordings(Span(at, at + timedelta(minutes=1)))
    assert found == StoredRecording("RE" + "a" * 32, "CA" + "a" * 32, at, 4, is_message=False)


def test_a_record_is_deleted(account: TwilioAccount) -> None:
    account.delete_call("CA" + "a" * 32)


def test_the_log_is_reconciled_with_it(url: str, tmp_path: Path) -> None:
    """By the command: a call that came while we were away is added with its leg, and the next run finds no gap."""
    desk = Desk(tmp_path)
    theirs = {"CALLROUTER_PUBLIC_URL": BASE, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN}

    def reconcile() -> str:
        def asked_at(twilio: Twilio, public_url: str) -> TwilioAccount:
            return TwilioAccount(twilio, public_url, url, Patience(20, 0))

        days = ("--from", MONDAY.isoformat(), "--to", MONDAY.isoformat())
        done = CliRunner().invoke(main, ["reconcile", *days], env=desk.environ | theirs, obj=asked_at)
        assert done.exit_code == 0, done.output
        return done.stdout

    first = reconcile()
    assert f"{CALL}  the call was missing" in first
    assert f"{CALL}  a leg was missing ({LEG})" in first
    assert "1 call, 1 leg and 0 messages compared: 2 gaps filled." in first
    assert "Left alone: 2 calls to numbers that no unit has." in first
    assert "1 call, 1 leg and 0 messages compared: no gaps." in reconcile()
    (call,) = [json.loads(line) for line in desk.does("log", "--json", "--show-numbers").splitlines()]
    assert (call["call_id"], call["decided_by"], call["from"], len(call["legs"])) == (CALL, "from-provider", CALLER, 1)
