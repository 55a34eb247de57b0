"""Behind a reverse proxy, however it is set up: the signature is over the public URL, and nothing else is asked.

The small proxy here always runs; the files for nginx and Caddy are tried where those programs are installed.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from bench.load import SCHEDULE
from bench.offering import Callers
from callrouter.schedule import load
from callrouter.settings import PHONE_NETWORK_LAST_RESORT
from callrouter.simulate import Scenes
from tests.reverse_proxy import GARBLED, NAMED, Proxy, listening
from tests.service import PATIENCE_SECONDS, RunningService, free_port, until

DEPLOY = Path(__file__).parents[2] / "deploy"
SCENES = Scenes(load(SCHEDULE.read_bytes()), 2027, 7, (), PHONE_NETWORK_LAST_RESORT)


@contextmanager
def proxied(home: Path, address: str, port: int) -> Iterator[RunningService]:
    """The service, reached by others at *address*."""
    service = RunningService(
        home, SCHEDULE, ("--phone-network", "--no-jobs"), given={"CALLROUTER_PUBLIC_URL": address}, port=port
    )
    service.start()
    try:
        yield service
    finally:
        service.stop()


def some_calls_fail_nothing(service: RunningService, proxy: str) -> None:
    offered = Callers(SCENES, service.settings, proxy).offer(10, 1.5, lambda *_: None)
    assert offered.performances
    assert offered.attempts_in_vain == []
    assert offered.failed == []


@pytest.mark.parametrize(
    ("prefix", "sets"),
    [("/telefon", {}), *(("", sets) for sets in GARBLED.values())],
    ids=["path prefix", *GARBLED],
)
def test_what_a_proxy_does_to_headers_and_path_does_not_matter(
    tmp_path: Path, prefix: str, sets: Mapping[str, str]
) -> None:
    with (
        listening(Proxy(free_port(), prefix, sets)) as proxy,
        proxied(tmp_path, f"https://{NAMED}{prefix}", proxy.service) as service,
    ):
        some_calls_fail_nothing(service, proxy.url)


def test_a_wrong_public_url_is_refused(tmp_path: Path) -> None:
    """So that the tests above can fail: the calls are signed for another address than the service knows."""
    port = free_port()
    with proxied(tmp_path, f"https://{NAMED}/telefon", port) as service:
        elsewhere = replace(service.settings, public_url=f"https://{NAMED}")
        offered = Callers(SCENES, elsewhere, service.url).offer(10, 1.5, lambda *_: None)
        assert offered.failed


def nginx(home: Path, port: int, service: int) -> list[str]:
    """The example without its TLS, in a plain folder."""
    server = (DEPLOY / "nginx.conf").read_text("utf-8").replace("8000", str(service))
    server = server.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = "".join(line for line in server.splitlines(keepends=True) if "ssl_certificate" not in line)
    temporary = "".join(
        f"{each}_temp_path {home}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off; pid {home}/pid; events {{}} http {{ {temporary} access_log off; {server} }}"
    (home / "nginx.conf").write_text(whole, "utf-8")
    return ["-e", f"{home}/error.log", "-c", f"{home}/nginx.conf"]


def caddy(home: Path, port: int, service: int) -> list[str]:
    """The example without its TLS."""
    text = (DEPLOY / "Caddyfile").read_text("utf-8").replace("8000", str(service))
    text = text.replace(f"{NAMED} {{", f"http://{NAMED}:{port} {{\n\tbind 127.0.0.1")
    (home / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https off\n}\n" + text, "utf-8")
    return ["run", "--adapter", "caddyfile", "--config", f"{home}/Caddyfile"]


@pytest.mark.parametrize("kind", [nginx, caddy], ids=["nginx", "caddy"])
def test_calls_through_the_proxy_of_the_example_also_while_the_service_is_reloaded(tmp_path: Path, kind: Any) -> None:
    program = shutil.which(kind.__name__)
    if program is None:
        pytest.skip(f"{kind.__name__} is not installed")
    inner, outer = free_port(), free_port()
    with proxied(tmp_path, f"https://{NAMED}", inner) as service:
        front = subprocess.Popen([program, *kind(tmp_path, outer, inner)], cwd=tmp_path)
        try:
            outside = f"http://127.0.0.1:{outer}"
            until(lambda: _answers(outer), "the proxy answers")
            some_calls_fail_nothing(service, outside)
            assert service.process
            service.process.send_signal(signal.SIGHUP)
            offered = Callers(SCENES, service.settings, outside).offer(10, 1.5, lambda *_: None)
            assert offered.failed == []
            assert _status(outer, "/readyz") == 404
            assert urlopen(f"{service.url}/readyz", timeout=5).status == 200
        finally:
            front.terminate()
            front.wait(PATIENCE_SECONDS)


def _answers(port: int) -> bool:
    try:
        return _status(port, "/healthz") == 200
    except OSError:
        return False


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path, headers={"Host": NAMED})
    status = connection.getresponse().status
    connection.close()
    return status
