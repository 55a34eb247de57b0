"""A balancer in front of several machines, over sockets: a small one, and nginx as `deploy/` sets it up."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.service import PATIENCE_SECONDS, RunningService, free_port, until

NGINX_CONF = Path(__file__).parents[2] / "deploy" / "nginx-several.conf"


@contextmanager
def small(_home: Path, machines: list[RunningService]) -> Iterator[str]:
    """Asks the machines in turn; where one does not answer, the next."""
    turns = count()

    class Balancer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            turn = next(turns)
            for place in range(len(machines)):
                answer = self.asked(machines[(turn + place) % len(machines)].port, body)
                if answer:
                    self.send_response(answer[0])
                    self.send_header("Content-Type", answer[1])
                    self.send_header("Content-Length", str(len(answer[2])))
                    self.end_headers()
                    self.wfile.write(answer[2])
                    return
            self.send_error(502)

        def asked(self, port: int, body: bytes) -> tuple[int, str, bytes] | None:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("POST", self.path, body, dict(self.headers.items()) | {"Connection": "close"})
                answer = connection.getresponse()
                return answer.status, answer.getheader("Content-Type", ""), answer.read()
            except (OSError, HTTPException):
                return None
            finally:
                connection.close()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Balancer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def nginx(home: Path, machines: list[RunningService]) -> Iterator[str]:
    """The example without its TLS, in a plain folder."""
    program = shutil.which("nginx") or pytest.skip("nginx is not installed")
    port = free_port()
    server = NGINX_CONF.read_text("utf-8").replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    for number, each in enumerate(machines, 11):
        server = server.replace(f"10.0.0.{number}:8000", f"127.0.0.1:{each.port}")
    server = re.sub(r"(?m)^ *ssl_certificate.*$", "", server)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {home}/{kind};" for kind in kinds)
    whole = f"daemon off; pid {home}/pid; events {{}} http {{ {places} access_log off; {server} }}"
    (home / "nginx.conf").write_text(whole, "utf-8")
    front = subprocess.Popen([program, "-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"], cwd=home)
    try:
        until(lambda: _answers(port), "nginx answers")
        yield f"http://127.0.0.1:{port}"
    finally:
        front.terminate()
        front.wait(PATIENCE_SECONDS)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
