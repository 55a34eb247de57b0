"""A file is there whole, or as it was before; and for nobody else to read."""

import errno
import os
import stat
from pathlib import Path

import pytest

from callrouter.calllog.export.place import made_aside


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_there_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "calls.csv"
    with made_aside(target) as draft:
        draft.write_text("half")
        assert not target.exists()
        draft.write_text("whole")
    assert (target.read_text(), mode(target)) == ("whole", 0o600)
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_file_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "calls.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), made_aside(target) as draft:  # noqa: PT012 - what happens in it is the point
        draft.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="there is no room left") as told, made_aside(tmp_path / "calls.csv"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert told.value.filename == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_while_it_is_made_nobody_else_can_read_it(tmp_path: Path) -> None:
    with made_aside(tmp_path / "calls.csv") as draft:
        assert mode(draft.parent) == 0o700
        draft.touch()


def test_a_folder_too(tmp_path: Path) -> None:
    target = tmp_path / "research"
    with made_aside(target) as draft:
        draft.mkdir()
        (draft / "calls.csv").touch()
    assert (mode(target), mode(target / "calls.csv")) == (0o700, 0o600)


def test_a_folder_takes_no_other_ones_place(tmp_path: Path) -> None:
    target = tmp_path / "research"
    target.mkdir()
    (target / "thesis.txt").touch()
    with pytest.raises(OSError, match="not empty"), made_aside(target) as draft:
        draft.mkdir()
    assert [path.name for path in target.iterdir()] == ["thesis.txt"]


LONG_AGO = 0.0


def abandoned(tmp_path: Path, name: str) -> Path:
    """A folder that somebody who was killed has left long ago."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "calls.csv").write_text("half")
    os.utime(folder, (LONG_AGO, LONG_AGO))
    return folder


def test_what_somebody_who_was_killed_has_left_goes(tmp_path: Path) -> None:
    abandoned(tmp_path, ".calls.csv.abc_1234")
    with made_aside(tmp_path / "calls.csv") as draft:
        draft.touch()
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


def test_what_another_one_is_making_stays(tmp_path: Path) -> None:
    """Two exports to the same file at once: the second leaves the folder of the first alone, however old it is."""
    with made_aside(tmp_path / "calls.csv") as first:
        os.utime(first.parent, (LONG_AGO, LONG_AGO))
        first.write_text("first")
        os.utime(first.parent, (LONG_AGO, LONG_AGO))
        with made_aside(tmp_path / "calls.csv") as second:
            second.write_text("second")
        assert first.read_text() == "first"


@pytest.mark.parametrize("name", [".calls.csv.mine", ".other.csv.abc_1234", "calls.csv.abc_1234"])
def test_what_is_no_folder_of_ours_stays(tmp_path: Path, name: str) -> None:
    folder = abandoned(tmp_path, name)
    with made_aside(tmp_path / "calls.csv") as draft:
        draft.touch()
    assert folder.exists()


def test_a_folder_that_is_just_being_locked_stays(tmp_path: Path) -> None:
    folder = abandoned(tmp_path, ".calls.csv.abc_1234")
    os.utime(folder)
    with made_aside(tmp_path / "calls.csv") as draft:
        draft.touch()
    assert folder.exists()
