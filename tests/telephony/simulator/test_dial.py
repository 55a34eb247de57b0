"""What the network does with a <Dial>: rings, screening, and what is told afterwards."""

from collections.abc import Callable

import pytest

from callrouter.telephony.simulator import (
    Caller,
    Habits,
    Phone,
    PlayedCall,
    Reaction,
    Ring,
    answers,
    answers_and_drops,
    busy,
    declines,
    failed,
    in_turn,
    silent,
    voicemail,
)
from tests.telephony.simulator.fake_service import ALL_EVENTS, SCREENED, WHISPER, FakeService, dial

DESK, GUARD, THIRD = "+46846500410", "+46846500411", "+46846500412"
Play = Callable[..., PlayedCall]


@pytest.mark.parametrize(
    ("phone", "outcome", "dial_status", "bridged", "duration", "rang", "talked"),
    [
        (answers(after=6, talks=60), "answered", "completed", "true", "60", 6, 60),
        (answers_and_drops(after=6), "dropped", "completed", "true", "2", 6, 2),
        (answers(after=6, talks=3), "answered", "completed", "true", "3", 6, 3),
        (voicemail(after=18, talks=30), "answered", "completed", "true", "30", 18, 30),
        (declines(after=4), "busy", "busy", "false", None, 4, 0),
        (busy(after=1), "busy", "busy", "false", None, 1, 0),
        (failed(after=1), "failed", "failed", "false", None, 1, 0),
        (silent(), "no-answer", "no-answer", "false", None, 25, 0),
    ],
)
def test_an_unscreened_leg(  # noqa: PLR0917 - one column each
    service: FakeService,
    play: Play,
    phone: Phone,
    outcome: str,
    dial_status: str,
    bridged: str,
    duration: str | None,
    rang: int,
    talked: int,
) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    call = play({DESK: phone})
    (leg,) = call.legs
    (form,) = service.forms("/next")
    assert (leg.outcome, leg.rang_seconds, leg.talked_seconds) == (outcome, rang, talked)
    assert (form["DialCallStatus"], form["DialBridged"]) == (dial_status, bridged)
    assert form.get("DialCallDuration") == duration
    assert form["DialCallSid"] == leg.child_sid
    assert form["CallStatus"] == "in-progress"
    assert call.errors == ()


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


def test_the_provider_may_not_tell_whether_it_bridged(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    play({DESK: answers()}, habits=Habits(tells_bridged=False))
    assert "DialBridged" not in service.forms("/next")[0]


def test_the_ring_buffer_is_a_habit(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    assert play(habits=Habits(ring_buffer=0)).legs[0].rang_seconds == 20


def test_an_unknown_phone_is_silent_and_recorded(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, GUARD)).at("/next", "")
    call = play({})
    assert call.rung == (DESK, GUARD)
    assert {leg.outcome for leg in call.legs} == {"no-answer"}


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
    assert service.paths().index("/accept") > [form["CallStatus"] for form in service.forms("/leg")].index("in-progress")
    kinds = [
        (received.path, received.form["CallStatus"])
        for received in service.received
        if received.path in {"/leg", "/accept"}
    ]
    assert kinds.index(("/leg", "in-progress")) < kinds.index(("/accept", "in-progress"))


def test_without_an_action_the_next_verb_runs(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options="") + "<Say>Adjö</Say>")
    assert [said.text for said in play({DESK: busy()}).said] == ["Adjö"]


def test_an_answer_on_bridge_rings_on_while_nobody_is_connected(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options='action="/next" answerOnBridge="true"')).at("/next", "<Hangup/>")
    call = play({DESK: busy()})
    assert service.forms("/next")[0]["CallStatus"] == "ringing"
    assert call.status == service.forms("/status")[0]["CallStatus"] == "no-answer"


def test_the_status_of_an_unbridged_parent_is_a_habit(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options='action="/next" answerOnBridge="true"')).at("/next", "")
    play({DESK: busy()}, habits=Habits(unbridged_status="in-progress"))
    assert service.forms("/next")[0]["CallStatus"] == "in-progress"


@pytest.mark.parametrize("before", ["<Say>Hej</Say>", '<Pause length="1"/>'])
def test_answer_on_bridge_works_only_in_the_first_verb(service: FakeService, play: Play, before: str) -> None:
    service.at("/voice", before + dial(DESK, options='action="/next" answerOnBridge="true"')).at("/next", "")
    play({DESK: busy()})
    assert service.forms("/next")[0]["CallStatus"] == "in-progress"


