"""What goes on beside a trial."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event


@contextmanager
def meanwhile(work: Callable[[Event], None]) -> Iterator[None]:
    """Somebody is at *work* while the block lasts, until the event is set; what goes wrong there goes wrong here."""
    over = Event()
    with ThreadPoolExecutor(1, "meanwhile") as pool:
        working = pool.submit(work, over)
        try:
            yield
        finally:
            over.set()
        working.result()
