"""Whoever logs never waits, and never hears of it, whatever becomes of the line."""

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from callrouter.logs.writer import MOST_WAITING, Writer
from tests.service import until


def record(text: str) -> logging.LogRecord:
    return logging.LogRecord("test", logging.INFO, "x.py", 1, text, (), None)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ours, theirs = os.pipe()
    yield ours, theirs
    for end in (ours, theirs):
        with suppress(OSError):
            os.close(end)


def release(writer: Writer, reader: int) -> None:
    """Let a thread go that waits for a reader: the next pipe may have the same number."""
    writer.close()
    os.read(reader, 1_000_000)


def test_lines_come_in_order(pipe: tuple[int, int]) -> None:
    writer = Writer(pipe[1])
    for word in ("one", "two", "three"):
        writer.handle(record(word))
    writer.flush()
    assert os.read(pipe[0], 100) == b"one\ntwo\nthree\n"
    assert writer.condition() == {"ok": True, "error": None, "dropped_lines": 0}


def test_a_full_disk_is_told_and_heals(tmp_path: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    writer = Writer(full)
    writer.handle(record("lost"))
    writer.flush()
    assert writer.condition() == {"ok": False, "error": "No space left on device", "dropped_lines": 1}
    file = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    os.dup2(file, full)
    writer.handle(record("kept"))
    writer.flush()
    assert writer.condition() == {"ok": True, "error": None, "dropped_lines": 1}
    assert (tmp_path / "log").read_bytes() == b"kept\n"
    os.close(file)
    os.close(full)


def test_a_reader_that_is_gone(pipe: tuple[int, int]) -> None:
    os.close(pipe[0])
    writer = Writer(pipe[1])
    writer.handle(record("lost"))
    writer.flush()
    assert writer.condition()["error"] == "Broken pipe"


def test_a_reader_that_hangs_keeps_nobody_waiting_and_what_is_too_much_is_dropped(pipe: tuple[int, int]) -> None:
    writer = Writer(pipe[1])
    line = "x" * 100
    for _ in range(MOST_WAITING + 2_000):
        writer.handle(record(line))
    until(lambda: writer.dropped > 0, "lines are dropped")
    os.read(pipe[0], 1_000_000)
    until(lambda: os.read(pipe[0], 1_000_000) != b"", "it goes on when somebody reads")
    release(writer, pipe[0])


def test_a_reader_that_hangs_is_told(pipe: tuple[int, int]) -> None:
    writer = Writer(pipe[1], stuck_after=0.01)
    for _ in range(1_000):
        writer.handle(record("x" * 100))
    until(lambda: writer.condition()["error"] == "nobody takes the lines", "it is stuck")
    assert not writer.condition()["ok"]
    release(writer, pipe[0])


def test_nowhere_to_write_to() -> None:
    writer = Writer(None)
    writer.handle(record("lost"))
    writer.flush()
    assert writer.dropped == 1


def test_a_line_that_cannot_be_made_tells_nothing_of_what_is_in_it(pipe: tuple[int, int]) -> None:
    writer = Writer(pipe[1])
    writer.handle(logging.LogRecord("test", logging.INFO, "x.py", 1, "%d", ("+46701740650",), None))
    writer.flush()
    assert os.read(pipe[0], 200) == b"a log line of test (x.py:1) could not be made\n"


def test_a_forked_process_writes_its_own_lines(pipe: tuple[int, int]) -> None:
    writer = Writer(pipe[1])
    writer.handle(record("parent"))
    writer.flush()
    if (child := os.fork()) == 0:
        writer.handle(record("child"))
        writer.flush()
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(pipe[0], 100) == b"parent\nchild\n"
