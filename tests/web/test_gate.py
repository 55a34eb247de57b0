"""A call never waits for a page: who beyond the places comes is turned away at once, and no hook of a page meets it."""

from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from werkzeug.test import Client

from callrouter.app import create_app
from callrouter.settings import phone_network_settings
from callrouter.web.gate import Beside, Gate, places
from callrouter.web.safety import HEADERS
from callrouter.web.sign import FAULTS


class SlowPages:
    """Pages that take until they are let go."""

    def __init__(self) -> None:
        self.entered, self.let_go = Event(), Event()
        self.count = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.count += 1
        self.entered.set()
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("broken")
        if environ["PATH_INFO"] == "/slow":
            self.let_go.wait(10)
        start_response("200 OK", [])
        return [b"page"]


def test_who_comes_beyond_the_places_is_turned_away_at_once() -> None:
    pages = SlowPages()
    gate = Client(Gate(pages, 1))
    slow = Thread(target=gate.get, args=["/slow"], kwargs={"buffered": True})
    slow.start()
    assert pages.entered.wait(5)
    turned_away = gate.get("/other")
    assert (turned_away.status_code, turned_away.headers["Retry-After"]) == (503, "3")
    assert {name: turned_away.headers[name] for name in HEADERS} == dict(HEADERS)
    for text in FAULTS[503]:
        assert text.sv in turned_away.text
        assert text.en in turned_away.text
    program = gate.get("/api/v1/status")
    assert (program.status_code, program.content_type) == (503, "application/problem+json")
    assert gate.get("/static/x").status_code == 200
    pages.let_go.set()
    slow.join(5)
    assert gate.get("/other").status_code == 200


def test_a_place_is_given_back_whatever_happened() -> None:
    gate = Gate(SlowPages(), 1)
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            Client(gate).get("/broken")
        answer = gate({"PATH_INFO": "/"}, lambda *_: lambda _: None)
        answer.close()  # type: ignore[attr-defined]
        answer.close()  # type: ignore[attr-defined]
    assert Client(gate).get("/").status_code == 200


@pytest.mark.parametrize(("threads", "for_pages"), [(1, 1), (2, 1), (3, 1), (8, 4), (64, 32)])
def test_pages_get_half_of_the_threads(threads: int, for_pages: int) -> None:
    assert places(threads) == for_pages


def test_the_services_own_paths_go_past_the_gate() -> None:
    def service(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"service"]

    client = Client(Beside(service, SlowPages(), frozenset({"/twilio/voice"})))
    assert [client.get(path).data for path in ("/twilio/voice", "/twilio/voice/", "/")] == [
        b"service",
        b"page",
        b"page",
    ]


def test_webhooks_and_health_never_meet_a_page(tmp_path: Path) -> None:
    """In the service as it is put together: no header, no cookie, no error page of the pages."""
    settings = phone_network_settings("http://127.0.0.1:8000", {"CALLROUTER_DATA_DIR": str(tmp_path)})
    client = create_app(settings, with_jobs=False).flask.test_client()
    for answer in (client.post("/twilio/voice"), client.get("/healthz"), client.get("/twilio/voice")):
        assert "Content-Security-Policy" not in answer.headers
    assert "Content-Security-Policy" in client.get("/sign-in").headers
    assert client.post("/twilio/voice").status_code == 403
