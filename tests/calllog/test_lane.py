"""The lane: group commit, one bad entry alone, an outage for all, and an end."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from callrouter.calllog.entry import Entry
from callrouter.calllog.lane import Lane
from tests.calllog.told import arrival
from tests.service import until


class Disk:
    """What a lane writes to: it can be made to wait, to refuse single entries, and to fail for all."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.written: list[str] = []
        self.refuses: set[str] = set()
        self.outage: Exception | None = None
        self.may_go_on = Event()
        self.may_go_on.set()

    def write(self, entries: Sequence[Entry]) -> None:
        self.batches.append([entry.call_id for entry in entries])
        assert self.may_go_on.wait(10)
        if self.outage:
            raise self.outage
        if bad := self.refuses & set(self.batches[-1]):
            raise ValueError(f"{bad} make no sense")
        self.written += self.batches[-1]


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def lane(disk: Disk) -> Iterator[Lane[Entry]]:
    lane = Lane("test", disk.write)
    lane.start()
    yield lane
    disk.may_go_on.set()
    lane.stop()
    assert not lane.is_alive


@pytest.fixture
def submit(lane: Lane[Entry]) -> Iterator[Callable[[str], Future[bool]]]:
    """Hand over an entry in a thread of its own, as a request does."""
    with ThreadPoolExecutor(8) as requests:
        yield lambda call_id: requests.submit(lane.submit, arrival(call_id), 5.0)


def held_up(lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]], *call_ids: str) -> list[Future[bool]]:
    """Let *call_ids* wait together behind an entry that is being written."""
    disk.may_go_on.clear()
    first = submit("CA0")
    until(lambda: disk.batches, "the first entry is being written")
    others = [submit(call_id) for call_id in call_ids]
    until(lambda: lane.depth == len(call_ids), "the others wait")
    return [first, *others]


def test_an_entry_is_written_before_submit_says_so(lane: Lane[Entry], disk: Disk) -> None:
    assert lane.submit(arrival(), 5.0)
    assert disk.written == ["CA1"]


def test_those_that_wait_are_written_together(
    lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]
) -> None:
    requests = held_up(lane, disk, submit, "CA1", "CA2", "CA3")
    disk.may_go_on.set()
    assert [request.result(5) for request in requests] == [True] * 4
    assert [sorted(batch) for batch in disk.batches] == [["CA0"], ["CA1", "CA2", "CA3"]]


def test_a_bad_entry_takes_no_other_with_it(
    lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]
) -> None:
    requests = held_up(lane, disk, submit, "CA1", "CA2", "CA3")
    disk.refuses = {"CA2"}
    disk.may_go_on.set()
    assert [request.result(5) for request in requests] == [True, True, False, True]
    assert sorted(disk.written) == ["CA0", "CA1", "CA3"]
    assert lane.last_error is None


@pytest.mark.parametrize(
    "outage",
    [
        OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked")),
        PoolTimeoutError("QueuePool limit reached"),
        OSError("no space left on device"),
        RuntimeError("nobody thought of this"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_during_an_outage_nothing_is_tried_one_by_one(
    lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]], outage: Exception
) -> None:
    requests = held_up(lane, disk, submit, "CA1", "CA2")
    disk.outage = outage
    disk.may_go_on.set()
    assert [request.result(5) for request in requests] == [False] * 3
    assert len(disk.batches) == 2
    assert lane.last_error
    assert type(outage).__name__ in lane.last_error
    disk.outage = None
    assert lane.submit(arrival("CA4"), 5.0)
    assert lane.last_error is None


def test_a_request_waits_no_longer_than_it_may(
    lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]
) -> None:
    held_up(lane, disk, submit)
    assert not lane.submit(arrival("CA1"), 0.01)
    disk.may_go_on.set()
    until(lambda: "CA1" in disk.written, "it is written all the same, later")


def test_who_goes_before_the_end_keeps_no_other_waiting(
    lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]
) -> None:
    requests = held_up(lane, disk, submit, "CA1", "CA2")
    assert not lane.submit(arrival("CA3"), 0.01)
    last = submit("CA4")
    until(lambda: lane.depth == 4, "all wait together")
    disk.may_go_on.set()
    assert [request.result(5) for request in (*requests, last)] == [True] * 4
    assert [sorted(batch) for batch in disk.batches] == [["CA0"], ["CA1", "CA2", "CA3", "CA4"]]


def test_a_full_queue_is_told_at_once(lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]) -> None:
    held_up(lane, disk, submit)
    entry = arrival("CA1")
    for _ in range(10_000):
        assert not lane.submit(entry, 0)
    assert lane.depth == 10_000
    assert not lane.submit(entry, 5.0)
    assert lane.depth == 10_000
    disk.may_go_on.set()
    until(lambda: lane.depth == 0, "what waited is written")
    assert lane.submit(arrival("CA2"), 5.0)
    assert max(len(batch) for batch in disk.batches) == 200


def test_stop_writes_what_waits(lane: Lane[Entry], disk: Disk, submit: Callable[[str], Future[bool]]) -> None:
    requests = held_up(lane, disk, submit, "CA1", "CA2")
    with ThreadPoolExecutor(1) as stopper:
        stopping = stopper.submit(lane.stop)
        until(lambda: lane._queue.qsize() == 2, "the end waits behind their batch")  # noqa: SLF001
        disk.may_go_on.set()
        stopping.result(5)
    assert [request.result(5) for request in requests] == [True] * 3
    assert not lane.is_alive
    assert not lane.submit(arrival("CA3"), 0.01)


def test_stop_does_nothing_to_a_lane_that_never_began() -> None:
    Lane("test", Disk().write).stop()


def test_only_what_hangs_no_more_is_forgiven(lane: Lane[Entry], disk: Disk) -> None:
    disk.may_go_on.clear()
    disk.outage = OSError("no space left on device")
    assert not lane.submit(arrival(), 0.01)
    lane.forgive()
    assert lane.is_stuck
    disk.may_go_on.set()
    until(lambda: lane.last_error, "the write has failed")

    def is_forgiven() -> bool:
        lane.forgive()
        return not lane.is_stuck and lane.last_error is None

    until(is_forgiven, "it hangs no more")
