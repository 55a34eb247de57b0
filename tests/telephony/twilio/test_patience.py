"""The provider says that too much is asked: it is asked again when it says so, within what we can wait."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from callrouter import clock
from callrouter.telephony.twilio.http import Http, Patience


class Busy(ThreadingHTTPServer):
    """Answers 429 once, with *pause* as its `Retry-After`, and then well."""

    pause, asked = "0", 0


class _Busy(BaseHTTPRequestHandler):
    server: Busy

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(429 if self.server.asked == 1 else 200)
        self.send_header("Retry-After", self.server.pause)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def busy() -> Iterator[Busy]:
    with Busy(("127.0.0.1", 0), _Busy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def seconds(busy: Busy, pause: str, longest: int) -> float:
    """How long it takes until it answers well."""
    busy.pause = pause
    patience = Patience(first_pause_seconds=0, jitter_seconds=0, longest_pause_seconds=longest)
    client, began = Http(f"http://127.0.0.1:{busy.server_port}", patience), clock.monotonic()
    try:
        assert client.sound("https://api.twilio.com/2010-04-01/Accounts", ("a", "b")) == b""
    finally:
        client.session.close()
    assert busy.asked == 2
    return clock.monotonic() - began


def test_it_is_asked_again_when_it_says(busy: Busy) -> None:
    assert seconds(busy, pause="1", longest=5) >= 1


def test_but_an_hour_is_not_waited_for(busy: Busy) -> None:
    assert seconds(busy, pause="3600", longest=0) < 60
