"""What an OpenTelemetry collector is sent, over its own protocol: a call as a trace, and nothing personal."""

import gzip
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from callrouter.telephony.simulator import answers
from tests.schedules import CENTRE, GUARD_1
from tests.service import RunningService, until
from tests.stories.conftest import Phones
from tests.stories.leaks import Leaks
from tests.stories.test_logs import CITIZEN, SUNDAY_22

pytest.importorskip("opentelemetry.sdk", reason="the extra `opentelemetry` is not installed")

SCHEDULE = Path(__file__).parent / "schedule.yaml"


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/traces"

    def spans(self) -> list[Any]:
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        told = [ExportTraceServiceRequest.FromString(body) for body in self.taken]
        return [span for each in told for of in each.resource_spans for scope in of.scope_spans for span in scope.spans]


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def about(span: Any) -> Mapping[str, str]:
    return {each.key.removeprefix("callrouter."): each.value.string_value for each in span.attributes}


def test_a_call_is_one_trace_with_a_span_a_webhook(collector: Collector, tmp_path: Path) -> None:
    service = RunningService(tmp_path, SCHEDULE, given={"CALLROUTER_OTLP_ENDPOINT": collector.url})
    service.start()
    stage = Phones(service)
    stage.on(GUARD_1, does=answers())
    calls = [stage.call(CENTRE, at=SUNDAY_22, from_=CITIZEN) for _ in range(2)]
    service.stop()
    until(collector.spans, "they are sent as the service stops")
    for call in calls:
        spans = [span for span in collector.spans() if about(span)["call"] == call.sid]
        assert {span.name for span in spans} >= {"incoming", "next"}
        assert len({span.trace_id for span in spans}) == 1
        assert all(0 <= span.end_time_unix_nano - span.start_time_unix_nano < 10e9 for span in spans)
    first = next(span for span in collector.spans() if span.name == "incoming")
    expected = {"unit": "centre", "state": "closed", "decided_by": "hours", "destination": "security"}
    assert about(first).items() >= expected.items()
    assert len({span.trace_id for span in collector.spans()}) == len(calls)
    assert Leaks(CITIZEN).found_in(repr(collector.taken) + repr(collector.spans())) == []


def test_a_collector_that_is_away_costs_no_call(tmp_path: Path) -> None:
    service = RunningService(tmp_path, SCHEDULE, given={"CALLROUTER_OTLP_ENDPOINT": "http://127.0.0.1:9/v1/traces"})
    service.start()
    stage = Phones(service)
    stage.on(GUARD_1, does=answers())
    stage.logged(stage.call(CENTRE, at=SUNDAY_22, from_=CITIZEN))
    service.stop()
