"""What a deployment does: other workers, or another service beside the one that is there."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.faults import ways
from tests.service import PATIENCE_SECONDS, RunningService, until


@contextmanager
def another_schedule(service: RunningService, text: str) -> Iterator[None]:
    """Another service answers on the held socket and writes to the same database, by another schedule."""
    begun = len(ways.IS_ON.findall(service.log()))
    other = replace(service, schedule=service.home / "other.yaml", process=None)
    other.schedule.write_text(text, "utf-8")
    other.start()
    until(lambda: len(ways.IS_ON.findall(other.log())) > begun and len(ways.workers(other)) > 1, "the other one is up")
    try:
        yield
    finally:
        assert other.process
        other.process.send_signal(signal.SIGTERM)
        assert other.process.wait(PATIENCE_SECONDS) == 0


@contextmanager
def reloaded(service: RunningService) -> Iterator[None]:
    """SIGHUP: other workers begin, and then the former ones end."""
    assert service.process
    former = ways.workers(service)
    service.process.send_signal(signal.SIGHUP)
    yield
    until(
        lambda: len(ways.workers(service)) == len(former) and not {*former} & {*ways.workers(service)},
        "all are new ones",
    )
