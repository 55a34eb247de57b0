"""What balancers, people and Prometheus are told."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callrouter.web import health, metrics
from tests.web.stage import Stage, broken_schedule

WELL: Mapping[str, Any] = {"ok": True, "waiting": 0}
ILL: Mapping[str, Any] = {"ok": False, "error": "disk full"}


def client(**parts: Mapping[str, Any]) -> FlaskClient:
    app = Flask(__name__)
    conditions = {name: (lambda said=said: said) for name, said in parts.items()}
    app.register_blueprint(health.blueprint(conditions, lambda: metrics.WAITING.set(7)))
    return app.test_client()


@pytest.mark.parametrize("part", [WELL, ILL])
def test_healthz_answers_whatever_is_broken_behind_it(part: Mapping[str, Any]) -> None:
    answer = client(recorder=part).get("/healthz")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "ok\n", "text/plain")


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ({"recorder": WELL, "schedule": WELL}, 200),
        ({"recorder": WELL, "schedule": ILL}, 503),
        ({"recorder": ILL, "schedule": WELL}, 503),
        ({"recorder": ILL, "schedule": ILL}, 503),
    ],
)
def test_readyz_tells_of_each_part(parts: dict[str, Mapping[str, Any]], status: int) -> None:
    answer = client(**parts).get("/readyz")
    assert answer.status_code == status
    assert answer.json == {"ready": status == 200, **parts}


def test_metrics_are_measured_when_they_are_asked_for() -> None:
    answer = client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert "callrouter_recorder_waiting 7.0" in answer.text


def counted(name: str) -> float:
    """The value of a series in what Prometheus would read."""
    lines = client().get("/metrics").text.splitlines()
    return next((float(line.rpartition(" ")[2]) for line in lines if line.startswith(name + " ")), 0.0)


def test_decisions_fail_safes_and_refusals_are_counted() -> None:
    series = (
        'callrouter_decisions_total{decided_by="hours",state="open"}',
        "callrouter_fail_safes_total",
        "callrouter_refused_webhooks_total",
    )
    before = [counted(name) for name in series]
    Stage().calls()
    Stage(schedule=broken_schedule).calls()
    stage = Stage()
    stage.voice.handle("/twilio/voice", stage.unsigned("/twilio/voice"))
    assert [counted(name) - was for name, was in zip(series, before, strict=True)] == [1, 1, 1]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_only_read(path: str) -> None:
    assert client(recorder=WELL).post(path).status_code == 405


TOKEN = "t" * 40


@pytest.mark.parametrize(
    ("address", "headers", "token", "may"),
    [
        ("127.0.0.1", {}, None, True),
        ("::1", {}, TOKEN, True),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, None, False),
        ("127.0.0.1", {"Via": "1.1 proxy"}, None, False),
        ("192.0.2.7", {}, None, False),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, TOKEN, True),
        ("127.0.0.1", {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7"}, TOKEN, True),
        ("192.0.2.7", {"Authorization": "Bearer wrong"}, TOKEN, False),
        ("192.0.2.7", {"Authorization": "Bearer "}, None, False),
        ("192.0.2.7", {"Authorization": "Bearer å"}, TOKEN, False),
    ],
)
def test_who_may_read_metrics_and_what_is_degraded(
    address: str, headers: dict[str, str], token: str | None, may: bool
) -> None:
    app = Flask(__name__)
    app.register_blueprint(health.blueprint({"recorder": lambda: ILL}, lambda: None, token))
    asked = {"environ_base": {"REMOTE_ADDR": address}, "headers": headers}
    metrics_answer, ready = (app.test_client().get(path, **asked) for path in ("/metrics", "/readyz"))
    assert metrics_answer.status_code == (200 if may else 403)
    assert ready.status_code == 503, "everybody is told whether it is ready"
    assert ready.json == {"ready": False} | ({"recorder": ILL} if may else {})
