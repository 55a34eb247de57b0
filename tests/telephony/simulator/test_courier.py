"""Retries, losses and the fragment of an address."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from callrouter.telephony.simulator import Faults, Loss, PlayedCall, Request, Response, TransportFailure, signature
from callrouter.telephony.simulator.courier import Courier, Webhook
from callrouter.telephony.simulator.overrides import overrides_of
from tests.telephony.simulator.fake_service import ORIGIN, Answer, FakeService

OK = Response(200, {"content-type": "text/xml"}, b"<Response/>")
BROKEN = Response(500, {}, b"")
FORBIDDEN = Response(403, {}, b"")
REFUSED = TransportFailure("connect", "refused", 0.01)
SLOW = TransportFailure("read", "time-out", 3.0)
Play = Callable[..., PlayedCall]


@dataclass
class Scripted:
    """A transport that gives these answers in turn."""

    answers: Sequence[Response | TransportFailure]
    sent: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Response | TransportFailure:
        self.sent.append(request)
        return self.answers[len(self.sent) - 1]


def webhook(fragment: str = "", method: str = "POST", loss: Loss | None = None) -> Webhook:
    return Webhook(f"{ORIGIN}/voice?a=1{fragment}", {"To": "+46846500401", "Text": "å b"}, "token-1", method, loss)


@pytest.mark.parametrize(
    ("fragment", "answers", "attempts"),
    [
        ("", [OK], 1),
        ("", [REFUSED, OK], 2),  # by default one retry, of connect failures alone
        ("", [REFUSED, REFUSED], 2),
        ("", [SLOW], 1),
        ("", [BROKEN], 1),
        ("#rc=2&rp=all", [BROKEN, FORBIDDEN, OK], 3),
        ("#rc=2&rp=all", [SLOW, REFUSED, SLOW], 3),
        ("#rc=2&rp=5xx", [BROKEN, FORBIDDEN], 2),
        ("#rc=1&rp=4xx,rt", [FORBIDDEN, SLOW], 2),
        ("#rc=0&rp=all", [BROKEN], 1),
        ("#rc=5&rp=rt&tt=9000", [SLOW, SLOW, SLOW], 3),  # the total time is over
        ("#rc=5&rp=all", [Response(302, {}, b"")], 1),
    ],
)
def test_retries(fragment: str, answers: list[Response | TransportFailure], attempts: int) -> None:
    transport = Scripted(answers)
    delivery = Courier(transport, "a token").send(webhook(fragment))
    assert (delivery.attempts, len(transport.sent)) == (attempts, attempts)
    assert delivery.answer == answers[-1]
    assert {request.headers["I-Twilio-Idempotency-Token"] for request in transport.sent} == {"token-1"}
    assert len({request.body for request in transport.sent}) == 1


@pytest.mark.parametrize(
    ("answer", "codes"),
    [(OK, []), (BROKEN, [11200]), (FORBIDDEN, [11200]), (REFUSED, [11205]), (SLOW, [11200])],
)
def test_what_is_wrong_after_the_last_attempt(answer: Response | TransportFailure, codes: list[int]) -> None:
    delivery = Courier(Scripted([answer]), "a token").send(webhook("#rc=0"))
    assert [error.code for error in delivery.errors] == codes


def test_the_fragment_sets_the_time_outs_and_stays_here() -> None:
    transport = Scripted([OK])
    Courier(transport, "a token").send(webhook("#ct=2000&rt=3000&rc=2&tt=9000&rp=all"))
    (request,) = transport.sent
    assert (request.connect_timeout, request.read_timeout, request.total_timeout) == (2.0, 3.0, 9.0)
    assert request.url == f"{ORIGIN}/voice?a=1"
    expected = signature("a token", f"{ORIGIN}/voice?a=1", {"To": "+46846500401", "Text": "å b"})
    assert request.headers["X-Twilio-Signature"] == expected


def test_what_a_request_carries() -> None:
    transport = Scripted([OK])
    Courier(transport, "a token", {"X-Home-Region": "ie1"}).send(webhook())
    (request,) = transport.sent
    assert request.body == b"To=%2B46846500401&Text=%C3%A5+b"
    assert request.headers["User-Agent"] == "TwilioProxy/1.1"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=UTF-8"
    assert request.headers["X-Home-Region"] == "ie1"


def test_a_get_carries_its_fields_in_the_query() -> None:
    transport = Scripted([OK])
    Courier(transport, "a token").send(webhook(method="GET"))
    (request,) = transport.sent
    assert (request.method, request.body) == ("GET", b"")
    assert request.url == f"{ORIGIN}/voice?a=1&To=%2B46846500401&Text=%C3%A5+b"
    assert request.headers["X-Twilio-Signature"] == signature("a token", request.url, {})


@pytest.mark.parametrize(
    ("fragment", "code"),
    [
        ("#rp=everything", 11243),
        ("#rp=ct,6xx", 11243),
        ("#rp=", 11243),
        ("#ct=50", 11100),
        ("#rt=15001", 11100),
        ("#rc=6", 11100),
        ("#tt=soon", 11100),
        ("#RC=2", 11100),
    ],
)
def test_a_fragment_that_is_not_understood(fragment: str, code: int) -> None:
    overrides = overrides_of(ORIGIN + fragment)
    assert [(error.code, error.fatal) for error in overrides.errors] == [(code, False)]
    assert (overrides.numbers, overrides.policy) == (overrides_of(ORIGIN).numbers, frozenset({"ct"}))


def test_edges_and_sni_are_known_and_ignored() -> None:
    assert overrides_of(f"{ORIGIN}#e=dublin&sni=y") == overrides_of(ORIGIN)


def lose_first(loss: Loss) -> Faults:
    return Faults(answers=lambda kind, nth: loss if (kind, nth) == ("voice", 0) else None)


def test_a_lost_answer_is_handled_twice_and_heard_once(service: FakeService, play: Play) -> None:
    service.at("/voice", "<Say>En</Say>", "<Say>Två</Say>")
    call = play(faults=lose_first("answer"), voice=f"{ORIGIN}/voice#ct=2000&rt=3000&rc=2&tt=9000&rp=all")
    assert [said.text for said in call.said] == ["Två"]
    assert (len(service.forms("/voice")), call.requests[0].attempts, call.errors) == (2, 2, ())
    assert service.received[0] == service.received[1]


def test_a_lost_request_never_arrives(service: FakeService, play: Play) -> None:
    service.at("/voice", "<Say>En</Say>", "<Say>Två</Say>")
    call = play(faults=lose_first("request"))
    assert [said.text for said in call.said] == ["En"]
    assert (len(service.forms("/voice")), call.requests[0].attempts) == (1, 2)


def test_a_lost_answer_that_is_not_tried_again_goes_to_the_fallback(service: FakeService, play: Play) -> None:
    service.at("/voice", "").at("/fallback", "<Say>Reserv</Say>")
    call = play(faults=lose_first("answer"), fallback=f"{ORIGIN}/fallback")
    assert [said.text for said in call.said] == ["Reserv"]


def test_callbacks_are_retried_by_their_own_fragment(service: FakeService, play: Play) -> None:
    down, good = Answer(b"", "503 Service Unavailable", None), Answer(b"", "204 No Content", None)
    service.at("/voice", "<Dial><Number statusCallback='/leg#rc=2&amp;rp=5xx'>+46846500410</Number></Dial>")
    service.at("/leg", down, down, good)
    call = play()
    assert len(service.forms("/leg")) == 3
    assert call.errors == ()
