"""How a request reaches the service: over a socket, or by calling the WSGI application in this process."""

import http.client
import io
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

LONGEST_ANSWER = 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt; *url* carries no fragment, time-outs are seconds."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    connect_timeout: float = 5.0
    read_timeout: float = 15.0
    total_timeout: float = 15.0

    @property
    def target(self) -> str:
        """Path and raw query, exactly as written in the address."""
        rest = self.url.partition("://")[2]
        slash = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
        target = rest[slash:]
        return target if target.startswith("/") else "/" + target


@dataclass(frozen=True, slots=True)
class Response:
    """What the service said; header names in lower case, *seconds* it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TransportFailure:
    """No answer: the connection failed, or nothing (or too little) was read in time."""

    kind: Literal["connect", "read"]
    sentence: str
    seconds: float = 0.0


class Transport(Protocol):
    """Carries one attempt to the service."""

    def send(self, request: Request) -> Response | TransportFailure:
        """The answer, or why there is none; never raises for what a network does."""


class HttpTransport:
    """Sockets to one base address, whatever host the request is signed for (as behind a reverse proxy)."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            message = f"the address of the service is {base_url!r}; http://host:port is expected"
            raise ValueError(message)
        self._host = parts.hostname
        self._port = parts.port
        self._connection = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def send(self, request: Request) -> Response | TransportFailure:
        """Connect, send, read; each bounded by its time-out and all by the total."""
        began = time.monotonic()
        connect_timeout = min(request.connect_timeout, request.total_timeout)
        connection = self._connection(self._host, self._port, timeout=connect_timeout)
        try:
            try:
                connection.connect()
            except OSError as error:
                sentence = f"no connection to {self._host}:{self._port}: {error}"
                return TransportFailure("connect", sentence, time.monotonic() - began)
            return self._exchange(connection, request, began)
        except (OSError, http.client.HTTPException) as error:
            sentence = f"{type(error).__name__} while waiting for the answer: {error}"
            return TransportFailure("read", sentence, time.monotonic() - began)
        finally:
            connection.close()

    def _exchange(self, connection: http.client.HTTPConnection, request: Request, began: float) -> Response:
        deadline = began + request.total_timeout
        self._bound(connection, request, deadline)
        host = urlsplit(request.url).netloc
        connection.request(request.method, request.target, request.body, {"Host": host, **request.headers})
        answer = connection.getresponse()
        body = bytearray()
        while len(body) <= LONGEST_ANSWER:
            self._bound(connection, request, deadline)
            chunk = answer.read1(_CHUNK)
            if not chunk:
                break
            body += chunk
        if answer.length and len(body) <= LONGEST_ANSWER:
            raise http.client.IncompleteRead(bytes(body), answer.length)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return Response(answer.status, headers, bytes(body), time.monotonic() - began)

    @staticmethod
    def _bound(connection: http.client.HTTPConnection, request: Request, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            message = f"the total of {request.total_timeout:g} s is over"
            raise TimeoutError(message)
        if connection.sock is not None:  # http.client lets go of it when the server closes
            connection.sock.settimeout(min(request.read_timeout, left))


WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class WsgiTransport:
    """Calls the application in this process, for speed. What the application raises, the test sees."""

    app: WsgiApp

    def send(self, request: Request) -> Response | TransportFailure:
        """One call of the application."""
        answer: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _exc_info: object = None
        ) -> Callable[[bytes], None]:
            answer.append((status, headers))
            return written.append

        chunks = self.app(environ_of(request), start_response)
        try:
            written.extend(chunks)
        finally:
            if callable(close := getattr(chunks, "close", None)):
                close()
        status, headers = answer[-1]
        lowered = {name.lower(): value for name, value in headers}
        return Response(int(status.split()[0]), lowered, b"".join(written))


def environ_of(request: Request) -> dict[str, Any]:
    """The WSGI environment as gunicorn builds it, RAW_URI included."""
    parts = urlsplit(request.url)
    path, _, query = request.target.partition("?")
    headers = dict(request.headers)
    return {
        "REQUEST_METHOD": request.method,
        "RAW_URI": request.target,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_TYPE": headers.pop("Content-Type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
