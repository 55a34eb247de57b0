"""Strangers at the provider's door: what is forged, of another account, monstrous, or no form at all."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from threading import Event
from urllib.parse import urlencode

from tests.faults.meanwhile import meanwhile
from tests.service import RunningService
from tests.telephony.twilio.signing import OTHER_ACCOUNT, STALE_TOKEN, Fields, signature

PATIENCE_SECONDS = 3.0
INCOMING = "/twilio/voice"
MUCH = 3_000_000
FORBIDDEN, TOO_LARGE, ANSWERED = 403, 413, 200


@contextmanager
def at_the_door(service: RunningService) -> Iterator[None]:
    """They come again and again as long as the block lasts; each has the answer that it is due, soon."""
    due = _requests(service)

    def come(over: Event) -> None:
        while not over.is_set():
            for name, (wanted, signed, body) in due.items():
                told = _asked(service, signed, body)
                assert told == wanted, f"{name}: {told} was answered, {wanted} is due"

    with meanwhile(come):
        yield


def send_much(service: RunningService) -> None:
    """A page is sent megabytes that it does not ask for; whether and what it answers is all the same."""
    there = HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
    with closing(there) as connection, suppress(OSError, HTTPException):
        connection.request("POST", "/sign-in", bytes(MUCH))
        connection.getresponse()


def answered(service: RunningService, token: str) -> int:
    """The status of the answer to a call that is signed with *token*."""
    twilio = service.settings.twilio
    fields = {"CallSid": "CA" + "6" * 32, "AccountSid": twilio.account_sid, "To": "+46846500400"}
    return _asked(service, *_signed(service, fields, token))


def _signed(service: RunningService, fields: Fields, by: str) -> tuple[str, bytes]:
    pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields)
    return signature(service.settings.public_url + INCOMING, pairs, by), urlencode(pairs).encode()


def _asked(service: RunningService, signed: str, body: bytes) -> int:
    connection = HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE_SECONDS)
    form = "application/x-www-form-urlencoded"
    try:
        connection.request("POST", INCOMING, body, {"X-Twilio-Signature": signed, "Content-Type": form})
        return connection.getresponse().status
    finally:
        connection.close()


def _requests(service: RunningService) -> Mapping[str, tuple[int, str, bytes]]:
    """By what is odd about each: the status that is due, the signature, the body."""
    twilio = service.settings.twilio
    token = twilio.auth_tokens[0]
    call = {"CallSid": "CA" + "5" * 32, "From": "+46701740650", "To": "+46846500400", "CallStatus": "ringing"}
    genuine = call | {"AccountSid": twilio.account_sid}

    def signed(status: int, fields: Fields, by: str = token) -> tuple[int, str, bytes]:
        return status, *_signed(service, fields, by)

    return {
        "not signed": (FORBIDDEN, "", urlencode(genuine).encode()),
        "signed with a token of old": signed(FORBIDDEN, genuine, STALE_TOKEN),
        "of another account": signed(FORBIDDEN, call | {"AccountSid": OTHER_ACCOUNT}),
        "of two accounts": signed(FORBIDDEN, [*genuine.items(), ("AccountSid", OTHER_ACCOUNT)]),
        "no form": (FORBIDDEN, "x", bytes(range(256)) * 16),
        "two megabytes": (TOO_LARGE, "x", b"x" * 2_000_000),
        "a parameter of 64 kB": signed(ANSWERED, genuine | {"From": "å" * 32_768}),
        "a number of nobody": signed(ANSWERED, genuine | {"From": "sip:'; DROP TABLE call;--@example.org"}),
        "a number that is not ours": signed(ANSWERED, genuine | {"To": "+46840628"}),
        "parameters missing": signed(ANSWERED, {"AccountSid": twilio.account_sid, "CallSid": genuine["CallSid"]}),
    }
