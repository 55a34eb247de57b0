"""A recorder as a process has it, for tests that break what is behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.recorder import Recorded, Recorder
from callrouter.calllog.spool import Spool
from callrouter.clock import monotonic
from tests.calllog.told import PSEUDONYMIZER, SEALER
from tests.service import until

DEADLINE_SECONDS = 2.0
"""1.0 s for the database, 0.5 s for the spool, and something for a busy machine: by then the answer is out."""


@contextmanager
def recording(database: Database, spool_dir: Path) -> Iterator[Recorder]:
    """A running recorder; stopped at the end."""
    recorder = Recorder(database, Spool(spool_dir, SEALER), PSEUDONYMIZER, retry_seconds=0.05)
    recorder.start()
    try:
        yield recorder
    finally:
        recorder.stop()


def is_well(recorder: Recorder) -> Callable[[], bool]:
    """Whether everything goes to the database, and nothing waits to be folded."""

    def ask() -> bool:
        condition = recorder.condition()
        return bool(condition["ok"]) and condition["unfolded_calls"] == 0

    return ask


def becomes_well(recorder: Recorder) -> None:
    """Wait until all is well again, without a hand."""
    until(is_well(recorder), f"all is well again: {recorder.condition()}", 10)


def falls_ill(recorder: Recorder) -> None:
    """Wait until it shows that something is wrong."""
    until(lambda: not recorder.condition()["ok"], "it shows", 10)


def in_time(recorder: Recorder, entry: Entry) -> Recorded:
    """Record, and see that no caller had to wait for it."""
    began = monotonic()
    where = recorder.record(entry)
    assert monotonic() - began < DEADLINE_SECONDS
    return where
