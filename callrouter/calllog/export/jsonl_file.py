"""JSON lines: an object a line, for programs."""

import json
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from callrouter.calllog.export.as_json import as_json
from callrouter.calllog.export.order import Order


class JsonlFile:
    """A file of JSON objects that grows line by line: calls as `callrouter log --json` tells them, or legs."""

    def __init__(self, order: Order, path: Path) -> None:
        self._order = order
        self._file = path.open("x", encoding="utf-8", newline="\n")

    def add(self, row: Any) -> None:
        """Write a call of all its columns, or a leg."""
        if self._order.legs:
            told = {name: _plain(value) for name, value in row._mapping.items()}  # noqa: SLF001 - its public name
        else:
            told = as_json(row, show_numbers=self._order.show_numbers)
        self._file.write(json.dumps(told, ensure_ascii=False) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
