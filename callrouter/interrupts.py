"""Ctrl-C, which waits where it would break something off half made."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def waiting() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block; in a process that is started meanwhile it waits too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
