"""The webhooks over WSGI: the bytes of a request reach the signature check as they came over the wire."""

import io
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import run_wsgi_app

from callrouter.telephony.simulator.transport import Request, environ_of
from callrouter.telephony.twilio.links import PATHS
from callrouter.web.webhooks import MOST_BYTES, Webhooks
from tests.schedules import CENTRE, DESK_1
from tests.telephony.twilio.signing import ACCOUNT, BASE, STALE_TOKEN, signed
from tests.web.stage import Stage

FORM = {"AccountSid": ACCOUNT, "CallSid": "CA1", "From": "+46701740650", "To": CENTRE.e164, "CallStatus": "ringing"}
FORM |= {"CallrouterAt": "2026-11-23T10:00:00+00:00", "FromCity": "Malmö", "CallToken": "%7B%22a%22%3A"}
QUERIES = ["", "?", "?a=%2C%27%3A", "?a=,':", "?a=%C3%A5&a=+%20", "?a=1&&b", "?a=%7E~?"]


def app_of(stage: Stage) -> Webhooks:
    return Webhooks(stage.voice)


@pytest.fixture
def app() -> Webhooks:
    return app_of(Stage())


def environ(target: str, form: Mapping[str, str] = FORM, base: str = BASE, **signing: str) -> dict[str, Any]:
    """A genuine request as the server hands it over."""
    request = signed(target, form, base=base, **signing)
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    return environ_of(Request("POST", base + target, request.body, {**kind, **request.headers}))


def answered(app: Webhooks, environ: dict[str, Any]) -> tuple[int, str, bytes]:
    """Status, content type, body."""
    chunks, status, headers = run_wsgi_app(app, environ)
    return int(status.split()[0]), headers.get("Content-Type", ""), b"".join(chunks)


@pytest.mark.parametrize("query", QUERIES)
def test_the_query_is_checked_as_it_was_written(app: Webhooks, query: str) -> None:
    status, kind, body = answered(app, environ("/twilio/voice" + query))
    assert (status, kind) == (200, "text/xml; charset=utf-8")
    assert DESK_1.e164.encode() in body


@pytest.mark.parametrize("query", QUERIES)
def test_a_server_may_call_it_request_uri(app: Webhooks, query: str) -> None:
    given = environ("/twilio/voice" + query)
    given["REQUEST_URI"] = given.pop("RAW_URI")
    assert answered(app, given)[0] == 200


@pytest.mark.parametrize("raw", [None, f"{BASE}/twilio/voice?a=%2C"])
def test_a_server_that_does_not_say_it_still_says_the_query(app: Webhooks, raw: str | None) -> None:
    given = environ("/twilio/voice?a=%2C")
    given["RAW_URI"] = raw
    assert answered(app, given)[0] == 200


@pytest.mark.parametrize("base", [BASE, BASE + ":443"])
def test_what_a_proxy_makes_of_host_and_scheme_is_nothing_to_us(app: Webhooks, base: str) -> None:
    given = environ("/twilio/voice", base=base)
    given |= {"HTTP_HOST": "10.0.0.7:8000", "wsgi.url_scheme": "http", "SERVER_PORT": "8000"}
    assert answered(app, given)[0] == 200


def test_a_proxy_may_serve_us_under_a_path_of_its_own() -> None:
    """It takes its prefix off; what the provider signed, and what it is told to call next, has it."""
    app, base = app_of(Stage(base=BASE + "/calls")), BASE + "/calls"
    given = environ("/twilio/voice?a=%2C", base=base)
    assert given["RAW_URI"] == "/calls/twilio/voice?a=%2C"
    given |= {"RAW_URI": "/twilio/voice?a=%2C", "PATH_INFO": "/twilio/voice"}
    status, _, body = answered(app, given)
    assert status == 200
    assert f'action="{base}/twilio/voice/next?c='.encode() in body


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_genuine_is_refused(app: Webhooks, path: str) -> None:
    for given in (environ(path, token=STALE_TOKEN), environ(path) | {"HTTP_X_TWILIO_SIGNATURE": "\xe5\xff"}):
        status, kind, body = answered(app, given)
        assert (status, kind) == (403, "text/plain; charset=utf-8")
        assert body == b"The request is not signed by our telephony provider.\n"
    given = environ(path)
    del given["HTTP_X_TWILIO_SIGNATURE"]
    assert answered(app, given)[0] == 403


@pytest.mark.parametrize("path", PATHS)
def test_a_request_without_a_body_is_refused(app: Webhooks, path: str) -> None:
    empty = environ(path) | {"wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""}
    assert answered(app, empty)[0] == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("path", PATHS)
def test_only_post_is_answered(app: Webhooks, path: str, method: str) -> None:
    assert answered(app, environ(path) | {"REQUEST_METHOD": method})[0] == 405


def test_status_callbacks_get_an_empty_204(app: Webhooks) -> None:
    status, _, body = answered(app, environ("/twilio/status", FORM | {"CallStatus": "completed"}))
    assert (status, body) == (204, b"")


class TestSize:
    def test_up_to_a_megabyte_is_read(self, app: Webhooks) -> None:
        form = FORM | {"New": "x" * (MOST_BYTES - len(urlencode(FORM)) - len("&New="))}
        assert answered(app, environ("/twilio/voice", form))[0] == 200

    @pytest.mark.parametrize("path", PATHS)
    def test_more_is_not(self, app: Webhooks, path: str) -> None:
        assert answered(app, environ(path, FORM | {"New": "x" * MOST_BYTES}))[0] == 413

    def test_a_body_that_does_not_say_its_length_is_read_no_further(self, app: Webhooks) -> None:
        given = environ("/twilio/voice", FORM | {"New": "x" * 10 * MOST_BYTES})
        del given["CONTENT_LENGTH"]
        given |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        assert answered(app, given)[0] == 403
        assert given["wsgi.input"].tell() == MOST_BYTES

    def test_a_body_in_chunks_is_read(self, app: Webhooks) -> None:
        given = environ("/twilio/voice")
        del given["CONTENT_LENGTH"]
        given |= {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
        assert answered(app, given)[0] == 200
