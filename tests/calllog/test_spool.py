"""The spool: what it says is kept is kept, comes back once, and nobody reads a number in it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from types import FrameType

import pytest
from sqlalchemy.exc import OperationalError

from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.spool import Spool
from callrouter.sealing import Sealer
from tests.calllog.disks import no_file_longer_than
from tests.calllog.told import CITIZEN, DIGITS, SEALER, arrival, event_count, poison

ROOT = Path(__file__).parents[2]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "var" / "spool"


@pytest.fixture
def spool(directory: Path) -> Iterator[Spool]:
    spool = Spool(directory, SEALER)
    yield spool
    spool.close()


@pytest.fixture
def came() -> list[Entry]:
    """What was replayed: pass `came.extend` as what writes it."""
    return []


def files(directory: Path, ending: str = "jsonl") -> list[Path]:
    return sorted(directory.glob(f"*.{ending}"))


def test_what_went_in_comes_out_once(spool: Spool, directory: Path, came: list[Entry]) -> None:
    entries = [arrival("CA1"), arrival("CA2", number=None)]
    spool.append(entries)
    assert spool.depth() == 1
    assert spool.replay(came.extend) == 2
    assert came == entries
    assert spool.replay(came.extend) == 0
    assert (spool.depth(), list(directory.iterdir())) == (0, [])


def test_nobody_can_read_the_number(spool: Spool, directory: Path) -> None:
    spool.append([arrival()])
    (file,) = directory.iterdir()
    assert DIGITS not in file.read_bytes()
    assert b"CA1" in file.read_bytes()


def test_without_the_key_the_events_come_and_the_file_stays(spool: Spool, directory: Path, came: list[Entry]) -> None:
    spool.append([arrival()])
    spool.close()
    other = Spool(directory, Sealer("another secret than the one that sealed it"))
    assert other.replay(came.extend) == 1
    assert came == [arrival(number=None)]
    (kept,) = files(directory, "damaged")
    kept.rename(kept.with_suffix(".jsonl"))
    came.clear()
    assert spool.replay(came.extend) == 1
    assert came[0].number == CITIZEN


def test_a_line_torn_at_any_byte_costs_no_whole_one(
    spool: Spool, directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.append([arrival("CA1")])
    (file,) = files(directory)
    start_of_last = file.stat().st_size
    spool.append([arrival("CA2")])
    content = file.read_bytes()
    for end in range(start_of_last, len(content) + 1):
        torn = Spool(tmp_path / str(end), SEALER)
        torn.check()
        (tmp_path / str(end) / "dead.jsonl").write_bytes(content[:end])
        came: list[Entry] = []
        torn.replay(came.extend)
        lacks_only_its_end = end >= len(content) - 1
        assert [entry.call_id for entry in came] == (["CA1", "CA2"] if lacks_only_its_end else ["CA1"]), end
        is_damaged = start_of_last < end < len(content) - 1
        assert (torn.depth(), torn.damaged()) == (0, int(is_damaged)), end
        if is_damaged:
            assert (tmp_path / str(end) / "dead.damaged").read_bytes() == content[:end]
    assert len(caplog.messages) == len(content) - start_of_last - 2
    assert set(caplog.messages) == {"spool: 1 damaged or refused lines kept in dead.damaged"}


def test_a_byte_that_flipped_is_never_taken_for_the_truth(spool: Spool, directory: Path, tmp_path: Path) -> None:
    spool.append([arrival("CA1", number=None)])
    (file,) = files(directory)
    content = file.read_bytes()
    for place in range(len(content) - 1):
        flipped = Spool(tmp_path / str(place), SEALER)
        flipped.check()
        spoilt = bytearray(content)
        spoilt[place] ^= 0x04
        (tmp_path / str(place) / "dead.jsonl").write_bytes(spoilt)
        came: list[Entry] = []
        flipped.replay(came.extend)
        assert came in ([], [arrival("CA1", number=None)]), place
        assert flipped.damaged() == int(not came)


def test_it_is_on_the_disk_before_append_returns(spool: Spool, directory: Path) -> None:
    """Seen through the interpreter's own profiler: fsync is called, and then the entry is already in the file."""
    seen: list[bool] = []

    def watch(_frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called is os.fsync:
            seen.append(any(b"CA2" in file.read_bytes() for file in files(directory)))

    spool.append([arrival("CA1")])
    sys.setprofile(watch)
    try:
        spool.append([arrival("CA2")])
    finally:
        sys.setprofile(None)
    assert seen == [True]


def test_the_name_of_a_new_file_is_on_the_disk_too(spool: Spool, directory: Path) -> None:
    synced: list[str] = []

    def watch(frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called is os.fsync:
            descriptor = frame.f_locals.get("descriptor")
            synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()) if descriptor else "the file")

    sys.setprofile(watch)
    try:
        spool.append([arrival()])
    finally:
        sys.setprofile(None)
    assert synced == [str(directory), "the file"]


