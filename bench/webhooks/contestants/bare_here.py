"""The bare Flask route on the server that callrouter runs on: gunicorn's event loop, set as `callrouter serve` sets it.

    python -m bench.webhooks.contestants.bare_here PORT WORKERS

A Flask application knows of no event loop. It is called on the loop itself, as our webhooks are: a route that never
waits holds up nobody, and a thread for it would cost more.
"""

import sys
from io import BytesIO
from typing import Any

from bench.webhooks.contestants.bare import app
from callrouter import logs
from callrouter.listen import Listen
from callrouter.server import Server
from callrouter.settings import service_settings
from callrouter.web.entrance import Receive, Scope, Send


async def on_the_loop(scope: Scope, receive: Receive, send: Send) -> None:
    """Call the application, whose answer is there at once."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    started: list[Any] = []
    parts = app(environ(scope, body), lambda status, headers, _failed=None: started.extend((status, headers)))
    status, headers = started
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": encoded})
    await send({"type": "http.response.body", "body": b"".join(parts)})


def environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """The request as PEP 3333 has it."""
    headers = {f"HTTP_{name.decode().upper().replace('-', '_')}": value.decode() for name, value in scope["headers"]}
    return {
        **headers,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"],
        "QUERY_STRING": scope["query_string"].decode(),
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


class Bare(Server):
    """That server, with the route in callrouter's place."""

    def load(self) -> Any:
        """Whatever answers, in the worker."""
        return on_the_loop


if __name__ == "__main__":
    settings = service_settings()
    listen = Listen("127.0.0.1", int(sys.argv[1]), int(sys.argv[2]))
    Bare(settings, listen, logs.set_up(settings.health.log_format), lambda: None).run()
