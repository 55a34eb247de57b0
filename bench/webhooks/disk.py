"""The disk alone: how long one fdatasync of a small write takes."""

import os
import time
from pathlib import Path

_PAGES, _TIMES = 100, 1000
_BYTES = 7 * 4096
"""What a lone entry writes (bench/recorder.py)."""


def fdatasyncs(home: Path) -> list[float]:
    """Many of them, in s."""
    times = []
    with (home / "synced").open("wb", buffering=0) as file:
        file.write(bytes(_PAGES * _BYTES))
        os.fsync(file)
        for number in range(_TIMES):
            os.pwrite(file.fileno(), bytes(_BYTES), number % _PAGES * _BYTES)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    return times
