"""What a log line looks like: JSON for machines, plain words for people. Both are scrubbed here, at the very end."""

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from callrouter.logs.scrub import scrubbed

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
"""What every record has; whatever else it carries was given with `extra`."""

_COLOURS = {logging.WARNING: "\x1b[33m", logging.ERROR: "\x1b[31m", logging.CRITICAL: "\x1b[1;31m"}
_PLAIN = "\x1b[0m"


class Format(StrEnum):
    """How lines are written."""

    JSON = "json"
    TEXT = "text"


def formatter(kind: Format, *, coloured: bool = False) -> logging.Formatter:
    """The formatter of *kind*; *coloured* holds for people alone."""
    return _AsJson() if kind is Format.JSON else _AsText(coloured=coloured)


class _AsJson(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": _instant(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        said |= _given(record)
        if trouble := _trouble(record):
            said["exception"] = trouble
        return json.dumps(said, ensure_ascii=False)


class _AsText(logging.Formatter):
    """Local time, level, words, then `name=value` for what goes with them."""

    def __init__(self, *, coloured: bool) -> None:
        super().__init__()
        self._colours = _COLOURS if coloured else {}

    def format(self, record: logging.LogRecord) -> str:
        at = f"{_instant(record).astimezone():%Y-%m-%d %H:%M:%S}"
        colour = self._colours.get(record.levelno, "")
        level = f"{colour}{record.levelname}{_PLAIN}" if colour else record.levelname
        said = [at, level, f"{record.name}:", scrubbed(record.getMessage())]
        said += [f"{name}={value}" for name, value in _given(record).items()]
        trouble = _trouble(record)
        return " ".join(said) + (f"\n{trouble}" if trouble else "")


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _given(record: logging.LogRecord) -> Mapping[str, Any]:
    """What goes with the record: numbers and truths as they are, all else as scrubbed text."""
    return {name: _plain(value) for name, value in vars(record).items() if name not in _OWN}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else scrubbed(str(value))


def _trouble(record: logging.LogRecord) -> str:
    """The traceback of the record. Its text may tell what a library was given: it is scrubbed like all else."""
    told = "".join(traceback.format_exception(record.exc_info[1])) if record.exc_info else ""
    return scrubbed((told + (record.stack_info or "")).rstrip())
