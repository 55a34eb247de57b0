"""The parts of a webhook, each as what it does and as the least that it could do."""

import base64
import hmac
import io
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography.fernet import Fernet

from bench.contestants import bare, entry, row_of_caller, row_of_event
from bench.webhooks.asked import ACCOUNT_SID, AUTH_TOKEN, CALLED, PATH, PUBLIC_URL, Calls
from callrouter import calls, clock
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.projection import project
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.decision import decide
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, first_step
from callrouter.logs.lines import Format, formatter
from callrouter.schedule import load
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.telephony.provider import Document, WebhookRequest
from callrouter.telephony.token import Token, seal
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import Links
from callrouter.telephony.twilio.signature import is_genuine, spellings
from callrouter.telephony.twilio.webhook import pairs
from callrouter.web.voice import Response, Voice
from callrouter.web.webhooks import Webhooks

KEY = "a secret for a measurement, longer than 32"
_WRITTEN_AT_ONCE, _FOLDED_AT_ONCE = 32, 10


@dataclass(frozen=True)
class Part:
    """*ours* and its *floor* do the same; both do it *items* times."""

    name: str
    ours: Callable[[], object]
    floor: Callable[[], object] | None = None
    floor_is: str = ""
    items: int = 1


class NoRecords:
    """Keeps nothing, at once."""

    def record(self, _entry: Entry, *, is_late: bool = False) -> Recorded:  # noqa: ARG002 - takes no time
        return Recorded.DATABASE

    def attempt(self, _day: date, _call_id: str, _attempt: str) -> LoggedAttempt:
        return LoggedAttempt()


class NoSealer(Sealer):
    """Seals nothing, at once."""

    def seal(self, _text: str) -> str:
        return "x" * 1100


class NoVoice(Voice):
    """Answers the same, at once."""

    def handle(self, _path: str, _request: WebhookRequest) -> Response:
        return Response(200, Document(b"<Response />", "text/xml"))


def voice_of(kind: type[Voice], sealer: Sealer) -> Voice:
    """A service put together by hand, without a log."""
    schedule = load((Path(__file__).parent / "schedule.yaml").read_bytes())
    key = Pseudonymizer(KEY)
    service = calls.Service(lambda: schedule, NoRecords(), None, caller_key=lambda number: key.key(number.e164))
    links = Links(PUBLIC_URL, sealer)
    provider = TwilioProvider(ACCOUNT_SID, (AUTH_TOKEN,), spellings(PUBLIC_URL), links, is_phone_network=False)
    return kind(provider, service, sealer, provider.render_fail_safe(FailSafe(())))


def environ(request: bytes) -> dict[str, Any]:
    """*request* as a server hands it over."""
    head, _, body = request.partition(b"\r\n\r\n")
    given = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in given.items()}
    usual = {"REQUEST_METHOD": "POST", "PATH_INFO": PATH, "RAW_URI": PATH, "CONTENT_LENGTH": str(len(body))}
    return {**headers, **usual, "wsgi.input": io.BytesIO(body)}


def parts(home: Path) -> Iterator[Part]:
    """All of them, in the order in which a webhook goes through them."""
    logging.disable()  # its line is a part of its own
    yield from _of_the_request()
    yield from _of_the_call()
    yield from _of_the_log(home)


def _of_the_request() -> Iterator[Part]:
    (request,) = Calls().requests(1)
    given, body = environ(request), request.partition(b"\r\n\r\n")[2]
    header, fields = given["HTTP_X_TWILIO_SIGNATURE"], pairs(body)
    said = (PUBLIC_URL + PATH).encode() + b"".join(name + value for name, value in sorted(fields))
    framework = Webhooks(voice_of(NoVoice, Sealer(KEY)))

    def served(app: Callable[..., object]) -> Callable[[], object]:
        return lambda: app({**given, "wsgi.input": io.BytesIO(body)}, lambda _status, _headers: None)

    def bare_app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", "12")])
        return [b"<Response />"]

    def by_hand() -> bool:
        signed = base64.b64encode(hmac.digest(AUTH_TOKEN.encode(), said, "sha1"))
        return hmac.compare_digest(signed, header.encode())

    yield Part("framework", served(framework), served(bare_app), "a WSGI function that reads the body")
    yield Part("form", lambda: pairs(body), lambda: parse_qsl(body, keep_blank_values=True), "`parse_qsl`")
    urls = [base + PATH for base in spellings(PUBLIC_URL)]
    yield Part("signature", lambda: is_genuine([AUTH_TOKEN], urls, fields, header), by_hand, "HMAC over text at hand")


