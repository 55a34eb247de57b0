"""The log of a running service: a line a webhook, nothing personal, and never in the way of a call."""

import json
import os  # a pipe that nobody reads
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from callrouter.telephony.simulator import answers
from tests.schedules import CENTRE, GUARD_1
from tests.service import RunningService, until
from tests.stories.conftest import Phones
from tests.stories.leaks import Leaks

SUNDAY_22 = "2026-11-22 22:00"
CITIZEN = "+46701740688"


def lines(service: RunningService) -> list[dict[str, Any]]:
    """What it logged; what it greets with is no line of the log."""
    return [json.loads(line) for line in service.log().splitlines() if line.startswith("{")]


def test_each_webhook_that_was_answered_has_a_line(own_service: RunningService) -> None:
    own_service.start()
    stage = Phones(own_service)
    stage.on(GUARD_1, does=answers())
    call = stage.call(CENTRE, at=SUNDAY_22, from_=CITIZEN)
    stage.logged(call)
    own_service.stop()
    told = [line for line in lines(own_service) if line.get("call") == call.sid]
    assert {line["endpoint"] for line in told} >= {"incoming", "next"}
    first = told[0]
    named = {name: first[name] for name in ("level", "message", "unit", "state", "decided_by", "destination")}
    expected = {"level": "info", "message": "answered", "unit": "centre", "state": "closed", "decided_by": "hours"}
    assert named == expected | {"destination": "security"}
    assert first["reason"]
    assert 0 <= first["ms"] < 10_000
    assert Leaks(CITIZEN).found_in(own_service.log()) == []


def closed_both() -> None:
    """Standard output and error are closed before the program begins."""
    os.close(1)
    os.close(2)


@pytest.mark.parametrize("trouble", ["full", "closed", "hangs"])
def test_no_call_fails_where_the_log_cannot_be_written(own_service: RunningService, trouble: str) -> None:
    ours, theirs = os.pipe()
    if trouble == "hangs":
        os.set_blocking(theirs, False)
        try:
            while os.write(theirs, b"x" * 4096):
                pass
        except BlockingIOError:
            os.set_blocking(theirs, True)
    with Path("/dev/full").open("w", encoding="ascii") as full:
        output: IO[str] | int = full if trouble == "full" else theirs
        before: Callable[[], None] | None = closed_both if trouble == "closed" else None
        command = [sys.executable, "-m", "callrouter", "serve", "--port", str(own_service.port), "--phone-network"]
        own_service.process = subprocess.Popen(
            command,
            cwd=own_service.home,
            env=own_service.environ,
            stdout=full if trouble == "hangs" else output,
            stderr=output,
            text=True,
            preexec_fn=before,  # noqa: PLW1509 - closes two files
        )
    until(own_service.answers, "the service answers")
    stage = Phones(own_service)
    stage.on(GUARD_1, does=answers())
    call = stage.call(CENTRE, at=SUNDAY_22)
    assert call.answered_by == GUARD_1.e164
    assert all(exchange.attempts == 1 for exchange in call.requests)
    assert stage.logged(call).disposition == "answered"
    if trouble == "full":
        until(lambda: not own_service.ready()["log"]["ok"], "it says so")
    os.close(ours)
    os.close(theirs)
