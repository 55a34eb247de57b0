"""The file systems that data is kept on."""

from pathlib import Path

from callrouter.checks.disks import TOO_LITTLE_BYTES, FileSystem, file_systems


def test_what_lies_on_the_same_one_is_told_of_together(tmp_path: Path) -> None:
    (one,) = file_systems({"data": tmp_path, "spool": tmp_path / "not" / "yet"})
    assert one.names == ("data", "spool")
    assert 0 < one.free < one.total


def test_what_lies_elsewhere_stands_by_itself(tmp_path: Path) -> None:
    found = file_systems({"data": tmp_path, "spool": Path("/proc"), "database": tmp_path})
    assert [each.names for each in found] == [("data", "database"), ("spool",)]


def test_too_little_is_less_than_what_the_service_needs() -> None:
    assert not FileSystem(("data",), 15_500_000_000, 271_000_000_000).has_too_little
    assert not FileSystem(("data",), TOO_LITTLE_BYTES, 271_000_000_000).has_too_little
    assert FileSystem(("data",), TOO_LITTLE_BYTES - 1, 271_000_000_000).has_too_little
