"""The called party's end: the whisper, and the status callbacks of a leg."""

from collections.abc import Callable

import pytest

from callrouter.telephony.simulator import (
    Phone,
    PlayedCall,
    answers,
    busy,
    declines,
    failed,
    silent,
    voicemail,
)
from tests.telephony.simulator.fake_service import ALL_EVENTS, SCREENED, WHISPER, FakeService, dial

DESK, GUARD, THIRD = "+46846500410", "+46846500411", "+46846500412"
Play = Callable[..., PlayedCall]


@pytest.mark.parametrize(
    ("phone", "outcome", "bridged"),
    [
        (answers(after=6), "answered", "true"),
        (declines(after=4), "declined", "false"),
        (voicemail(after=18), "screened-out", "false"),
    ],
)
def test_completed_does_not_mean_helped(
    service: FakeService, play: Play, phone: Phone, outcome: str, bridged: str
) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/next", "").at("/whisper", WHISPER)
    service.at("/accept", "" if outcome == "answered" else "<Hangup/>")
    call = play({DESK: phone})
    (form,) = service.forms("/next")
    assert call.legs[0].outcome == outcome
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", bridged)
    assert int(form["DialCallDuration"]) > 0


def test_the_first_pick_up_silences_the_others_before_any_screening(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, GUARD, number_options=SCREENED)).at("/next", "").at("/whisper", WHISPER)
    call = play({DESK: voicemail(after=3), GUARD: answers(after=4)})
    assert {leg.number: leg.outcome for leg in call.legs} == {DESK: "screened-out", GUARD: "cancelled"}
    assert call.legs[1].rang_seconds == 3
    assert service.forms("/next")[0]["DialBridged"] == "false"


def test_the_whisper_is_asked_with_the_childs_sid_at_pick_up(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/next", "").at("/whisper", WHISPER).at("/accept", "")
    call = play({DESK: answers(after=6)})
    (whisper,), (key,) = service.forms("/whisper"), service.forms("/accept")
    child = call.legs[0].child_sid
    assert whisper["CallSid"] == key["CallSid"] == child != call.sid
    assert (whisper["CallStatus"], whisper["Direction"], whisper["To"]) == ("in-progress", "outbound-dial", DESK)
    assert (key["Digits"], key["FinishedOnKey"], key["msg"]) == ("1", "", "Gather End")
    assert call.said == (), "the caller hears nothing of a whisper"


@pytest.mark.parametrize("whisper", ["", "<Say>Samtal</Say>"])
def test_a_whisper_that_comes_to_its_end_connects(service: FakeService, play: Play, whisper: str) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/next", "").at("/whisper", whisper)
    assert play({DESK: voicemail()}).legs[0].outcome == "answered"


def test_a_whisper_that_hangs_up_declines(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/next", "").at("/whisper", "<Hangup/>")
    assert play({DESK: answers()}).legs[0].outcome == "screened-out"


def test_a_dial_in_a_whisper_is_a_fatal_error(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/next", "").at("/whisper", dial(GUARD))
    call = play({DESK: answers()})
    assert [(error.code, error.fatal) for error in call.errors] == [(13201, True)]
    assert call.legs[0].outcome == "failed"
    assert call.rung == (DESK,)


def test_leg_callbacks_count_from_zero_and_end_as_completed(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=ALL_EVENTS)).at("/next", "")
    call = play({DESK: answers(after=6, talks=61)})
    forms = service.forms("/leg")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["ParentCallSid"] for form in forms} == {call.sid}
    assert {form["CallSid"] for form in forms} == {call.legs[0].child_sid}
    assert (forms[-1]["CallDuration"], forms[-1]["Duration"], forms[-1]["SipResponseCode"]) == ("61", "2", "200")
    assert forms[-1]["Timestamp"] == "Mon, 23 Nov 2026 15:31:07 +0000"
    assert "Duration" not in forms[0]


def test_the_sequence_counts_only_what_was_subscribed(service: FakeService, play: Play) -> None:
    options = 'statusCallback="/leg" statusCallbackEvent="answered completed"'
    service.at("/voice", dial(DESK, number_options=options)).at("/next", "")
    play({DESK: answers()})
    told = [(form["CallStatus"], form["SequenceNumber"]) for form in service.forms("/leg")]
    assert told == [("in-progress", "0"), ("completed", "1")]


@pytest.mark.parametrize(
    ("phone", "status", "sip"),
    [(busy(), "busy", "486"), (silent(), "no-answer", "487"), (failed(), "failed", "404")],
)
def test_a_leg_that_failed_arrives_as_the_completed_event(
    service: FakeService, play: Play, phone: Phone, status: str, sip: str
) -> None:
    service.at("/voice", dial(DESK, number_options='statusCallback="/leg"')).at("/next", "")
    play({DESK: phone})
    (form,) = service.forms("/leg")
    assert (form["CallStatus"], form["SipResponseCode"], form["Duration"]) == (status, sip, "0")


def test_answered_is_told_before_the_key(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, number_options=f"{ALL_EVENTS} {SCREENED}")).at("/next", "")
    service.at("/whisper", WHISPER).at("/accept", "")
    play({DESK: answers()})
    kinds = [
        (received.path, received.form["CallStatus"])
        for received in service.received
        if received.path in {"/leg", "/accept"}
    ]
    assert kinds.index(("/leg", "in-progress")) < kinds.index(("/accept", "in-progress"))
