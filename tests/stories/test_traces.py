"""What an OpenTelemetry collector is sent, over its own protocol: a call as a trace, and nothing personal."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from callrouter.telephony.simulator import answers
from tests.schedules import CENTRE, GUARD_1
from tests.service import RunningService, until
from tests.stories.collector import Collector, collecting
from tests.stories.conftest import Phones
from tests.stories.leaks import Leaks
from tests.stories.test_logs import CITIZEN, SUNDAY_22

pytest.importorskip("opentelemetry.sdk", reason="the extra `opentelemetry` is not installed")

SCHEDULE = Path(__file__).parent / "schedule.yaml"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as server:
        yield server


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
