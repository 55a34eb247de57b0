"""The replay: what was spooled comes back once, whoever else is at the spool."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy.exc import OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.spool import Spool
from callrouter.calllog.writes import write_entries
from tests.calllog.disks import no_file_longer_than
from tests.calllog.told import PSEUDONYMIZER, SEALER, arrival, event_count, poison

ROOT = Path(__file__).parents[2]


def content_of(directory: Path) -> dict[str, bytes]:
    """What stands in the spool, by file."""
    return {file.name: file.read_bytes() for file in directory.iterdir()}


def as_line_of(call_id: str, content: bytes) -> bytes:
    (line,) = [line for line in content.splitlines(keepends=True) if call_id.encode() in line]
    return line


class TestReplay:
    def test_an_outage_leaves_the_file_as_it_was(self, spool: Spool, directory: Path, came: list[Entry]) -> None:
        spool.append([arrival()])
        content = content_of(directory)

        def fail(_entries: Sequence[Entry]) -> None:
            raise OperationalError("INSERT", {}, Exception("database is locked"))

        with pytest.raises(OperationalError):
            spool.replay(fail)
        assert content_of(directory) == content
        assert spool.replay(came.extend) == 1

    def test_a_refused_entry_takes_no_other_with_it(self, spool: Spool, directory: Path, came: list[Entry]) -> None:
        def write(entries: Sequence[Entry]) -> None:
            if any(entry.call_id == "CA-poison" for entry in entries):
                raise ValueError("a naive time cannot be stored")
            came.extend(entries)

        spool.append([arrival("CA1"), poison(), arrival("CA2")])
        (before,) = content_of(directory).values()
        spool.replay(write)
        assert [entry.call_id for entry in came] == ["CA1", "CA2"]
        assert (spool.depth(), spool.damaged()) == (0, 1)
        (kept,) = directory.iterdir()
        assert kept.read_bytes() == as_line_of("CA-poison", before), "the numbers of the others do not stay"

    def test_a_disk_that_takes_no_copy_keeps_the_file(self, spool: Spool, directory: Path, came: list[Entry]) -> None:
        """It is replayed again, which adds nothing, until what is torn has its own file."""
        spool.append([arrival("CA1")])
        spool.close()
        (file,) = directory.iterdir()
        file.write_bytes(file.read_bytes() + b"torn")
        before = content_of(directory)
        with no_file_longer_than(2), pytest.raises(OSError, match="large"):
            spool.replay(came.extend)
        assert content_of(directory) | before == content_of(directory)
        assert spool.damaged() == 0
        spool.replay(came.extend)
        assert list(content_of(directory).values()) == [b"torn"]

    def test_a_long_file_comes_in_several_transactions(self, spool: Spool) -> None:
        sizes: list[int] = []
        spool.append([arrival(number=None)] * 450)
        spool.replay(lambda entries: sizes.append(len(entries)))
        assert sizes == [200, 200, 50]

    def test_what_cannot_be_read_keeps_nothing_else_back(
        self, spool: Spool, directory: Path, came: list[Entry]
    ) -> None:
        (directory / "0.jsonl").mkdir(parents=True)
        spool.append([arrival()])
        with pytest.raises(IsADirectoryError):
            spool.replay(came.extend)
        assert came == [arrival()]

    def test_appending_goes_on_meanwhile(self, spool: Spool, came: list[Entry]) -> None:
        """The database that a replay waits for must not keep a request from the spool."""
        is_writing, may_go_on = Event(), Event()

        def write(entries: Sequence[Entry]) -> None:
            is_writing.set()
            assert may_go_on.wait(10)
            came.extend(entries)

        spool.append([arrival("CA1")])
        with ThreadPoolExecutor(2) as threads:
            replaying = threads.submit(spool.replay, write)
            assert is_writing.wait(5)
            try:
                threads.submit(spool.append, [arrival("CA2")]).result(5)
            finally:
                may_go_on.set()
            assert replaying.result(5) == 1
        assert spool.replay(came.extend) == 1
        assert [entry.call_id for entry in came] == ["CA1", "CA2"]

    def test_what_another_process_replays_right_now_is_left_to_it(self, spool: Spool, directory: Path) -> None:
        is_writing, may_go_on = Event(), Event()

        def write(_entries: Sequence[Entry]) -> None:
            is_writing.set()
            assert may_go_on.wait(10)

        spool.append([arrival("CA1")])
        with ThreadPoolExecutor(1) as threads:
            replaying = threads.submit(spool.replay, write)
            assert is_writing.wait(5)
            came: list[Entry] = []
            try:
                assert Spool(directory, SEALER).replay(came.extend) == 0
            finally:
                may_go_on.set()
            assert (replaying.result(5), came) == (1, [])

    def test_two_at_once_write_each_event_once(self, url: str, directory: Path) -> None:
        for number in range(30):
            spool = Spool(directory, SEALER)
            spool.append([arrival(f"CA{number}-{entry}") for entry in range(3)])
            spool.close()
        together = Barrier(2)

        def process(_number: int) -> int:
            database = Database(url)
            together.wait(10)
            count = Spool(directory, SEALER).replay(partial(write_entries, database, PSEUDONYMIZER))
            database.close()
            return count

        with ThreadPoolExecutor(2) as threads:
            replayed = list(threads.map(process, range(2)))
        database = Database(url)
        assert event_count(database) == 30 * 3 * 2
        database.close()
        assert sum(replayed) == 30 * 3
        assert list(directory.iterdir()) == []

    def test_a_file_that_begins_meanwhile_is_not_taken_away(self, directory: Path) -> None:
        """Several processes begin files while another one replays without a pause: not one entry is lost."""
        came: list[Entry] = []
        is_over = Event()

        def replay() -> None:
            spool = Spool(directory, SEALER)
            while not is_over.is_set():
                spool.replay(came.extend)

        def append(thread: int) -> None:
            for number in range(60):
                spool = Spool(directory, SEALER)
                spool.append([arrival(f"CA{thread}-{number}", number=None)])
                spool.close()

        with ThreadPoolExecutor(5) as threads:
            replaying = [threads.submit(replay) for _ in range(2)]
            try:
                for appending in [threads.submit(append, thread) for thread in range(3)]:
                    appending.result(20)
            finally:
                is_over.set()
            for each in replaying:
                each.result(5)
        Spool(directory, SEALER).replay(came.extend)
        assert len({entry.call_id for entry in came}) == 180
        assert list(directory.iterdir()) == []


def test_the_file_of_a_living_process_is_its_own_and_that_of_a_dead_one_is_not(
    spool: Spool, directory: Path, came: list[Entry]
) -> None:
    command = [sys.executable, "-m", "tests.calllog.spooler", str(directory), "CA1"]
    other = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        assert spool.replay(came.extend) == 0
        assert spool.depth() == 1
    finally:
        other.kill()
        other.communicate(timeout=20)
    assert spool.replay(came.extend) == 1
    assert came == [arrival("CA1")]
