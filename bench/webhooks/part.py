"""The parts of a webhook, each as what it does and as the least that it could do."""

import base64
import hmac
import json
import logging
import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from hashlib import blake2b
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography.fernet import Fernet

from bench.webhooks.asked import ACCOUNT_SID, AUTH_TOKEN, CALLED, PATH, PUBLIC_URL, Calls
from callrouter import calls, clock
from callrouter.calllog.entry import Entry, Recorded
from callrouter.calllog.queries import LoggedAttempt
from callrouter.calls.service import Reply, go_on
from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.decision import decide
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, first_step
from callrouter.logs.lines import Format, formatter
from callrouter.schedule import load
from callrouter.sealing import Pseudonymizer, Sealer
from callrouter.telephony.provider import Document, Inbound, WebhookRequest
from callrouter.telephony.token import seal_call
from callrouter.telephony.twilio import TwilioProvider
from callrouter.telephony.twilio.links import Links
from callrouter.telephony.twilio.signature import is_genuine, spellings
from callrouter.telephony.twilio.webhook import pairs
from callrouter.web.entrance import Entrance, Receive, Scope, Send
from callrouter.web.voice import Response, Voice
from callrouter.web.webhooks import Webhooks

KEY = "a secret for a measurement, longer than 32"
_CALLS = 3_000


class What(Enum):
    """What a part is of a webhook."""

    SHARE, WITHIN, ALL, BESIDE = range(4)


@dataclass(frozen=True)
class Part:
    """*ours* and its *floor* do the same; both do it *items* times.

    *what*: a share of a webhook, something within the share before it, all that one takes, or what is done off its way.
    """

    name: str
    ours: Callable[[], object]
    floor: Callable[[], object] | None = None
    floor_is: str = ""
    items: int = 1
    what: What = What.SHARE


class NoRecords:
    """Keeps nothing, at once."""

    def record(self, _entry: Entry, *, is_late: bool = False) -> Recorded:  # noqa: ARG002 - takes no time
        return Recorded.DATABASE

    def attempt(self, _day: date, _call_id: str, _attempt: str) -> LoggedAttempt:
        return LoggedAttempt()


class NoVoice(Voice):
    """Answers the same, at once."""

    def handle(self, _path: str, _request: WebhookRequest) -> Response:
        return Response(200, Document(b"<Response />", "text/xml"))


class Formatted(logging.Handler):
    """Makes each line, and drops it: the service's own leaves the writing to a thread."""

    def emit(self, record: logging.LogRecord) -> None:
        self.format(record)


def provider_of(sealer: Sealer) -> TwilioProvider:
    """The provider as the service knows it."""
    links = Links(PUBLIC_URL, sealer)
    return TwilioProvider(ACCOUNT_SID, (AUTH_TOKEN,), spellings(PUBLIC_URL), links, is_phone_network=False)


def service() -> calls.Service:
    """What the use cases need, without a log."""
    schedule = load((Path(__file__).parent / "schedule.yaml").read_bytes())
    key = Pseudonymizer(KEY)
    return calls.Service(lambda: schedule, NoRecords(), None, caller_key=lambda number: key.key(number.e164))


def shares() -> Iterator[Part]:
    """Those of a webhook, in their order, and at last all of it: to be run where an event loop is."""
    yield entered(NoVoice, "entrance, fiber, metrics", What.SHARE)
    yield from _of_the_request()
    yield from _of_the_call()
    yield _log_line()
    yield entered(Voice, "all of these, from request to answer", What.ALL)


@contextmanager
def logging_as_the_service_does() -> Iterator[None]:
    """To a handler that makes JSON."""
    logger, handler = logging.getLogger("callrouter"), Formatted()
    handler.setFormatter(formatter(Format.JSON))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)


def entered(kind: type[Voice], name: str, what: What) -> Part:
    """A request as the server hands it over, to the last byte that it is given; each go is another call, as in life."""
    sealer = Sealer(KEY)
    provider = provider_of(sealer)
    voice = kind(provider, service(), sealer, provider.render_fail_safe(FailSafe(())))
    entrance = Entrance(Webhooks(voice), lambda _environ, _start: [], 1)
    handed = cycle([_handed(request) for request in Calls().requests(_CALLS)])

    def asking(app: Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]) -> Callable[[], None]:
        def ask() -> None:
            scope, body = next(handed)
            _to_its_end(app(scope, _receiving(body), _dropped))

        return ask

    if what is What.ALL:
        return Part(name, asking(entrance.__call__), what=what)
    return Part(name, asking(entrance.__call__), asking(_bare), "an ASGI function that reads the body")


def _to_its_end(answering: Coroutine[Any, Any, None]) -> None:
    """Nothing here waits, so the loop is never asked to go on."""
    try:
        answering.send(None)
    except StopIteration:
        return
    raise RuntimeError("a webhook that is measured without its log waited for something")


