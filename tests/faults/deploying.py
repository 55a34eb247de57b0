"""What a deployment does: other workers, or another service beside the one that is there."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tests.faults import ways
from tests.service import PATIENCE_SECONDS, RunningService, until

_IS_ON = re.compile("callrouter (is on|answers calls)")
"""What the service says once it has begun: on the phone network, and for real."""


def another(service: RunningService) -> "subprocess.Popen[str]":
    """Begin another service on the held socket; the former, which is there still."""
    former, begun = service.process, len(_IS_ON.findall(service.log()))
    assert former
    service.start()
    until(lambda: len(_IS_ON.findall(service.log())) > begun and len(ways.workers(service)) > 1, "the new one is up")
    return former


@contextmanager
def released(service: RunningService) -> Iterator[None]:
    """Another service begins on the held socket, then the first ends: two that are restarted one after the other."""
    first = another(service)
    first.send_signal(signal.SIGTERM)
    yield
    assert first.wait(PATIENCE_SECONDS) == 0


@contextmanager
def another_schedule(service: RunningService, text: str) -> Iterator[None]:
    """Another service answers on the held socket and writes to the same database, by another schedule."""
    other = replace(service, schedule=service.home / "other.yaml")
    other.schedule.write_text(text, "utf-8")
    another(other)
    try:
        yield
    finally:
        assert other.stop() == 0


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
