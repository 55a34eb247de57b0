"""The phone network's keys: made once, kept, read by nobody else, told when damaged."""

import json
import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Barrier

import pytest

from callrouter.keys import FILE_NAME, PhoneNetworkKeys


def test_they_are_made_once_and_kept(tmp_path: Path) -> None:
    keys = PhoneNetworkKeys.kept_in(tmp_path / "var")
    assert PhoneNetworkKeys.kept_in(tmp_path / "var") == keys
    assert PhoneNetworkKeys.kept_in(tmp_path / "elsewhere") != keys
    assert re.fullmatch("AC[0-9a-f]{32}", keys.account_sid)
    assert re.fullmatch("[0-9a-f]{32}", keys.auth_token)
    assert min(len(keys.secret_key), len(keys.privacy_key)) >= 32


def test_nobody_else_can_read_them_and_no_draft_is_left(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        PhoneNetworkKeys.kept_in(tmp_path)
    finally:
        os.umask(before)
    (file,) = tmp_path.iterdir()
    assert file.name == FILE_NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_of_several_that_start_at_once_the_first_ones_keys_hold_for_all(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_number: int) -> PhoneNetworkKeys:
        together.wait(10)
        return PhoneNetworkKeys.kept_in(tmp_path)

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(start, range(8)))) == 1
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_a_draft_that_a_crash_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """Nor is one of a process that had the number of this one: in a container that is always 1."""
    for ending in (f".{os.getpid()}", f".json.{os.getpid()}"):
        (tmp_path / FILE_NAME).with_suffix(ending).touch()
    assert PhoneNetworkKeys.kept_in(tmp_path) == PhoneNetworkKeys.kept_in(tmp_path)


WHOLE = asdict(PhoneNetworkKeys.made())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        json.dumps({"account_sid": "AC1"}).encode(),
        json.dumps(WHOLE | {"more": "x"}).encode(),
        json.dumps(WHOLE | {"secret_key": 12345}).encode(),
        json.dumps(WHOLE | {"secret_key": ""}).encode(),
        json.dumps(WHOLE).encode()[:-20],
    ],
)
def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / FILE_NAME
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"damaged \(.+\); remove it to make new keys$") as raised:
        PhoneNetworkKeys.kept_in(tmp_path)
    assert str(raised.value).startswith(str(file))
    assert not any(value in str(raised.value) for value in WHOLE.values())
    assert file.read_bytes() == content


def test_a_directory_in_its_place_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(IsADirectoryError):
        PhoneNetworkKeys.kept_in(tmp_path)
