"""The spool: what it says is kept is kept, comes back once, and nobody reads a number in it."""

import errno
import fcntl
import os
import sys
from pathlib import Path
from types import FrameType

import pytest

from callrouter.calllog.entry import Entry
from callrouter.calllog.spool import Spool
from callrouter.sealing import Sealer
from tests.calllog.disks import no_file_longer_than
from tests.calllog.told import CITIZEN, DIGITS, SEALER, arrival

ROOT = Path(__file__).parents[2]


def files(directory: Path, ending: str = "jsonl") -> list[Path]:
    return sorted(directory.glob(f"*.{ending}"))


def test_what_went_in_comes_out_once(spool: Spool, directory: Path, came: list[Entry]) -> None:
    entries = [arrival("CA1"), arrival("CA2", number=None)]
    spool.append(entries)
    assert (spool.depth(), spool.entries()) == (1, 2)
    assert spool.replay(came.extend) == 2
    assert came == entries
    assert spool.replay(came.extend) == 0
    assert (spool.depth(), spool.entries(), list(directory.iterdir())) == (0, 0, [])


def test_nobody_can_read_the_number(spool: Spool, directory: Path) -> None:
    spool.append([arrival()])
    (file,) = directory.iterdir()
    assert DIGITS not in file.read_bytes()
    assert b"CA1" in file.read_bytes()


def test_without_the_key_the_events_come_and_the_line_stays(spool: Spool, directory: Path, came: list[Entry]) -> None:
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


def test_cut_off_at_any_byte_it_costs_no_whole_line(
    spool: Spool, directory: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spool.append([arrival("CA1"), arrival("CA2")])
    (file,) = files(directory)
    content = file.read_bytes()
    ends = content.index(b"\n"), len(content) - 1
    unharmed = {0, *ends, *(end + 1 for end in ends)}
    """Where a line is cut off before its first byte, or lacks but its end."""
    for cut in range(len(content) + 1):
        torn = Spool(tmp_path / str(cut), SEALER)
        torn.check()
        (tmp_path / str(cut) / "dead.jsonl").write_bytes(content[:cut])
        came: list[Entry] = []
        torn.replay(came.extend)
        assert [entry.call_id for entry in came] == ["CA1", "CA2"][: sum(cut >= end for end in ends)], cut
        assert (torn.depth(), torn.damaged()) == (0, int(cut not in unharmed)), cut
        if cut not in unharmed:
            whole = content.rfind(b"\n", 0, cut) + 1
            assert (tmp_path / str(cut) / "dead.damaged").read_bytes() == content[whole:cut], "what was replayed goes"
    assert len(caplog.messages) == len(content) + 1 - len(unharmed)
    assert set(caplog.messages) == {"spool: 1 damaged or refused lines kept in dead.damaged"}


def test_what_is_kept_is_on_the_disk_before_the_rest_goes(spool: Spool, directory: Path, came: list[Entry]) -> None:
    """It has its name when it is whole, and then alone its file is gone: killed in between, nothing is lost."""
    spool.append([arrival("CA1")])
    spool.close()
    (file,) = files(directory)
    with file.open("ab") as torn:
        torn.write(b"torn")
    steps: list[tuple[str, int, int]] = []

    def watch(_frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called in (os.fsync, os.rename, os.unlink):
            steps.append((getattr(called, "__name__", ""), len(files(directory)), len(files(directory, "damaged"))))

    sys.setprofile(watch)
    try:
        assert spool.replay(came.extend) == 1
    finally:
        sys.setprofile(None)
    assert steps == [("fsync", 1, 0), ("rename", 1, 0), ("fsync", 1, 1), ("unlink", 1, 1)]
    (kept,) = files(directory, "damaged")
    assert kept.read_bytes() == b"torn"


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


def test_a_file_that_could_not_be_begun_does_not_stay(spool: Spool, directory: Path) -> None:
    """It fails through the interpreter's own profiler, as it is locked."""

    def fail(_frame: FrameType, event: str, called: object) -> None:
        if event == "c_call" and called is fcntl.flock:
            raise OSError(errno.EIO, "Input/output error")

    sys.setprofile(fail)
    try:
        with pytest.raises(OSError, match="Input/output error"):
            spool.append([arrival()])
    finally:
        sys.setprofile(None)
    assert list(directory.iterdir()) == []


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
