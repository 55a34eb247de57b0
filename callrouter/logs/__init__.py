"""The service's own log: one line an event, for people on a terminal and for machines elsewhere.

Whatever is logged by whomever, no number in it can be read, and nobody who logs ever waits for whoever reads.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

from callrouter.logs.lines import Format, formatter
from callrouter.logs.writer import Writer

__all__ = ["Format", "of_log", "set_up"]

log = logging.getLogger(__name__)

_STANDARD = (0, 1, 2)


def set_up(wanted: Format | None = None) -> Writer:
    """Let this process, and those that it forks, log to standard error; returns what writes there.

    Without a *wanted* format: for people where standard error is a terminal, as JSON elsewhere.
    """
    _occupy_standard_streams()
    is_terminal = bool(sys.stderr and sys.stderr.isatty())
    chosen = wanted or (Format.TEXT if is_terminal else Format.JSON)
    writer = Writer(sys.stderr.fileno() if sys.stderr else None)
    writer.setFormatter(formatter(chosen, coloured=is_terminal))
    logging.basicConfig(level=logging.WARNING, handlers=[writer], force=True)
    logging.getLogger("callrouter").setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    _take_over_what_python_prints()
    return writer


def of_log(writer: Writer | None) -> Mapping[str, Callable[[], Mapping[str, Any]]]:
    """What the log says of itself in /readyz; nothing where others write it."""
    return {"log": writer.condition} if writer else {}


def _occupy_standard_streams() -> None:
    """Where one is closed, the next file to be opened would take its number, and what is printed would land in it."""
    for stream in _STANDARD:
        try:
            os.fstat(stream)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _take_over_what_python_prints() -> None:
    """A traceback that nobody catches is a log line as well: Python would print it with all that stands in it."""
    sys.excepthook = lambda kind, error, trace: log.critical("ended by an error", exc_info=(kind, error, trace))
    sys.unraisablehook = lambda met: log.error("an error that nobody could catch", exc_info=met.exc_value)
    threading.excepthook = lambda met: log.error("a thread ended by an error", exc_info=met.exc_value)
