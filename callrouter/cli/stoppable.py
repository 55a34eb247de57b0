"""What a long command does when it is told to end: it comes to a good end by itself."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any

_ENDS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(stop: Event) -> Iterator[None]:
    """Let Ctrl-C, or whoever ends the process, set *stop*; whoever does so twice ends it at once."""
    before = {name: signal.getsignal(name) for name in _ENDS}

    def on_signal(*_: object) -> None:
        stop.set()
        _restore(before)

    for name in _ENDS:
        signal.signal(name, on_signal)
    try:
        yield
    finally:
        _restore(before)


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for name, handler in handlers.items():
        signal.signal(name, handler)