def _handed(request: bytes) -> tuple[Scope, bytes]:
    """*request* as a server hands it over."""
    head, _, body = request.partition(b"\r\n\r\n")
    headers = [tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")[1:]]
    scope = {"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "path": PATH}
    named = [(name.lower(), value) for name, value in headers]
    return {**scope, "raw_path": PATH.encode(), "query_string": b"", "headers": named}, body


def _receiving(body: bytes) -> Receive:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _dropped(_message: Mapping[str, Any]) -> None: ...


async def _bare(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    headers = [(b"content-type", b"text/xml"), (b"content-length", b"12")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"<Response />"})


def _of_the_request() -> Iterator[Part]:
    provider, (request,) = provider_of(Sealer(KEY)), Calls().requests(1)
    scope, body = _handed(request)
    headers = {name.decode().title(): value.decode() for name, value in scope["headers"]}
    header, fields = headers["X-Twilio-Signature"], pairs(body)
    said = (PUBLIC_URL + PATH).encode() + b"".join(name + value for name, value in sorted(fields))
    asked = WebhookRequest(PATH, headers, body)

    def verified() -> Inbound:
        form = provider.verified(asked)
        assert form
        return form.inbound()

    def parsed() -> list[tuple[bytes, bytes]]:
        return parse_qsl(body, keep_blank_values=True)

    def signed() -> bool:
        by_hand = base64.b64encode(hmac.digest(AUTH_TOKEN.encode(), said, "sha1"))
        return hmac.compare_digest(by_hand, header.encode())

    yield Part("form, verified and read", verified, lambda: (parsed(), signed()), "`parse_qsl`, and HMAC")
    yield Part("form", lambda: pairs(body), parsed, "`parse_qsl`", what=What.WITHIN)
    urls = [base + PATH for base in spellings(PUBLIC_URL)]
    genuine = lambda: is_genuine([AUTH_TOKEN], urls, fields, header)  # noqa: E731 - one more like those beside it
    yield Part("signature", genuine, signed, "HMAC over text at hand", what=What.WITHIN)


def _of_the_call() -> Iterator[Part]:
    there, at, sealer = service(), clock.now(), Sealer(KEY)
    schedule, provider = there.schedule_now(), provider_of(sealer)
    unit = schedule.unit("centre")
    callers = cycle([Inbound(f"CA{n:032x}", CALLED, Caller(PhoneNumber(f"+4670174{n:06}"))) for n in range(_CALLS)])

    def answered() -> Reply:
        return calls.answer(there, next(callers), at)

    def named() -> object:
        return [(blake2b(b"x" * 120, digest_size=8).hexdigest(), dict(event.facts)) for event in events]

    reply = answered()
    call, step = reply.call, reply.step
    decision, events = call.decision, list(call.told())
    assert isinstance(step, Ring)
    yield Part("use case", answered, lambda: (unit.hours.is_open(at), named()), "the two floors below")

    def decided() -> object:
        return first_step(schedule, decide(schedule, unit, at), at)

    def told() -> object:
        new = RunningCall(call.call_id, CALLED, call.caller, replace(decision))
        return go_on(there, new, replace(step, attempt=replace(step.attempt)), [], at)

    is_open = lambda: unit.hours.is_open(at)  # noqa: E731 - as above
    yield Part("decision and first step", decided, is_open, "a bisection of the hours", what=What.WITHIN)
    yield Part("the call and its two events", told, named, "two dictionaries and two hashes", what=What.WITHIN)
    sealed = seal_call(sealer, call)
    fernet, text = Fernet(Fernet.generate_key()), sealer.open(sealed).encode()
    cut = re.split(r"(?<=\?c=)[\w%-]+", provider.render(step, call).body.decode())

    def filled() -> bytes:
        return fernet.encrypt(text).decode().join(cut).encode()

    yield Part("document", lambda: provider.render(step, call), filled, "a text with gaps, and Fernet")
    encrypted = lambda: fernet.encrypt(text)  # noqa: E731 - as above
    yield Part("sealing", lambda: seal_call(sealer, call), encrypted, "a text at hand, by Fernet", what=What.WITHIN)


def _log_line() -> Part:
    logger = logging.getLogger("callrouter.web.voice")
    about: dict[str, object] = {"call": "CA" + "1" * 32, "endpoint": "incoming", "unit": "centre", "state": "closed"}
    about |= {
        "decided_by": "hours",
        "reason": "sun 03:00-03:01 (from 2007-02-01)",
        "destination": "security",
        "ms": 1.5,
    }
    return Part("log line", lambda: logger.info("answered", extra=about), lambda: json.dumps(about), "`json.dumps`")
