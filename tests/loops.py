"""Runs what is asynchronous: in a thread, for a browser that was driven in this one has left it an event loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

_Result = TypeVar("_Result")


def run(asynchronous: Coroutine[Any, Any, _Result]) -> _Result:
    """What comes of it, on an event loop of its own."""
    with ThreadPoolExecutor(1, "loop") as thread:
        return thread.submit(asyncio.run, asynchronous).result()
