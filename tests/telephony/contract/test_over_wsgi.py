"""Each provider's paths are served as it names them, and nothing shows a path that is a secret."""

import re

import pytest
from prometheus_client import generate_latest
from werkzeug.exceptions import NotFound
from werkzeug.test import Client

from callrouter.telephony.provider import Endpoint
from callrouter.web.gate import Beside
from callrouter.web.webhooks import Webhooks
from tests.schedules import CLOSED_HOUR, GUARD_1
from tests.telephony.contract.elks_line import SECRET, ElksLine
from tests.telephony.contract.line import Happening, Line
from tests.telephony.contract.talk import Talk


def served(talk: Talk) -> Client:
    """The provider's paths, and nothing behind them."""
    paths = frozenset(talk.line.provider.paths)
    return Client(Beside(Webhooks(talk.voice), NotFound(), paths))


@pytest.mark.parametrize("endpoint", Endpoint)
def test_every_endpoint_answers_a_post_and_nothing_else(line: Line, endpoint: Endpoint) -> None:
    talk = Talk(line)
    client, path = served(talk), talk.path(endpoint)
    genuine = line.request(path, Happening(at=CLOSED_HOUR))
    answer = client.post(path, data=genuine.body, headers=genuine.headers)
    assert answer.status_code in (200, 204)
    assert client.get(path).status_code == 405


def test_a_call_that_comes_in_is_answered_in_the_providers_language(line: Line) -> None:
    talk = Talk(line)
    path = talk.path(Endpoint.INCOMING)
    genuine = line.request(path, Happening(at=CLOSED_HOUR))
    answer = served(talk).post(path, data=genuine.body, headers=genuine.headers)
    assert GUARD_1.e164 in answer.text
    assert answer.content_type == line.provider.render_pick_up(None).content_type


def test_a_guessed_path_is_no_path() -> None:
    client = served(Talk(ElksLine()))
    assert client.post("/elks/guessed/incoming").status_code == 404


def test_a_secret_path_stands_in_no_metric_and_in_no_event() -> None:
    talk = Talk(ElksLine(), at=CLOSED_HOUR)
    path = talk.path(Endpoint.NEXT) + "?call=forged"
    genuine = talk.line.request(path, Happening(at=CLOSED_HOUR))
    assert served(talk).post(path, data=genuine.body).status_code == 200
    assert talk.log.events[0].facts["reason"] == "BrokenSealError in next"
    assert SECRET not in repr(talk.log.events)
    metrics = generate_latest().decode()
    assert re.search(r'^callrouter_webhook_seconds_count\{endpoint="next"\}', metrics, re.MULTILINE)
    assert SECRET not in metrics
