"""The pages beside the voice path: which request goes where, and how many may be pages.

A call must never wait for a page. So the pages are a WSGI application of their own, none of whose hooks a webhook ever
meets, and they hold at most some of the threads: whoever comes beyond is told to come again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

from callrouter.web import problems
from callrouter.web.metrics import PAGES_TURNED_AWAY
from callrouter.web.safety import HEADERS
from callrouter.web.sign import sign

STATIC = "/static/"
"""Styles and scripts need no place: they are read from the disk in no time, and a page asks for several at once."""

_TRY_AGAIN_SECONDS = "3"


@dataclass(frozen=True, slots=True)
class Beside:
    """The *paths* of the *service* go to it, all others to the *rest*."""

    service: WSGIApplication
    rest: WSGIApplication
    paths: frozenset[str]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        chosen = self.service if environ.get("PATH_INFO") in self.paths else self.rest
        return chosen(environ, start_response)


class Gate:
    """Lets at most *places* requests at once into the *pages*; the others get 503 at once."""

    def __init__(self, pages: WSGIApplication, places: int) -> None:
        self._pages = pages
        self._places = BoundedSemaphore(places)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, or turn away."""
        if str(environ.get("PATH_INFO", "")).startswith(STATIC):
            return self._pages(environ, start_response)
        if not self._places.acquire(blocking=False):
            PAGES_TURNED_AWAY.inc()
            return _turned_away(environ, start_response)
        leave = _once(self._places.release)
        try:
            return ClosingIterator(self._pages(environ, start_response), leave)
        except BaseException:
            leave()
            raise


def places(threads: int) -> int:
    """How many of the *threads* the pages may hold: half, and one where there is only one."""
    return max(1, threads // 2)


def _turned_away(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    is_program = str(environ.get("PATH_INFO", "")).startswith(problems.PREFIX)
    if is_program:
        body, kind = problems.body_of(503), problems.MEDIA_TYPE
    else:
        body, kind = sign(503, str(environ.get("SCRIPT_NAME", ""))), "text/html; charset=utf-8"
    told = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    start_response("503 Service Unavailable", [*told, ("Retry-After", _TRY_AGAIN_SECONDS), *HEADERS.items()])
    return [body]


def _once(release: Callable[[], Any]) -> Callable[[], None]:
    """*release*, done the first time only: a server may close an answer twice."""
    waiting = [release]

    def leave() -> None:
        if waiting:
            waiting.pop()()

    return leave