def test_an_answer_on_bridge_that_is_bridged_is_answered(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options='action="/next" answerOnBridge="true"')).at("/next", "")
    call = play({DESK: answers(talks=30)})
    assert service.forms("/next")[0]["CallStatus"] == "in-progress"
    assert (call.status, service.forms("/status")[0]["CallDuration"]) == ("completed", "30")


@pytest.mark.parametrize(
    ("phone", "hangs_up_after", "dial_status", "bridged", "outcome"),
    [
        (silent(), 10, "canceled", "false", "cancelled"),  # while it rings
        (answers(after=6), 7, "completed", "false", "cancelled"),  # under the whisper
        (answers(after=6), 30, "completed", "true", "answered"),  # in the talk
        (answers(after=6), 8, "completed", "true", "answered"),  # half a second into the talk: not dropped
    ],
)
def test_the_caller_hangs_up_during_a_dial(  # noqa: PLR0917 - one column each
    service: FakeService,
    play: Play,
    phone: Phone,
    hangs_up_after: float,
    dial_status: str,
    bridged: str,
    outcome: str,
) -> None:
    service.at("/voice", dial(DESK, number_options=SCREENED)).at("/whisper", WHISPER).at("/accept", "")
    service.at("/next", dial(GUARD))
    call = play({DESK: phone}, Caller(hangs_up_after=hangs_up_after))
    (form,) = service.forms("/next")
    assert (form["CallStatus"], form["DialCallStatus"], form["DialBridged"]) == ("completed", dial_status, bridged)
    assert call.legs[0].outcome == outcome
    assert call.rung == (DESK,), "the answer to a caller who has gone is ignored"
    assert (call.ended_by, call.status) == ("caller", "completed")
    assert (call.ended_at is not None) and (call.ended_at - call.started_at).total_seconds() == hangs_up_after


def test_a_caller_who_goes_before_any_answer_is_canceled(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options='action="/next" answerOnBridge="true"')).at("/next", "")
    call = play({DESK: silent()}, Caller(hangs_up_after=10))
    assert service.forms("/next")[0]["CallStatus"] == "completed"
    assert service.forms("/status")[0]["CallStatus"] == call.status == "canceled"


@pytest.mark.parametrize("number", ["0701740650", "112", "+46 8 46 50 04 10", ""])
def test_only_e164_is_rung(service: FakeService, play: Play, number: str) -> None:
    service.at("/voice", dial(number)).at("/next", "")
    call = play({})
    assert [error.code for error in call.errors] == [13223]
    assert call.rung == ()
    assert service.forms("/next")[0]["DialCallStatus"] == "failed"


@pytest.mark.parametrize(
    ("shows", "codes", "outcome"),
    [("+46846500401", [], "answered"), ("+46701740650", [], "answered"), ("+46846500499", [13214], "failed")],
)
def test_only_our_own_numbers_can_be_shown(
    service: FakeService, play: Play, shows: str, codes: list[int], outcome: str
) -> None:
    service.at("/voice", dial(DESK, options=f'action="/next" callerId="{shows}"')).at("/next", "")
    call = play({DESK: answers()})
    assert [error.code for error in call.errors] == codes
    assert call.legs[0].outcome == outcome


def test_a_phone_is_asked_at_each_ring(service: FakeService, play: Play) -> None:
    rings: list[Ring] = []

    def note(ring: Ring) -> Reaction:
        rings.append(ring)
        return busy()(ring)

    service.at("/voice", dial(DESK)).at("/next", dial(DESK), "")
    call = play({DESK: in_turn(note, answers())})
    assert [leg.outcome for leg in call.legs] == ["busy", "answered"]
    assert (rings[0].number, rings[0].nth, rings[0].screened) == (DESK, 1, False)


def test_a_chain_of_dials(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", dial(GUARD), dial(THIRD), "")
    call = play({DESK: silent(), GUARD: busy(), THIRD: answers(after=3, talks=20)})
    assert [(leg.number, leg.outcome) for leg in call.legs] == [
        (DESK, "no-answer"),
        (GUARD, "busy"),
        (THIRD, "answered"),
    ]
    assert call.answered_by == THIRD


def test_the_talk_ends_at_its_limit(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK, options='action="/next" timeLimit="90"')).at("/next", "")
    call = play({DESK: answers(talks=None)})
    assert (call.legs[0].talked_seconds, call.legs[0].ended_by) == (90, "network")
