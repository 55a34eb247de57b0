"""Work in a child process: it gives way, is heard of, and leaves nothing behind when it is ended."""

import os
from pathlib import Path
from threading import Event

import pytest

from callrouter.calllog.export.child import NICER, ExportError, StoppedError, in_child
from callrouter.calllog.windows import Progress
from tests.calllog.export import works


class EnoughError(Exception):
    """Whoever waited has changed their mind."""


def test_it_gives_way_and_is_heard_of() -> None:
    told: list[Progress] = []
    assert in_child(works.niceness, "", told.append) == min(19, os.nice(0) + NICER)
    assert told == [Progress(1, works.AT)]


def test_why_it_failed_is_told() -> None:
    with pytest.raises(ExportError, match="the disk is full"):
        in_child(works.fails, "the disk is full", lambda _: None)


def test_that_it_was_killed_is_told() -> None:
    with pytest.raises(ExportError, match=r"its process was ended \(SIGKILL\)"):
        in_child(works.is_killed, "", lambda _: None)


def test_whoever_waits_can_end_it_and_half_a_file_is_put_away(tmp_path: Path) -> None:
    def enough(_progress: Progress) -> None:
        assert list(tmp_path.iterdir()), "half a file was there"
        raise EnoughError

    with pytest.raises(EnoughError):
        in_child(works.never_ends, str(tmp_path / "calls.csv"), enough)
    assert list(tmp_path.iterdir()) == []


def test_a_signal_from_another_thread_ends_it(tmp_path: Path) -> None:
    stop = Event()

    def heard(_progress: Progress) -> None:
        stop.set()

    with pytest.raises(StoppedError):
        in_child(works.never_ends, str(tmp_path / "calls.csv"), heard, stop)
    assert list(tmp_path.iterdir()) == []


def test_it_is_ended_also_while_it_says_nothing() -> None:
    stop = Event()
    stop.set()
    with pytest.raises(StoppedError):
        in_child(works.is_silent, "", lambda _: None, stop)
