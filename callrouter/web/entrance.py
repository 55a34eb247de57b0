"""Where requests come in, as an ASGI application: webhooks stay on the event loop, all else goes to threads.

A webhook waits for its commit in a fiber: hundreds at once hold no thread. Pages are WSGI and run in threads, once all
of their request has come: whoever sends slowly holds none either.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from sys import stderr
from typing import Any
from urllib.parse import quote
from wsgiref.types import WSGIApplication, WSGIEnvironment

from callrouter.fibers import Fibers
from callrouter.telephony.provider import WebhookRequest
from callrouter.web.webhooks import MOST_BYTES, Webhooks

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

MOST_OF_A_PAGE = 4_000_000
"""What a page may be sent, a schedule twice over at the most; each page has a limit of its own below this."""

_TAKEN_SECONDS = 30.0
"""Whoever takes nothing of a long answer for this time has gone."""
_A_PIECE = 1 << 16


class Entrance:
    """The *webhooks* at their paths, and *rest* in at most *threads* threads."""

    def __init__(self, webhooks: Webhooks, rest: WSGIApplication, threads: int) -> None:
        self._webhooks = webhooks
        self._paths = frozenset(webhooks.voice.provider.paths)
        self._rest = rest
        self._fibers = Fibers()
        self._threads = ThreadPoolExecutor(threads, "page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an HTTP request; nothing else is spoken here."""
        if scope["type"] != "http":
            message = f"{scope['type']} is not spoken here"
            raise ValueError(message)
        is_webhook = scope["path"] in self._paths
        try:
            body = await _body(receive, MOST_BYTES if is_webhook else MOST_OF_A_PAGE)
        except _GoneError:
            await _answer(send, HTTPStatus.REQUEST_TIMEOUT, [], b"")
            return
        if is_webhook:
            await self._webhook(scope, body, send)
        else:
            await self._page(_Page(self._rest, _environ(scope, body), send))

    async def _page(self, page: "_Page") -> None:
        """In a thread, which nobody can end: it looks whether somebody still waits."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._threads, page.answer)
        except asyncio.CancelledError:  # by the server, some seconds after whoever asked has gone
            page.is_wanted = False
            raise

    async def _webhook(self, scope: Scope, body: bytes | None, send: Send) -> None:
        request = None if body is None else WebhookRequest(_target(scope), _headers(scope), body)
        status, headers, text = await self._fibers.run(self._webhooks.answer, scope["path"], scope["method"], request)
        await _answer(send, status, headers, text)


class _GoneError(Exception):
    """Whoever asked went away, or said nothing for long, in the middle of the request or of a long answer."""


async def _body(receive: Receive, most: int) -> bytes | None:
    """All that was sent; None as soon as it is more than *most* bytes."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _GoneError
        part, more = message.get("body", b""), message.get("more_body", False)
        parts.append(part)
        size += len(part)
        if size > most:
            return None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _target(scope: Scope) -> str:
    """Path and query as they came over the wire: decoded and encoded again, the signature would not fit."""
    raw = scope["raw_path"].decode("latin-1") if scope.get("raw_path") else quote(scope["path"])
    query = scope["query_string"].decode("latin-1")
    return f"{raw}?{query}" if query else raw


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").title(): value.decode("latin-1") for name, value in scope["headers"]}


async def _answer(send: Send, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> None:
    await send(_start(status, headers))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, headers: Iterable[tuple[str, str]]) -> Mapping[str, Any]:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


def _environ(scope: Scope, body: bytes | None) -> WSGIEnvironment:
    """The request as PEP 3333 has it. One that is too large comes without its body: by its length it is refused."""
    server, port = scope.get("server") or ("localhost", None)
    client, client_port = scope.get("client") or ("", None)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "RAW_URI": _target(scope),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": client,
        "REMOTE_PORT": str(client_port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body or b""),
        "wsgi.errors": stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        told = value.decode("latin-1")
        environ[key] = f"{environ[key]},{told}" if key in environ else told
    environ["CONTENT_LENGTH"] = str(MOST_OF_A_PAGE + 1 if body is None else len(body))
    return environ


class _Page:
    """One answer of a WSGI application, made in a thread and handed to the event loop in pieces of some size.

    Where it *is_wanted* no more, it ends with the next piece: an export of a year is not made for nobody.
    """

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment, send: Send) -> None:
        self._app = app
        self._environ = environ
        self._send = send
        self._loop = asyncio.get_running_loop()
        self._begin: list[Mapping[str, Any]] = []
        self._gathered = bytearray()
        self.is_wanted = True

    def answer(self) -> None:
        """Answer; most go out in one piece."""
        parts = self._app(self._environ, self._start)
        try:
            for part in parts:
                self._write(part)
            self._hand_over(more=False)
        finally:
            getattr(parts, "close", lambda: None)()

    def _start(self, status: str, headers: list[tuple[str, str]], _failed: object = None) -> Callable[[bytes], None]:
        """As WSGI wants it; what failed later than that, it cannot tell any more."""
        self._begin = [_start(int(status.split(" ", 1)[0]), headers)]
        return self._write

    def _write(self, part: bytes) -> None:
        self._gathered += part
        if len(self._gathered) >= _A_PIECE:
            self._hand_over(more=True)

    def _hand_over(self, *, more: bool) -> None:
        """Wait until what was gathered has gone out, or is in the buffers."""
        if not self.is_wanted:
            raise _GoneError
        piece = {"type": "http.response.body", "body": bytes(self._gathered), "more_body": more}
        asyncio.run_coroutine_threadsafe(self._sent([*self._begin, piece]), self._loop).result(_TAKEN_SECONDS)
        self._begin, self._gathered = [], bytearray()

    async def _sent(self, messages: Iterable[Mapping[str, Any]]) -> None:
        for message in messages:
            await self._send(message)
