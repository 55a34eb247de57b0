"""Lines for machines and for people: whatever is logged by whomever, no number in them can be read."""

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest

from callrouter.logs.lines import Format, formatter

NUMBER = "+46701740650"


def record(message: str, *given: object, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("urllib3.pool", logging.WARNING, "x.py", 1, message, given, None)
    vars(made).update(more)
    return made


def as_json(made: logging.LogRecord) -> Mapping[str, Any]:
    line = formatter(Format.JSON).format(made)
    assert "\n" not in line
    said: Mapping[str, Any] = json.loads(line)
    return said


def broken() -> tuple[Any, Any, Any]:
    try:
        raise ValueError(f"what a library was given: {NUMBER}")  # noqa: TRY301 - there must be a traceback
    except ValueError as error:
        return type(error), error, error.__traceback__


def test_a_json_line_has_what_goes_with_it_as_it_is() -> None:
    said = as_json(record("answered", call="CA1", ms=1.5, unit=None))
    told = {name: said[name] for name in ("level", "logger", "message", "call", "ms", "unit")}
    expected = {"level": "warning", "logger": "urllib3.pool", "message": "answered", "call": "CA1", "ms": 1.5}
    assert told == expected | {"unit": None}
    assert said["time"].endswith("+00:00")


def test_a_text_line_is_one_that_people_read() -> None:
    line = formatter(Format.TEXT).format(record("answered", call="CA1", ms=1.5))
    assert line.endswith("WARNING urllib3.pool: answered call=CA1 ms=1.5")


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize(
    "made",
    [
        record("from %s", NUMBER),
        record("said", given={"to": NUMBER}),
        record("said", given=[NUMBER]),
        record("broken", exc_info=broken()),
        record("stack", stack_info=f"x = {NUMBER}"),
    ],
    ids=["argument", "mapping", "list", "traceback", "stack"],
)
def test_numbers_are_masked_everywhere(kind: Format, made: logging.LogRecord) -> None:
    line = formatter(kind).format(made)
    assert NUMBER not in line
    assert "+467******50" in line


def test_colours_are_for_people_alone() -> None:
    assert "\x1b[33mWARNING\x1b[0m" in formatter(Format.TEXT, coloured=True).format(record("x"))
    assert "\x1b" not in formatter(Format.JSON, coloured=True).format(record("x"))
