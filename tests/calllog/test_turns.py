"""Turns at a file: one writer at a time, a dead one's turn is over, and nobody waits for a stuck one for ever."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from callrouter.calllog.database import Database
from callrouter.calllog.recorder import Recorded
from callrouter.calllog.turns import TurnError, Turns
from tests.calllog.recorders import becomes_well, in_time, recording
from tests.calllog.told import arrival, event_count
from tests.service import until

ROOT = Path(__file__).parents[2]


@contextmanager
def holding(file: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process has the turn at *file*; a line on its standard input ends that."""
    command = [sys.executable, "-m", "tests.calllog.holder", str(file)]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "ready\n"
        yield holder
    finally:
        holder.kill()
        holder.communicate(timeout=20)


def is_free(file: Path) -> bool:
    """Whether whoever comes now gets the turn at once."""
    turns = Turns(file, 0.0)
    try:
        with turns.taken():
            return True
    except TurnError:
        return False
    finally:
        turns.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calls.db"


def test_one_process_at_a_time(file: Path) -> None:
    def write() -> None:
        with Turns(file, 10.0).taken():
            assert not is_free(file)

    with holding(file) as holder, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(write)
        with pytest.raises(TimeoutError):
            waiting.result(0.1)
        assert holder.stdin
        holder.stdin.write("\n")
        holder.stdin.flush()
        waiting.result(10)
    assert is_free(file)


def test_one_thread_at_a_time(file: Path) -> None:
    turns, may_go_on = Turns(file, 10.0), Event()
    inside: list[int] = []

    def write(thread: int) -> None:
        with turns.taken():
            inside.append(thread)
            assert may_go_on.wait(10)

    with ThreadPoolExecutor(2) as threads:
        for thread in range(2):
            threads.submit(write, thread)
        until(lambda: inside, "one has its turn")
        assert len(inside) == 1
        may_go_on.set()
    assert sorted(inside) == [0, 1]


def test_the_turn_of_a_killed_process_is_over(file: Path) -> None:
    with holding(file) as holder:
        assert not is_free(file)
        holder.kill()
        holder.wait(10)
        assert is_free(file)


@pytest.mark.parametrize("seconds", [0.0, 0.1])
def test_a_stopped_process_is_named_instead_of_waited_for(file: Path, seconds: float) -> None:
    with holding(file) as holder:
        holder.send_signal(signal.SIGSTOP)
        said = rf"process {holder.pid} has held {file}-lock for {seconds:g} s: it is writing, or it is stuck"
        with pytest.raises(TurnError, match=said), Turns(file, seconds).taken():
            pass


def test_a_turn_that_went_wrong_is_over_too(file: Path) -> None:
    with pytest.raises(ZeroDivisionError), Turns(file, 1.0).taken():
        raise ZeroDivisionError
    assert is_free(file)


def test_a_stopped_process_takes_no_deadline_away(sqlite_url: str, tmp_path: Path) -> None:
    """Calls go on and are spooled; when it is gone, they come in."""
    database = Database(sqlite_url)
    with recording(database, tmp_path / "spool") as recorder:
        becomes_well(recorder)
        with holding(Path(sqlite_url.removeprefix("sqlite:///"))) as holder:
            holder.send_signal(signal.SIGSTOP)
            for number in range(2):
                assert in_time(recorder, arrival(f"CA{number}")) is Recorded.SPOOL
        becomes_well(recorder)
        assert event_count(database) == 4
