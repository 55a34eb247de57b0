"""The caller's end: announcements, keys, messages, and what is told when the call is over."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator

from callrouter.telephony.simulator import INSTANT_FIELD, Caller, PhoneNetwork, PlayedCall, Said, answers, silent
from tests.telephony.simulator.fake_service import ORIGIN, Answer, FakeService, dial

DESK = "+46846500410"
GATHER = '<Gather action="/menu" numDigits="1" timeout="5"><Say>Tryck ett för larm</Say></Gather>'
OPTIONS = 'action="/message" maxLength="180" timeout="5" recordingStatusCallback="/recording"'
RECORD = f"<Record {OPTIONS}/><Say>Inget hördes</Say>"
Play = Callable[..., PlayedCall]


def test_the_caller_hears_what_is_said(service: FakeService, play: Play) -> None:
    said = '<Say voice="Polly.Elin-Neural" language="sv-SE">Vi har stängt</Say><Play>https://calls.example.org/a.mp3</Play>'
    service.at("/voice", said)
    call = play()
    assert call.said == (Said("Vi har stängt", "sv-SE", "Polly.Elin-Neural"),)
    assert [entry.kind for entry in call.timeline] == ["call", "said", "played", "ended"]
    assert (call.ended_by, call.status, call.errors) == ("service", "completed", ())


def test_time_passes_with_what_is_heard(service: FakeService, play: Play) -> None:
    say = f"<Say>{' '.join(['ord'] * 25)}</Say>"  # 150 words a minute
    service.at("/voice", say + '<Say loop="2">Hej</Say><Play>a.mp3</Play><Pause length="3"/>')
    call = play()
    assert call.ended_at == call.started_at + timedelta(seconds=10 + 2 + 8 + 3)


def test_every_request_carries_its_instant_and_is_signed(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    play({DESK: answers(after=6, talks=60)}, voice=f"{ORIGIN}/voice?unit=a%2Cb#ct=2000&rt=3000")
    validator = RequestValidator("a token")
    for received in service.received:
        url = ORIGIN + received.path + (f"?{received.query}" if received.query else "")
        assert received.headers["HTTP_X_TWILIO_SIGNATURE"] == validator.compute_signature(url, received.form)
    assert service.received[0].query == "unit=a%2Cb"
    assert [received.form[INSTANT_FIELD] for received in service.received] == [
        "2026-11-23T15:30:00.000000+00:00",
        "2026-11-23T15:31:06.000000+00:00",
        "2026-11-23T15:31:06.000000+00:00",
    ]


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ("", "completed"),
        ("<Hangup/>", "completed"),
        ("<Say>Hej</Say>", "completed"),
        ('<Reject reason="busy"/>', "busy"),
        ("<Reject/>", "no-answer"),
    ],
)
def test_the_parents_last_status(service: FakeService, play: Play, document: str, status: str) -> None:
    service.at("/voice", document)
    call = play()
    (form,) = service.forms("/status")
    assert call.status == form["CallStatus"] == status
    assert form["CallSid"] == call.sid
    assert (form["Direction"], form["SequenceNumber"]) == ("inbound", "0")


@pytest.mark.parametrize("after", [0, 1.5, 12])
def test_a_caller_who_goes_during_an_announcement_is_only_told_by_the_status(
    service: FakeService, play: Play, after: float
) -> None:
    service.at("/voice", "<Say>Vänta</Say><Play>a.mp3</Play><Pause length='60'/>" + dial(DESK))
    call = play(caller=Caller(hangs_up_after=after))
    assert service.paths() == ["/voice", "/status"]
    assert (call.ended_by, call.rung) == ("caller", ())
    assert call.ended_at == call.started_at + timedelta(seconds=after)


@pytest.mark.parametrize(
    ("caller", "digits"),
    [
        (Caller(keys=("1",)), "1"),
        (Caller(keys=("1",), press_after=0.1), "1"),
        (Caller(keys=("",)), None),
        (Caller(), None),
    ],
)
def test_a_gather_asks_its_action_only_with_input(
    service: FakeService, play: Play, caller: Caller, digits: str | None
) -> None:
    service.at("/voice", GATHER + "<Say>Ingen knapp</Say>").at("/menu", "<Say>Larm</Say>")
    call = play(caller=caller)
    heard = [said.text for said in call.said]
    assert [form["Digits"] for form in service.forms("/menu")] == ([digits] if digits else [])
    assert heard == ["Tryck ett för larm", "Larm" if digits else "Ingen knapp"]


def test_a_key_cuts_the_prompt_short(service: FakeService, play: Play) -> None:
    prompt = f"<Gather action='/menu' numDigits='1'><Say>{' '.join(['ord'] * 100)}</Say></Gather>"
    service.at("/voice", prompt).at("/menu", "")
    call = play(caller=Caller(keys=("1",), press_after=2))
    assert call.ended_at == call.started_at + timedelta(seconds=2)


@pytest.mark.parametrize(
    ("options", "keys", "digits", "finished_on"),
    [
        ('numDigits="2"', "12", "12", ""),
        ("", "12#", "12", "#"),
        ("", "12", "12", ""),  # the time-out ends it
        ('finishOnKey=""', "12#", "12#", ""),
        ('numDigits="1"', "12", "1", ""),
    ],
)
def test_what_ends_a_gather(
    service: FakeService, play: Play, options: str, keys: str, digits: str, finished_on: str
) -> None:
    service.at("/voice", f'<Gather action="/menu" {options}/>').at("/menu", "")
    play(caller=Caller(keys=(keys,)))
    (form,) = service.forms("/menu")
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, finished_on)


def test_a_gather_may_ask_its_action_without_input(service: FakeService, play: Play) -> None:
    service.at("/voice", '<Gather action="/menu" actionOnEmptyResult="true"/>').at("/menu", "")
    play()
    assert service.forms("/menu")[0]["Digits"] == ""


def test_a_gather_for_speech_hears_no_keys(service: FakeService, play: Play) -> None:
    service.at("/voice", '<Gather action="/menu" input="speech"/>').at("/menu", "")
    play(caller=Caller(keys=("1",)))
    assert service.forms("/menu") == []


def test_a_message_usually_ends_with_the_caller_gone(service: FakeService, play: Play) -> None:
    service.at("/voice", RECORD).at("/message", "<Say>Tack</Say>")
    call = play(caller=Caller(message=12))
    (action,), (stored,) = service.forms("/message"), service.forms("/recording")
    assert (action["Digits"], action["CallStatus"], action["RecordingDuration"]) == ("hangup", "completed", "12")
    assert action["RecordingUrl"].endswith(f"/Recordings/{action['RecordingSid']}")
    assert stored["RecordingSid"] == action["RecordingSid"]
    assert "From" not in stored
    assert "To" not in stored
    assert (call.message, call.ended_by, call.said) == (12, "caller", ())


@pytest.mark.parametrize(
    ("caller", "seconds", "digits"),
    [
        (Caller(message=12, ends_message="#"), "12", "#"),
        (Caller(message=12, ends_message=""), "12", None),
        (Caller(message=600), "180", None),
        (Caller(message=0.4, ends_message="#"), "1", "#"),
    ],
)
def test_a_message_that_the_caller_ends_otherwise(
    service: FakeService, play: Play, caller: Caller, seconds: str, digits: str | None
) -> None:
    service.at("/voice", RECORD).at("/message", "<Say>Tack</Say>")
    call = play(caller=caller)
    (action,) = service.forms("/message")
    assert (action["RecordingDuration"], action.get("Digits"), action["CallStatus"]) == (seconds, digits, "in-progress")
    assert [said.text for said in call.said] == ["Tack"]


def test_a_caller_can_hang_up_in_mid_message(service: FakeService, play: Play) -> None:
    service.at("/voice", RECORD).at("/message", "")
    call = play(caller=Caller(message=60, hangs_up_after=11))
    assert service.forms("/message")[0]["RecordingDuration"] == "10"  # the beep took a second
    assert call.message == 10


def test_silence_is_no_message(service: FakeService, play: Play) -> None:
    service.at("/voice", RECORD).at("/message", "")
    call = play()
    assert (call.message, service.forms("/message"), service.forms("/recording")) == (None, [], [])
    assert [said.text for said in call.said] == ["Inget hördes"]


def test_a_redirect_is_followed_and_relative_addresses_too(service: FakeService, play: Play) -> None:
    service.at("/voice", "<Redirect>deeper/page?x=%2C</Redirect>").at("/deeper/page", "<Redirect>other</Redirect>")
    service.at("/deeper/other", "<Say>Framme</Say>")
    call = play()
    assert [said.text for said in call.said] == ["Framme"]
    assert service.received[1].query == "x=%2C"


def test_a_call_without_end_is_an_error(service: FakeService, play: Play) -> None:
    service.at("/voice", "<Redirect>/voice</Redirect>")
    call = play()
    assert [error.code for error in call.errors] == [0]
    assert "500 requests" in call.errors[0].sentence
    assert call.ended_by == "network"


def test_a_call_of_more_than_four_hours_is_an_error(service: FakeService, play: Play) -> None:
    service.at("/voice", '<Pause length="10"/>' + dial(DESK)).at("/next", "")
    call = play({DESK: answers(talks=None)})
    assert "4 hours" in call.errors[0].sentence
    assert call.ended_at == call.started_at + timedelta(hours=4)


def test_the_fallback_is_asked_with_what_went_wrong(service: FakeService, play: Play) -> None:
    service.at("/voice", Answer(b"oops", "500 Internal Server Error")).at("/fallback", dial(DESK, options=""))
    call = play({DESK: answers()}, fallback=f"{ORIGIN}/fallback")
    (form,) = service.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11200", f"{ORIGIN}/voice")
    assert call.answered_by == DESK
    assert [(error.code, error.fatal, error.url) for error in call.errors] == [(11200, True, f"{ORIGIN}/voice")]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(b"hej", content_type="text/plain"), 12300),
        (Answer(b"<Response>"), 12100),
        (Answer(b""), 11770),
        (Answer(b"", "204 No Content", None), 12300),
        (Answer(b"", "302 Found"), 11200),
    ],
)
def test_a_broken_answer_goes_to_the_fallback_too(service: FakeService, play: Play, answer: Answer, code: int) -> None:
    service.at("/voice", answer).at("/fallback", "<Say>Fel</Say>")
    call = play(fallback=f"{ORIGIN}/fallback")
    assert service.forms("/fallback")[0]["ErrorCode"] == str(code)
    assert [said.text for said in call.said] == ["Fel"]


def test_without_a_fallback_the_caller_hears_an_application_error(service: FakeService, play: Play) -> None:
    service.at("/voice", Answer(b"", "500 Internal Server Error"))
    call = play()
    assert (call.ended_by, call.status) == ("network", "completed")
    assert "application-error" in [entry.kind for entry in call.timeline]
    assert [form["CallStatus"] for form in service.forms("/status")] == ["completed"], "told all the same"


def test_a_callback_wants_a_good_answer(service: FakeService, play: Play) -> None:
    service.at("/voice", "").at("/status", Answer(b"", content_type=None))
    assert [(error.code, error.fatal) for error in play().errors] == [(15003, False)]


@pytest.mark.parametrize("from_", ["anonymous", "464", "", "+266696687", "sip:x@example.org"])
def test_a_caller_is_an_opaque_text(service: FakeService, play: Play, from_: str) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    assert play({DESK: answers()}, from_=from_).answered_by == DESK
    assert service.forms("/voice")[0]["From"] == from_


def test_the_seed_decides_the_identifiers(service: FakeService, play: Play) -> None:
    service.at("/voice", "")
    assert play(seed=1).sid == play(seed=1).sid
    assert len({play(seed=2).sid, play(seed=None).sid, play(seed=None).sid}) == 3


def test_a_naive_instant_and_a_foreign_number_are_refused(network: Callable[..., PhoneNetwork]) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        network().call("+46701740650", "+46846500401", datetime(2026, 11, 23, 16, 30))  # noqa: DTZ001 - that is the test
    with pytest.raises(ValueError, match="not one of the network's numbers"):
        network().call("+46701740650", "+46846500499", datetime(2026, 11, 23, tzinfo=UTC))


def test_an_hour_plays_at_once(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", *[dial(DESK)] * 150, "")
    call = play({DESK: silent()})
    assert len(call.legs) == 151
    assert call.ended_at == call.started_at + timedelta(seconds=151 * 25)