def _of_the_call() -> Iterator[Part]:
    voice, at = voice_of(Voice, Sealer(KEY)), clock.now()
    schedule, provider = voice.service.schedule_now(), voice_of(Voice, NoSealer(KEY)).provider
    unit = schedule.unit("centre")
    decision = decide(schedule, unit, at)
    step = first_step(schedule, decision, at)
    assert isinstance(step, Ring)
    call = RunningCall("CA" + "1" * 32, CALLED, Caller(PhoneNumber("+46701740650")), decision).ringing(step)
    events = list(call.told())

    def decided() -> object:
        return first_step(schedule, decide(schedule, unit, at), at)

    def named() -> object:
        return [(blake2b(b"x" * 120, digest_size=8).hexdigest(), dict(event.facts)) for event in events]

    yield Part("decision and first step", decided, lambda: unit.hours.is_open(at), "a bisection of the hours")
    yield Part("two events", lambda: list(call.told()), named, "two dictionaries and two hashes")
    template, sealed = provider.render(step, call).body.decode(), seal(voice.sealer, Token(call))
    fernet, text = Fernet(Fernet.generate_key()), voice.sealer.open(sealed).encode()
    links = Links(PUBLIC_URL, voice.sealer)
    addresses = ((None, 0), [fernet.encrypt, fernet.encrypt])
    yield Part(
        "sealing, two tokens",
        lambda: [seal(links.sealer, Token(call, phone)) for phone in addresses[0]],
        lambda: [encrypt(text) for encrypt in addresses[1]],
        "two texts at hand, by Fernet",
    )
    cut = template.split("x" * 1100)
    yield Part(
        "rendering", lambda: provider.render(step, call), lambda: ("x" * 1100).join(cut).encode(), "a text with gaps"
    )
    (request,) = Calls().requests(1)
    whole, given, body = Webhooks(voice), environ(request), request.partition(b"\r\n\r\n")[2]
    yield Part(
        "all of these, and the use case",
        lambda: list(whole({**given, "wsgi.input": io.BytesIO(body)}, lambda *_: _nothing)),
    )
    yield _log_line(decision.reason)


def _nothing(_written: bytes) -> None: ...


def _log_line(reason: str) -> Part:
    record = logging.makeLogRecord({"name": "callrouter.web.voice", "levelname": "INFO", "msg": "answered"})
    about: dict[str, object] = {"call": "CA" + "1" * 32, "endpoint": "incoming", "unit": "centre", "state": "closed"}
    about |= {"decided_by": "hours", "reason": reason, "destination": "security", "ms": 1.5}
    vars(record).update(about)
    line = formatter(Format.JSON)
    return Part("log line", lambda: line.format(record), lambda: json.dumps(about), "`json.dumps`")


def _of_the_log(home: Path) -> Iterator[Part]:
    url = f"sqlite:///{home / 'calls.db'}"
    database, key = Database(url), Pseudonymizer(KEY)
    database.prepare()

    def entries(many: int) -> list[Entry]:
        return [entry() for _ in range(many)]

    def recorded() -> None:
        write_entries(database, key, entries(_WRITTEN_AT_ONCE))

    with bare(url) as commit:

        def by_driver() -> None:
            told = entries(_WRITTEN_AT_ONCE)
            commit([row_of_event(e) for each in told for e in each.events], [row_of_caller(e, key) for e in told])

        yield Part("recording, 32 at once", recorded, by_driver, "the bare driver", _WRITTEN_AT_ONCE)

    def folded() -> None:
        told = entries(_FOLDED_AT_ONCE)
        write_entries(database, key, told)
        with database.unsynced():
            project(database, {(e.events[0].day, e.call_id) for e in told})

    yield Part(
        "recording and folding, 10 at once",
        folded,
        lambda: write_entries(database, key, entries(_FOLDED_AT_ONCE)),
        "recording alone",
        _FOLDED_AT_ONCE,
    )
    database.close()
