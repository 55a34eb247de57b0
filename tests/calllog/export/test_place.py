"""A file is there whole, or as it was before; and for nobody else to read."""

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
