"""Traces for an OpenTelemetry collector, where that is wanted: a trace a call, a span a webhook; a trace a job's run.

They are made of what the log says of each answer and run, tell nothing that it does not, and no numbers; they are sent
by a thread.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from typing import Any

from callrouter.logs.scrub import scrubbed_all

TOLD = ("call", "endpoint", "unit", "state", "decided_by", "reason", "destination", "job", "slot")
"""What of an answer or a run becomes an attribute, if it is there."""

_TIMED = tuple(map(logging.getLogger, ("callrouter.web.voice", "callrouter.jobs.scheduler")))


def begin(endpoint: str | None, exporter: Any = None) -> Callable[[], None]:
    """Send from this process on, over OTLP and HTTP; None: nowhere. What is returned sends the rest and ends it.

    Begun after the fork: the thread that sends does not outlive one.

    Raises:
        ImportError: the extra `opentelemetry` is not installed.
    """
    if endpoint is None:
        return lambda: None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource({"service.name": "callrouter"}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter(endpoint=endpoint)))
    spans = _Spans(provider.get_tracer("callrouter"))
    for logger in _TIMED:
        logger.addHandler(spans)

    def end() -> None:
        for logger in _TIMED:
            logger.removeHandler(spans)
        provider.shutdown()

    return end


class _Spans(logging.Handler):
    """Makes a span of each line that tells how long an answer or a run took."""

    def __init__(self, tracer: Any) -> None:
        super().__init__()
        self._tracer = tracer

    def emit(self, record: logging.LogRecord) -> None:
        """Never raises: somebody is on the line."""
        took = getattr(record, "ms", None)
        if took is None:
            return
        try:
            self._tell(vars(record), took)
        except Exception:  # noqa: BLE001 - as any handler does
            self.handleError(record)

    def _tell(self, told: Mapping[str, Any], took: float) -> None:
        end = int(told["created"] * 1e9)
        about = scrubbed_all({f"callrouter.{name}": str(told[name]) for name in TOLD if told.get(name) is not None})
        name, of = _of_run(told) if "job" in told else (str(told["endpoint"]), str(told["call"]))
        span = self._tracer.start_span(name, _trace_of(of), attributes=about, start_time=end - int(took * 1e6))
        if told["levelno"] >= logging.ERROR:
            span.set_status(_error())
        span.end(end_time=end)


def _of_run(told: Mapping[str, Any]) -> tuple[str, str]:
    return f"job {told['job']}", f"job {told['job']} {told['slot']}"


def _error() -> Any:
    from opentelemetry.trace import StatusCode

    return StatusCode.ERROR


def _trace_of(call: str) -> Any:
    """The trace of a call or a run is named by it, so that all processes and machines tell of the same one."""
    from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

    name = hashlib.sha256(call.encode()).digest()
    root = SpanContext(int.from_bytes(name[:16]), int.from_bytes(name[16:24]), True, TraceFlags(TraceFlags.SAMPLED))
    return set_span_in_context(NonRecordingSpan(root))
