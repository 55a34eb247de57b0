"""Real sockets on loopback, and the WSGI environment."""

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from callrouter.telephony.simulator import (
    HttpTransport,
    NumberConfig,
    PhoneNetwork,
    PlayedCall,
    Request,
    Response,
    TransportFailure,
)
from callrouter.telephony.simulator.transport import environ_of

XML = b"<?xml version='1.0' encoding='UTF-8'?><Response><Say>Hej</Say></Response>"
CENTRE = "+46846500401"
PATIENT = "#ct=300&rt=150&tt=2000&rc=2&rp=all"


@dataclass
class LoopbackServer:
    """Answers with these statuses in turn (0: not at all, until released), the last one for ever."""

    statuses: list[int]
    targets: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        self.targets.append(handler.path)
        self.hosts.append(handler.headers["Host"])
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == 0:
            self.release.wait(5)
            return
        handler.send_response(status)
        handler.send_header("Content-Type", "text/xml")
        handler.send_header("Content-Length", str(len(XML)))
        handler.end_headers()
        handler.wfile.write(XML)


@pytest.fixture
def served() -> Iterator[Callable[..., LoopbackServer]]:
    running: list[tuple[ThreadingHTTPServer, LoopbackServer, threading.Thread]] = []

    def serve(*statuses: int) -> LoopbackServer:
        state = LoopbackServer(list(statuses))

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                state.answer(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        running.append((server, state, thread))
        return state

    yield serve
    for server, state, thread in running:
        state.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def call(port: int, fragment: str = PATIENT, origin: str = "https://calls.example.org") -> PlayedCall:
    numbers = {CENTRE: NumberConfig(f"{origin}/voice?a=%2C{fragment}")}
    network = PhoneNetwork(HttpTransport(f"http://127.0.0.1:{port}"), "AC" + "1" * 32, "a token", numbers, {})
    return network.call("+46701740650", CENTRE, datetime(2026, 11, 23, 15, 30, tzinfo=UTC))


def test_a_call_over_http(served: Callable[..., LoopbackServer]) -> None:
    server = served(200)
    played = call(server.port)
    assert [said.text for said in played.said] == ["Hej"]
    assert server.targets == ["/voice?a=%2C"], "the raw query, and no fragment"
    assert server.hosts == ["calls.example.org"], "as behind a reverse proxy"


@pytest.mark.parametrize(
    ("statuses", "attempts"), [((500, 200), 2), ((403, 503, 200), 3), ((0, 200), 2), ((0, 0, 200), 3)]
)
def test_errors_and_time_outs_are_tried_again(
    served: Callable[..., LoopbackServer], statuses: tuple[int, ...], attempts: int
) -> None:
    played = call(served(*statuses).port)
    assert [said.text for said in played.said] == ["Hej"]
    assert played.requests[0].attempts == attempts


def test_a_service_that_stays_silent(served: Callable[..., LoopbackServer]) -> None:
    played = call(served(0).port)
    assert (played.requests[0].attempts, played.requests[0].status) == (3, None)
    assert [error.code for error in played.errors] == [11200]


def test_the_total_time_bounds_the_attempts(served: Callable[..., LoopbackServer]) -> None:
    played = call(served(0).port, "#ct=300&rt=250&tt=300&rc=5&rp=all")
    assert played.requests[0].attempts == 2


def test_a_service_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused, and nobody else gets the port
        played = call(taken.getsockname()[1])
    assert played.requests[0].attempts == 3
    assert [error.code for error in played.errors] == [11205]
    assert "no connection to 127.0.0.1" in played.errors[0].sentence


def raw(conversation: bytes) -> Response | TransportFailure:
    """What the transport makes of a server that says this and then hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def speak() -> None:
            connection, _ = listener.accept()
            with connection:
                heard = b""
                while not heard.endswith(b"a=1"):  # closing with a part unread would reset the connection
                    heard += connection.recv(65536)
                connection.sendall(conversation)

        thread = threading.Thread(target=speak)
        thread.start()
        transport = HttpTransport(f"http://127.0.0.1:{listener.getsockname()[1]}")
        answer = transport.send(Request("POST", "http://calls.example.org/", b"a=1", {}, 2.0, 2.0, 2.0))
        thread.join()
    return answer


@pytest.mark.parametrize(
    "conversation",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", b"HTTP/1.1 2"],
)
def test_half_an_answer_is_none(conversation: bytes) -> None:
    answer = raw(conversation)
    assert isinstance(answer, TransportFailure)
    assert answer.kind == "read"


def test_an_answer_that_ends_with_the_connection() -> None:
    answer = raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<Response/>")
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers, answer.body) == (200, {"content-type": "text/xml"}, b"<Response/>")


@pytest.mark.parametrize("base_url", ["127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_a_base_address_that_is_none(base_url: str) -> None:
    with pytest.raises(ValueError, match="is expected"):
        HttpTransport(base_url)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://calls.example.org", "/"),
        ("https://calls.example.org?a=1", "/?a=1"),
        ("https://calls.example.org/voice?", "/voice?"),
        ("https://calls.example.org/v%C3%A5rd?a=%2C%27:", "/v%C3%A5rd?a=%2C%27:"),
    ],
)
def test_the_target_is_what_was_written(url: str, target: str) -> None:
    assert Request("POST", url, b"", {}).target == target


def test_the_wsgi_environment_keeps_the_raw_query() -> None:
    url = "https://calls.example.org:8443/v%C3%A5rd?a=%2C"
    environ = environ_of(Request("POST", url, b"To=1", {"Content-Type": "x", "X-Twilio-Signature": "s"}))
    assert (environ["RAW_URI"], environ["QUERY_STRING"]) == ("/v%C3%A5rd?a=%2C", "a=%2C")
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/vård"
    assert (environ["HTTP_HOST"], environ["SERVER_PORT"]) == ("calls.example.org:8443", "8443")
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"], environ["HTTP_X_TWILIO_SIGNATURE"]) == ("x", "4", "s")
    assert environ["wsgi.input"].read() == b"To=1"
