"""What Sentry is sent, by its own SDK: an error, and nothing personal."""

import json
import logging
from typing import Any

import pytest
from flask import Flask

from callrouter import error_reports
from tests.stories.leaks import Leaks

sentry_sdk = pytest.importorskip("sentry_sdk", reason="the extra `sentry` is not installed")

CITIZEN = "+46701740688"
SECRET = "sealed-token-of-a-call"


def test_an_error_is_told_without_numbers_tokens_and_bodies() -> None:
    from sentry_sdk.transport import Transport

    sent: list[str] = []

    class Kept(Transport):  # type: ignore[misc, unused-ignore] # without the extra it is Any
        def capture_envelope(self, envelope: Any) -> None:
            sent.extend(json.dumps(item.payload.json, default=str) for item in envelope.items)

    app = Flask(__name__)

    @app.post("/twilio/voice/next")
    def broken() -> str:
        caller = CITIZEN
        logging.getLogger("callrouter").error("not kept for %s", caller, extra={"from": caller})
        raise ValueError(f"no unit has {caller}")

    error_reports.begin("https://key@sentry.example.org/1", Kept)
    try:
        app.test_client().post(f"/twilio/voice/next?c={SECRET}", data={"From": CITIZEN}, headers={"Cookie": SECRET})
        sentry_sdk.flush(2)
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.init()
    told = "\n".join(sent)
    assert "ValueError" in told
    assert "no unit has +467******88" in told
    assert "not kept for" in told
    assert Leaks(CITIZEN).found_in(told) == []
    assert SECRET not in told
