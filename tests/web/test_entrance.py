"""The entrance: requests as the event loop gets them; webhooks in fibers, all else as WSGI in threads."""

import asyncio
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Barrier, Event, get_ident
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from callrouter.web.entrance import MOST_OF_A_PAGE, Entrance
from callrouter.web.webhooks import MOST_BYTES, Webhooks
from tests import loops
from tests.schedules import DESK_1
from tests.telephony.twilio.signing import signed
from tests.web.stage import Stage
from tests.web.test_webhooks import FORM, QUERIES

PATIENCE_SECONDS = 10.0
GONE = {"type": "http.disconnect"}


@dataclass
class Asked:
    """One request to the entrance, and what it sent back."""

    method: str
    target: str
    parts: list[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    is_gone: bool = False
    read: int = 0
    sent: list[Mapping[str, Any]] = field(default_factory=list)

    async def receive(self) -> Mapping[str, Any]:
        if self.read == len(self.parts):
            return GONE
        self.read += 1
        more = self.is_gone or self.read < len(self.parts)
        return {"type": "http.request", "body": self.parts[self.read - 1], "more_body": more}

    async def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)

    @property
    def scope(self) -> dict[str, Any]:
        path, _, query = self.target.partition("?")
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        told = {"type": "http", "method": self.method, "path": path, "raw_path": path.encode(), "scheme": "http"}
        return told | {"query_string": query.encode(), "headers": headers, "http_version": "1.1", "client": ("::1", 7)}

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def asked(rest: Any, asked: Asked, voice: Stage | None = None) -> Asked:
    entrance = Entrance(Webhooks((voice or Stage()).voice), rest, threads=2)

    async def ask() -> None:
        await asyncio.wait_for(entrance(asked.scope, asked.receive, asked.send), PATIENCE_SECONDS)

    loops.run(ask())
    return asked


def nobody(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
    raise AssertionError("a webhook is no page")


def echo(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    yield repr([environ["PATH_INFO"], environ["QUERY_STRING"], environ.get("HTTP_X_TOLD")]).encode()
    yield environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))


def webhook(target: str, body: bytes | None = None, method: str = "POST") -> Asked:
    request = signed(target, FORM)
    return Asked(method, target, [request.body if body is None else body], request.headers)


@pytest.mark.parametrize("query", [query for query in QUERIES if query != "?"])
def test_a_webhook_is_checked_as_it_was_written(query: str) -> None:
    answer = asked(nobody, webhook("/twilio/voice" + query))
    assert answer.status == 200
    assert (b"content-type", b"text/xml; charset=utf-8") in answer.sent[0]["headers"]
    assert DESK_1.e164.encode() in answer.body


def test_a_webhook_that_comes_in_pieces_is_read_as_one() -> None:
    whole = webhook("/twilio/voice")
    [body] = whole.parts
    assert asked(nobody, Asked("POST", whole.target, [body[:5], b"", body[5:]], whole.headers)).status == 200


def test_what_is_not_genuine_is_refused_and_only_post_is_answered() -> None:
    assert asked(nobody, webhook("/twilio/voice", b"From=me")).status == 403
    assert asked(nobody, webhook("/twilio/voice", method="GET")).status == 405


def test_what_is_too_large_is_read_no_further() -> None:
    parts = [b"x" * 300_000] * 10
    answer = asked(nobody, Asked("POST", "/twilio/voice", parts))
    assert answer.status == 413
    assert answer.read == MOST_BYTES // 300_000 + 1


def test_somebody_who_goes_away_in_the_middle_is_let_go() -> None:
    stage = Stage()
    for target in ("/twilio/voice", "/sign-in"):
        answer = asked(nobody, Asked("POST", target, [b"half"], is_gone=True), stage)
        assert answer.status == 408
    assert not stage.log.entries


def test_a_page_gets_all_of_its_request() -> None:
    answer = asked(echo, Asked("POST", "/å?b=%C3%A5", [b"name=", b"value"], {"X-Told": "twice"}))
    assert answer.body == repr(["/å".encode().decode("latin-1"), "b=%C3%A5", "twice"]).encode() + b"name=value"


def test_a_page_that_is_sent_too_much_is_told_how_much_and_given_nothing() -> None:
    told: list[tuple[int, bytes]] = []

    def refuses(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        told.append((int(environ["CONTENT_LENGTH"]), environ["wsgi.input"].read()))
        start("413 Too Large", [])
        return [b"no"]

    assert asked(refuses, Asked("POST", "/schedule/edit", [b"x" * (MOST_OF_A_PAGE + 1)])).status == 413
    assert told == [(MOST_OF_A_PAGE + 1, b"")]


def test_a_page_goes_out_as_it_is_made_and_is_closed() -> None:
    class Rows(io.BytesIO):
        """Closed at its end, as a query is."""

        all_of_it = b""

    rows = Rows(b"".join(b"row %07d\n" % number for number in range(100_000)))

    rows.all_of_it = rows.getvalue()

    def streams(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        return rows

    answer = asked(streams, Asked("GET", "/calls.csv", [b""]))
    assert answer.body == rows.all_of_it
    assert len(answer.sent) == 20  # pieces of a size, whatever the rows are
    assert [message["more_body"] for message in answer.sent[1:]] == [True] * 18 + [False]
    assert rows.closed


def test_no_more_is_made_for_somebody_who_has_gone() -> None:
    """The server cancels what it began for them; the thread that makes the page closes its query."""
    made: list[int] = []
    is_closed = Event()

    def export(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        try:
            for number in range(1000):
                made.append(number)
                yield b"row\n" * 20_000
        finally:
            is_closed.set()

    async def ask() -> None:
        request, begun = Asked("GET", "/calls.csv", [b""]), asyncio.Event()

        async def send(_message: Mapping[str, Any]) -> None:
            begun.set()

        entrance = Entrance(Webhooks(Stage().voice), export, threads=1)
        answering = asyncio.ensure_future(entrance(request.scope, request.receive, send))
        await begun.wait()
        answering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await answering
        assert await asyncio.to_thread(is_closed.wait, PATIENCE_SECONDS)

    loops.run(ask())
    assert 0 < len(made) < 1000


def test_what_breaks_is_raised_for_the_server_to_tell() -> None:
    def breaks(_environ: WSGIEnvironment, _start: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(breaks, Asked("GET", "/today", [b""]))


def test_pages_are_made_beside_each_other_and_beside_the_loop() -> None:
    together, threads = Barrier(2, timeout=PATIENCE_SECONDS), set()

    def waits(_environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        threads.add(get_ident())
        together.wait()
        start("200 OK", [])
        return [b"."]

    entrance = Entrance(Webhooks(Stage().voice), waits, threads=2)
    pages = [Asked("GET", "/today", [b""]), Asked("GET", "/calls", [b""])]

    async def ask() -> None:
        await asyncio.gather(*(entrance(each.scope, each.receive, each.send) for each in pages))

    loops.run(ask())
    assert [page.status for page in pages] == [200, 200]
    assert len(threads - {get_ident()}) == 2


def test_only_http_is_spoken() -> None:
    request = Asked("GET", "/", [b""])
    entrance = Entrance(Webhooks(Stage().voice), nobody, threads=1)
    with pytest.raises(ValueError, match="websocket is not spoken here"):
        loops.run(entrance({"type": "websocket"}, request.receive, request.send))
