"""Long work in a process of its own, which gives way to all others: in one that answers calls it would be felt."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event
from types import FrameType
from typing import Any, TypeVar, assert_never, cast

from callrouter import interrupts

NICER = 10
"""How much nicer than others: of two processes that want the processor, the other gets it nine times of ten."""

_SECONDS_TO_CLEAN_UP = 5
_LOOK_EVERY_SECONDS = 0.2

P = TypeVar("P")
T = TypeVar("T")
R = TypeVar("R")


class ExportError(RuntimeError):
    """The work failed, or its process was killed; the message says why."""


class StoppedError(RuntimeError):
    """Whoever waited for the work did not want it any more."""


@dataclass(frozen=True, slots=True)
class _Told:
    progress: Any


@dataclass(frozen=True, slots=True)
class _Done:
    result: Any


@dataclass(frozen=True, slots=True)
class _Failed:
    reason: str


def in_child(
    work: Callable[[T, Callable[[P], None]], R], order: T, tell: Callable[[P], None], stop: Event | None = None
) -> R:
    """Run *work* (a function of a module) on *order* in a niced child process; *tell* is called here as it goes on.

    Whatever is raised meanwhile ends the child, which puts away what it had begun; so do *stop*, and the end of this
    process.

    Raises:
        ExportError: the work failed.
        StoppedError: *stop* was set.
    """
    spawned = get_context("spawn")  # a fork of a process with threads may hang
    ours, theirs = spawned.Pipe(duplex=False)
    child = spawned.Process(target=_work, args=(work, order, theirs), daemon=True)
    with interrupts.waiting():  # the child cannot say yet that it is for its parent
        child.start()
    theirs.close()
    try:
        return cast(R, _result(ours, tell, stop or Event()))
    except EOFError:
        child.join()
        raise ExportError(f"its process was ended ({_how(child.exitcode)})") from None
    except ExportError:
        raise  # the child has said so, and ends by itself
    except BaseException:
        child.terminate()
        raise
    finally:
        ours.close()
        child.join(_SECONDS_TO_CLEAN_UP)
        child.kill()
        child.join()


def _result(ours: Connection, tell: Callable[[Any], None], stop: Event) -> Any:
    while True:
        while not ours.poll(_LOOK_EVERY_SECONDS):
            if stop.is_set():
                raise StoppedError
        said: _Told | _Done | _Failed = ours.recv()
        match said:
            case _Told(progress):
                if stop.is_set():
                    raise StoppedError
                tell(progress)
            case _Done(result):
                return result
            case _Failed(reason):
                raise ExportError(reason)
            case _:
                assert_never(said)


def _work(work: Callable[[T, Callable[[P], None]], R], order: T, theirs: Connection) -> None:
    """What the child does. Ctrl-C is for its parent, who then ends it."""
    os.nice(NICER)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    signal.signal(signal.SIGTERM, _stop)
    try:
        theirs.send(_Done(work(order, lambda progress: theirs.send(_Told(progress)))))
    except BrokenPipeError:
        sys.exit(1)  # nobody waits for it any more
    except Exception as error:  # noqa: BLE001 - it is told, and raised, where somebody waits
        theirs.send(_Failed(_reason(error)))


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave by every `finally`: half a file is put away."""
    sys.exit(1)


def _reason(error: Exception) -> str:
    """In one line, without the statement that a database could not run; of a file, which one."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fsencode(error.filename).decode('utf-8', 'replace')}: {error.strerror}"
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def _how(exitcode: int | None) -> str:
    return signal.Signals(-exitcode).name if exitcode is not None and exitcode < 0 else f"exit code {exitcode}"
