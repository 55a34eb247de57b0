"""What a provider keeps for an account, and a small HTTP server that shows it as the provider's REST interface does."""

from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event, Thread
from typing import Protocol

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Account, Direction
from callrouter.telephony.standing import Country


@dataclass(frozen=True)
class Kept:
    """A call or leg; one without an *outcome* goes on."""

    call_id: str
    started_at: datetime
    outcome: Outcome | None = Outcome.ANSWERED
    seconds: int | None = 61
    direction: Direction = Direction.INBOUND
    parent_id: str | None = None
    from_: str = "+46701740650"
    to: str = "+46846500400"
    ended: datetime | None = None

    @property
    def ended_at(self) -> datetime | None:
        return self.ended or (self.started_at.replace(minute=59) if self.outcome else None)


@dataclass
class KeptNumber:
    """How a number is set up."""

    voice_url: str = "https://example.org/before"
    fallback_url: str = "https://example.org/fallback"
    status_url: str = ""
    overruled_by: str = ""
    method: str = "POST"


@dataclass(frozen=True)
class KeptRecording:
    """A recording in the store; one that is not *is_stored* goes on, or came to nothing."""

    sid: str
    call_id: str
    began_at: datetime
    seconds: int = 12
    is_message: bool = True
    is_stored: bool = True


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What is answered to it; *body* is JSON, or the bytes of a sound."""

    status: int
    body: str | bytes = ""


@dataclass(frozen=True)
class Rung:
    """A phone that we asked to be rung, and the targets (path and query) of its callbacks."""

    from_: str
    to: str
    seconds: int
    picked_up: str
    told: str


COUNTRIES = (
    Country("Sweden", ("+46",), may_be_rung=True, may_be_costly=False),
    Country("Norway", ("+47",), may_be_rung=False, may_be_costly=False),
    Country("Latvia", ("+371",), may_be_rung=False, may_be_costly=True),
    Country("United States/Canada", ("+1",), may_be_rung=False, may_be_costly=False),
)


@dataclass
class Holder:
    """Whose account it is: *kind* `Trial` or `Full`, *profiles* by the names of what was approved."""

    kind: str = "Full"
    status: str = "active"
    made_at: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    is_parent: bool = True
    profiles: tuple[str, ...] = ("Primary Customer Profile of type Business",)


TROUBLE = '{"message": "trouble"}'
SOUND = b"ID3\x03\x00 a message \xff\xfb"


@dataclass
class Office:
    """*trouble*: the next requests get these statuses (0: no answer at all). *complaints*: what was asked wrongly.

    *stays*: what every request gets as long as it stands there. *is_away*: nobody gets through.
    """

    calls: list[Kept] = field(default_factory=list)
    numbers: dict[str, KeptNumber] = field(default_factory=dict)
    recordings: set[str] = field(default_factory=set)
    stored: list[KeptRecording] = field(default_factory=list)
    countries: tuple[Country, ...] = COUNTRIES
    holder: Holder = field(default_factory=Holder)
    regions: dict[str, str] = field(default_factory=dict)
    texts: list[tuple[str, str, str]] = field(default_factory=list)
    rung: list[Rung] = field(default_factory=list)
    trouble: deque[int] = field(default_factory=deque)
    stays: Answer | None = None
    is_away: bool = False
    asked: list[Asked] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def call_ids(self) -> list[str]:
        return [call.call_id for call in self.calls]

    def started(self, first: datetime, last: datetime | None) -> list[Kept]:
        """Calls from *first* until just before *last*."""
        return [call for call in self.calls if first <= call.started_at < (last or datetime.max.replace(tzinfo=UTC))]

    def taped(self, first: datetime, last: datetime | None) -> list[KeptRecording]:
        """Recordings from *first* until just before *last*."""
        return [each for each in self.stored if first <= each.began_at < (last or datetime.max.replace(tzinfo=UTC))]

    def forget(self, what: str) -> bool:
        """Delete a call or recording; whether there was one."""
        known = len(self.calls) + len(self.recordings)
        self.calls = [call for call in self.calls if call.call_id != what]
        self.recordings.discard(what)
        return len(self.calls) + len(self.recordings) < known


class Desk(Protocol):
    """One provider's REST interface to an office, as strict as the provider, and stricter."""

    def answer(self, office: Office, asked: Asked) -> Answer: ...


class AccountLine(Protocol):
    """One provider's account, and how to play its part."""

    @property
    def desk(self) -> Desk: ...

    def account(self, url: str, *, retries: int = 2, timeout_seconds: float = 20.0) -> Account:
        """The account, asked at *url*, without a pause between retries."""

    def call_id(self, number: int) -> str: ...
    def recording_sid(self, number: int) -> str: ...


@contextmanager
def served(office: Office, desk: Desk, certificate: Path | None = None) -> Iterator[str]:
    """*office* behind *desk* on loopback; the address.

    *certificate*: a file with the provider's key and certificate. Then it is a proxy, too, and the provider behind it.
    """
    is_over = Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            path, _, query = self.path.partition("?")
            asked = Asked(self.command, path, query, dict(self.headers), body)
            office.asked.append(asked)
            trouble = Answer(office.trouble.popleft(), TROUBLE) if office.trouble else office.stays
            if trouble and trouble.status == 0:
                is_over.wait()
                self.close_connection = True
                return
            self.say(trouble or desk.answer(office, asked))

        def say(self, answer: Answer) -> None:
            content = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_CONNECT(self) -> None:
            """Go on as the provider itself, with whoever trusts the certificate."""
            self.close_connection = office.is_away
            self.send_response(502 if office.is_away else 200)
            self.end_headers()
            if not office.is_away:
                context = SSLContext(PROTOCOL_TLS_SERVER)
                context.load_cert_chain(certificate or "")
                self.connection = context.wrap_socket(self.connection, server_side=True)
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

        def finish(self) -> None:
            super().finish()
            self.connection.close()

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that the server looks for

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()
