"""A small reverse proxy, set up well or badly."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

NAMED = "calls.example.se"

GARBLED: Mapping[str, Mapping[str, str]] = {
    "scheme dropped": {},
    "wrong host and port": {"Host": "internal.example:8443"},
    "wrong forwarding": {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "other.example", "X-Forwarded-Port": "81"},
}
"""What it does to headers: those that it sets, and it never tells of the scheme by itself."""


class _Handler(BaseHTTPRequestHandler):
    server: "Proxy"

    def do_POST(self) -> None:
        """Hand a webhook on."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        dropped = {"x-forwarded-proto", "connection"}
        sent = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        connection = HTTPConnection("127.0.0.1", self.server.service, timeout=10)
        path = self.path.removeprefix(self.server.prefix)
        connection.request("POST", path, body, {**sent, **self.server.sets})
        answer = connection.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type", ""))
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        connection.close()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Proxy(ThreadingHTTPServer):
    """Before the *service* at that port: strips *prefix* off the path, *sets* headers, tells of no scheme.

    A queue of five, which is usual here, drops callers who come together.
    """

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, service: int, prefix: str = "", sets: Mapping[str, str] = GARBLED["scheme dropped"]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.service = service
        self.prefix = prefix
        self.sets = sets

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def listening(proxy: Proxy) -> Iterator[Proxy]:
    """It takes requests."""
    with proxy:
        Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()
