"""A server that keeps what it is sent: an OpenTelemetry collector or, with a certificate, Sentry."""

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        """Where spans are taken."""
        return f"http://127.0.0.1:{self.server_port}/v1/traces"

    @property
    def dsn(self) -> str:
        """Where errors are taken."""
        return f"https://key@localhost:{self.server_port}/1"

    def spans(self) -> list[Any]:
        """All spans, by OpenTelemetry's own reader."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        told = [ExportTraceServiceRequest.FromString(body) for body in self.taken]
        return [span for each in told for of in each.resource_spans for scope in of.scope_spans for span in scope.spans]

    def text(self) -> str:
        """All that it was sent, as text."""
        return b"\n".join(self.taken).decode(errors="replace")


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def collecting(certificate: Path | None = None) -> Iterator[Collector]:
    """One that runs; *certificate*: a file with key and certificate, for `localhost`."""
    with Collector() as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