class TestFullDisk:
    def test_half_a_line_is_cut_off_and_the_next_append_goes_on(
        self, spool: Spool, directory: Path, came: list[Entry]
    ) -> None:
        spool.append([arrival("CA1")])
        (file,) = files(directory)
        length = file.stat().st_size
        with no_file_longer_than(length + 40), pytest.raises(OSError, match="large"):
            spool.append([arrival("CA2")])
        assert file.stat().st_size == length
        spool.append([arrival("CA3")])
        assert spool.replay(came.extend) == 2
        assert sorted(entry.call_id for entry in came) == ["CA1", "CA3"]
        assert spool.damaged() == 0

    def test_it_leaves_no_litter(self, spool: Spool, directory: Path) -> None:
        with no_file_longer_than(40):
            for _ in range(3):
                with pytest.raises(OSError, match="large"):
                    spool.append([arrival("CA1")])
        assert list(directory.iterdir()) == []


def test_a_file_in_place_of_the_directory_is_told(spool: Spool, directory: Path) -> None:
    directory.parent.mkdir(parents=True)
    directory.write_text("in the way")
    for attempt in (spool.check, lambda: spool.append([arrival()])):
        with pytest.raises(FileExistsError, match="spool"):
            attempt()
    assert (spool.depth(), spool.damaged()) == (0, 0)


class TestReplay:
    def test_an_outage_leaves_the_file_as_it_was(self, spool: Spool, directory: Path, came: list[Entry]) -> None:
        spool.append([arrival()])
        content = files(directory)[0].read_bytes()

        def fail(_entries: Sequence[Entry]) -> None:
            raise OperationalError("INSERT", {}, Exception("database is locked"))

        with pytest.raises(OperationalError):
            spool.replay(fail)
        assert files(directory)[0].read_bytes() == content
        assert spool.replay(came.extend) == 1

    def test_a_refused_entry_takes_no_other_with_it(self, spool: Spool, came: list[Entry]) -> None:
        def write(entries: Sequence[Entry]) -> None:
            if any(entry.call_id == "CA-poison" for entry in entries):
                raise ValueError("a naive time cannot be stored")
            came.extend(entries)

        spool.append([arrival("CA1"), poison(), arrival("CA2")])
        spool.replay(write)
        assert [entry.call_id for entry in came] == ["CA1", "CA2"]
        assert (spool.depth(), spool.damaged()) == (0, 1)

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
            for appending in [threads.submit(append, thread) for thread in range(3)]:
                appending.result(20)
            is_over.set()
            for each in replaying:
                each.result(5)
        Spool(directory, SEALER).replay(came.extend)
        assert len({entry.call_id for entry in came}) == 180
        assert list(directory.iterdir()) == []


class Spooler:
    """Another process at the same spool."""

    def __init__(self, task: str, directory: Path, target: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.calllog.spooler", task, str(directory), target],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def is_ready(self) -> bool:
        """Wait until it says so."""
        assert self.process.stdout
        return self.process.stdout.readline() == "ready\n"

    def goes_on(self) -> None:
        """Let it do the rest."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def last_words(self) -> str:
        """What it said after that."""
        said, _ = self.process.communicate(timeout=20)
        assert self.process.returncode == 0
        return said


class TestProcesses:
    def test_the_file_of_a_living_process_is_its_own_and_that_of_a_dead_one_is_not(
        self, spool: Spool, directory: Path, came: list[Entry]
    ) -> None:
        other = Spooler("append", directory, "CA1")
        try:
            assert other.is_ready()
            assert spool.replay(came.extend) == 0
            assert spool.depth() == 1
        finally:
            other.process.kill()
            other.process.communicate(timeout=20)
        assert spool.replay(came.extend) == 1
        assert came == [arrival("CA1")]

    def test_two_at_once_write_each_event_once(self, sqlite_url: str, directory: Path) -> None:
        for number in range(40):
            spool = Spool(directory, SEALER)
            spool.append([arrival(f"CA{number}-{entry}") for entry in range(3)])
            spool.close()
        others = [Spooler("replay", directory, sqlite_url) for _ in range(2)]
        assert all(other.is_ready() for other in others)
        for other in others:
            other.goes_on()
        replayed = [int(other.last_words()) for other in others]
        database = Database(sqlite_url)
        assert event_count(database) == 40 * 3 * 2
        database.close()
        assert sum(replayed) == 40 * 3
        assert list(directory.iterdir()) == []
