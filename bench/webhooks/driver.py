"""A load driver: one loop over many connections. It sends what was made beforehand, and checks every answer.

Who calls waits for a document, and that is what is timed; what is told of a call's end must be taken, and no more.

Each connection asks again as soon as it is answered; or, with a rate, whichever is free asks when it is time.
"""

import re
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bench.webhooks.asked import PATH_OF_ENDS

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_OF_AN_END = f"POST {PATH_OF_ENDS} ".encode()
_PATIENCE_SECONDS = 15.0
"""The provider waits no longer."""

_LATE_SECONDS = 0.002
"""A request sent later than this after its time has waited for a free connection, and that counts."""


@dataclass
class Played:
    """What came of a turn: answers within *seconds*, how long each took (s), what was wrong with others."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    busy: float = 0.0
    """Share of a processor that the driver itself took: near 1, it would be the driver that was measured."""

    processor_ms: float = float("nan")
    """Of the server an answer, until it came to rest."""

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.waits) / self.seconds if self.seconds else 0.0

    def at(self, share: float) -> float:
        """The wait that *share* of the answers did not exceed, in ms."""
        return at_share(self.waits, share) * 1e3


def at_share(times: Sequence[float], share: float) -> float:
    """What *share* of *times* did not exceed."""
    return sorted(times)[int(share * (len(times) - 1))] if times else float("nan")


class _Connection:
    """One kept alive; it has at most one request under way."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since, self.is_call = 0.0, True
        self._heard = b""

    def send(self, request: bytes, since: float) -> None:
        self.since, self.is_call = since, not request.startswith(_OF_AN_END)
        self.socket.sendall(request)

    def fault(self) -> str | None:
        """What is wrong with the answer; empty for a good one, None while it is not whole."""
        heard = self.socket.recv(65536)
        if not heard:
            return "the connection was closed"
        self._heard += heard
        head, end, body = self._heard.partition(b"\r\n\r\n")
        if end and not self.is_call and head.startswith(b"HTTP/1.1 204"):
            self._heard = b""
            return ""
        length = _LENGTH.search(head)
        if length is None or len(body) < int(length[1]):
            return None
        self._heard = b""
        is_good = self.is_call and head.startswith(b"HTTP/1.1 200") and b"<Response" in body
        return "" if is_good else (head.partition(b"\r\n")[0] + b": " + body[:200]).decode(errors="replace")


class _Connections:
    """So many at most, each opened when it is first needed: one that opens and says nothing keeps a thread waiting."""

    def __init__(self, port: int, most: int) -> None:
        self._port, self._most = port, most
        self._poll = select.epoll()
        self._open: dict[int, _Connection] = {}
        self.idle: list[_Connection] = []

    def are_free(self) -> bool:
        return bool(self.idle) or len(self._open) < self._most

    def busy(self) -> int:
        return len(self._open) - len(self.idle)

    def free(self) -> _Connection:
        if self.idle:
            return self.idle.pop()
        opened = _Connection(self._port)
        self._open[opened.socket.fileno()] = opened
        self._poll.register(opened.socket, select.EPOLLIN)
        return opened

    def heard(self, seconds: float) -> list[_Connection]:
        """Those that something has come from, within *seconds*."""
        return [self._open[fd] for fd, _ in self._poll.poll(seconds)]

    def close(self) -> None:
        for each in self._open.values():
            each.socket.close()
        self._poll.close()


def play(port: int, requests: Sequence[bytes], connections: int, seconds: float, rate: float | None = None) -> Played:
    """Send *requests*, each once, until *seconds* are over or they run out; wait for the last answers."""
    crowd = _Connections(port, connections)
    try:
        return _played(crowd, iter(requests), seconds, rate)
    finally:
        crowd.close()


def _played(crowd: _Connections, requests: Iterator[bytes], seconds: float, rate: float | None) -> Played:
    played, sent = Played(), 0
    was_busy, began = time.process_time(), time.perf_counter()
    end = due = began
    end += seconds
    while True:
        now = time.perf_counter()
        while crowd.are_free() and due <= now < end:
            request = next(requests, None)
            if request is None:
                end = now
                break
            crowd.free().send(request, due if now - due > _LATE_SECONDS and rate else now)
            sent += 1
            due = began + sent / rate if rate else now
        if now >= end and not crowd.busy():
            break
        if now > end + _PATIENCE_SECONDS:
            played.faults += ["not answered in time"] * crowd.busy()
            break
        may_send = crowd.are_free() and now < end
        for connection in crowd.heard(max(min(due, end) - now, 0) if may_send else _PATIENCE_SECONDS):
            _hear(connection, played, crowd.idle)
    played.seconds, played.busy = now - began, (time.process_time() - was_busy) / (now - began)
    return played


def _hear(connection: _Connection, played: Played, idle: list[_Connection]) -> None:
    fault = connection.fault()
    if fault is None:
        return
    if fault == "" and connection.is_call:
        played.waits.append(time.perf_counter() - connection.since)
    elif fault:
        played.faults.append(fault)
        if "closed" in fault:
            raise ConnectionError(fault)
    idle.append(connection)
