"""Connections that say nothing, or stop in mid-request, hold no thread that a call needs."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.load import SCHEDULE
from callrouter.clock import monotonic
from callrouter.server import SILENT_SECONDS
from tests.service import RunningService, until

HALF_A_REQUEST = b"POST /twilio/voice HTTP/1.1\r\nContent-Length: 9\r\n"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RunningService]:
    given = {"CALLROUTER_THREADS": "1"}
    running = RunningService(tmp_path, SCHEDULE, ("--phone-network", "--no-jobs"), given=given)
    running.start()
    yield running
    running.stop()


def test_one_that_says_nothing_holds_no_thread(service: RunningService) -> None:
    with connected(service), connected(service):
        assert service.answers()


@pytest.mark.parametrize("said", [b"", HALF_A_REQUEST], ids=["nothing", "half a request"])
def test_one_that_stalls_is_given_up_and_is_no_error_of_ours(service: RunningService, said: bytes) -> None:
    with connected(service, SILENT_SECONDS * 2) as stalled:
        stalled.sendall(said)
        assert service.answers()
        assert stalled.recv(100) == b""
    assert "rror" not in service.log()


def test_many_that_send_slowly_keep_nobody_waiting(service: RunningService) -> None:
    """Of the body of a page, too: what is not yet whole has no thread."""
    slow = [connected(service) for _ in range(20)]
    for connection in slow:
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nname=")
    began = monotonic()
    assert service.answers()
    assert monotonic() - began < 1
    for connection in slow:
        connection.close()


def test_one_that_was_answered_and_stays_keeps_nobody_waiting(service: RunningService) -> None:
    """As a probe does that speaks HTTP/1.0, or a client that is gone without a word."""
    with connected(service) as answered:
        answered.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        while answered.recv(4096):
            pass
        began = monotonic()
        assert service.answers()
        assert monotonic() - began < 1


def test_one_that_is_about_to_ask_when_the_service_is_told_to_end_is_answered(service: RunningService) -> None:
    """A webhook for which the provider has just connected; and one on a connection that a proxy has kept."""
    process = service.process
    assert process
    with connected(service) as new, connected(service) as kept:
        assert asked(kept).startswith(b"HTTP/1.1 200")
        process.send_signal(signal.SIGTERM)
        until(lambda: not takes_connections(service), "it takes no more connections")
        for connection in (new, kept):
            answer = asked(connection)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            assert b"connection: close" in answer.lower()


def test_one_that_never_asks_keeps_no_service_from_ending(service: RunningService) -> None:
    with connected(service):
        assert service.answers()
        assert service.stop() == 0


def connected(service: RunningService, timeout: float = 5) -> socket.socket:
    return socket.create_connection(("127.0.0.1", service.port), timeout)


def takes_connections(service: RunningService) -> bool:
    try:
        connected(service).close()
    except ConnectionRefusedError:
        return False
    return True


def asked(connection: socket.socket) -> bytes:
    """What a request is answered, as far as one look at the connection shows."""
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    return connection.recv(65536)
