"""The webhooks of a call, one by one: who rings, what is said, and what the log has before the answer is out."""

from datetime import timedelta

import pytest

from callrouter.domain.phrases import FAREWELL
from callrouter.domain.words import EventKind
from callrouter.telephony.simulator.verbs import Dial, Hangup
from callrouter.telephony.twilio.adapter import LARGEST_DOCUMENT
from callrouter.telephony.twilio.links import PATHS
from tests.schedules import CLOSED_HOUR, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, OPEN_HOUR, numbers_of
from tests.telephony.twilio.signing import ACCOUNT, BASE, OTHER_ACCOUNT, STALE_TOKEN, TOKEN, signed
from tests.web.stage import CITIZEN, Answer, Stage

GONE = ("completed", "canceled", "failed", "busy", "no-answer")
HUNG_UP = {"CallSid": "CA1", "CallStatus": "completed", "Digits": "hangup"}
TALKED = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "61"}


@pytest.fixture
def stage() -> Stage:
    return Stage()


class TestACallComesIn:
    def test_open_rings_the_front_desk(self, stage: Stage) -> None:
        answer = stage.calls(at=OPEN_HOUR)
        assert answer.rings == numbers_of([DESK_1, DESK_2])
        assert answer.says == []
        assert stage.log.kinds() == [EventKind.ARRIVED, EventKind.RANG]

    def test_closed_says_so_and_rings_the_first_guard(self, stage: Stage) -> None:
        answer = stage.calls(at=CLOSED_HOUR)
        assert answer.says == ["Vi har stängt.", "We are closed."]
        assert answer.rings == numbers_of([GUARD_1])

    @pytest.mark.parametrize(
        "from_", ["464", "anonymous", "+266696687", "client:x", "sip:a@example.org", "", "x" * 65536]
    )
    def test_an_odd_caller_is_a_caller_like_any_other(self, stage: Stage, from_: str) -> None:
        assert stage.calls(From=from_).rings == numbers_of([DESK_1, DESK_2])
        assert stage.log.entries[0].number is None

    def test_a_number_nobody_claims_rings_the_first_units_closed_destination(self, stage: Stage) -> None:
        answer = stage.calls(To="+46846500498")
        assert answer.rings == numbers_of([GUARD_1])
        assert not answer.is_fail_safe
        facts = stage.log.events[0].facts
        assert (facts["unit"], facts["decided_by"], facts["called"]) == (None, "fail-safe", "+46846500498")

    @pytest.mark.parametrize("name", ["To", "From", "CallSid", "CallToken", "ForwardedFrom", "New"])
    def test_a_parameter_of_64_kb_keeps_nobody_from_an_answer(self, stage: Stage, name: str) -> None:
        answer = stage.calls(OPEN_HOUR, **{name: "å" * 65536})
        assert answer.rings
        assert not answer.is_fail_safe
        assert len(answer.response.document.body) < LARGEST_DOCUMENT
        assert all(len(target) < 4000 for target in (answer.next, *answer.legs)), "our own server reads 4094"

    def test_the_callers_number_stands_in_no_address_and_no_event(self, stage: Stage) -> None:
        answer = stage.calls()
        assert CITIZEN[4:].encode() not in answer.response.document.body
        assert CITIZEN[4:] not in repr(stage.log.events)
        number = stage.log.entries[0].number
        assert number is not None
        assert number.e164 == CITIZEN


class TestAnAttemptEnds:
    def test_nobody_answers_and_the_next_rings_until_words_end_the_call(self, stage: Stage) -> None:
        answer, rung = stage.calls(at=CLOSED_HOUR), []
        while answer.rings:
            rung += answer.rings
            answer = stage.dial_ended(answer, at=CLOSED_HOUR)
        assert rung == numbers_of([GUARD_1, GUARD_2, GUARD_1, GUARD_2, DUTY_OFFICER])
        assert answer.says == ["Ingen kunde svara."]
        assert answer.document.verbs[-1] == Hangup()
        assert stage.log.kinds()[-1] is EventKind.HUNG_UP

    @pytest.mark.parametrize(
        ("form", "goes_on"),
        [
            (TALKED, False),
            (TALKED | {"DialCallDuration": "2"}, True),  # dropped
            (TALKED | {"DialBridged": "false"}, True),  # a voicemail took it
            ({"DialCallStatus": "busy"}, True),
            ({"DialCallStatus": "failed"}, True),
            ({"DialCallStatus": "no-answer", "CallStatus": "ringing"}, True),
            ({"DialCallStatus": "canceled", "CallStatus": "in-progress"}, True),  # not by the caller, who waits
            ({"DialCallStatus": "canceled", "CallStatus": "ringing"}, True),
            ({"DialCallStatus": "a-new-word"}, True),
            ({"DialCallStatus": "", "DialBridged": ""}, True),
        ],
    )
    def test_whoever_was_not_helped_is_given_to_the_next(
        self, stage: Stage, form: dict[str, str], goes_on: bool
    ) -> None:
        answer = stage.dial_ended(stage.calls(), OPEN_HOUR, **form)
        assert answer.rings == (numbers_of([GUARD_1]) if goes_on else [])
        assert not answer.is_fail_safe if goes_on else answer.document.verbs == (Hangup(),)

    @pytest.mark.parametrize("gone", GONE)
    @pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed", "canceled"])
    @pytest.mark.parametrize("bridged", ["true", "false"])
    def test_the_caller_is_gone_and_nobody_is_rung(self, stage: Stage, gone: str, status: str, bridged: str) -> None:
        answer = stage.dial_ended(stage.calls(), CallStatus=gone, DialCallStatus=status, DialBridged=bridged)
        assert answer.document.verbs == (Hangup(),)
        assert EventKind.HUNG_UP not in stage.log.kinds()
        assert stage.log.events[-1].facts["caller_gone"] is True

    def test_the_callers_number_goes_with_the_call(self, stage: Stage) -> None:
        """On later requests the log still knows whose call it is, though nobody says it again."""
        stage.dial_ended(stage.calls(), From="", To="")
        assert [entry.number.e164 for entry in stage.log.entries if entry.number] == [CITIZEN, CITIZEN]


class TestStatusCallbacks:
    @pytest.mark.parametrize(
        "status", ["ringing", "in-progress", "completed", "busy", "no-answer", "canceled", "failed"]
    )
    def test_a_leg_is_logged(self, stage: Stage, status: str) -> None:
        legs = stage.calls().legs
        response = stage.post(legs[1], {"CallSid": "CA3", "ParentCallSid": "CA1", "CallStatus": status})
        assert (response.status, response.document.body) == (204, b"")
        assert stage.log.kinds()[-1] is EventKind.LEG
        assert (stage.log.events[-1].facts["to"], stage.log.events[-1].facts["sid"]) == (DESK_2.e164, "CA3")

    @pytest.mark.parametrize("status", ["initiated", "queued", "", "a-new-word"])
    def test_what_says_nothing_new_of_a_leg_is_not(self, stage: Stage, status: str) -> None:
        legs = stage.calls().legs
        before = len(stage.log.entries)
        assert stage.post(legs[0], {"CallSid": "CA3", "CallStatus": status}).status == 204
        assert len(stage.log.entries) == before

    def test_the_end_of_the_call_is_logged(self, stage: Stage) -> None:
        form = {"CallSid": "CA1", "To": "+46846500400", "CallStatus": "completed", "CallDuration": "61"}
        assert stage.post("/twilio/status", form).status == 204
        assert stage.log.kinds() == [EventKind.ENDED]
        assert stage.log.events[0].facts == {
            "called": "+46846500400",
            "status": "completed",
            "seconds": 61,
            "origin": "phone-network",
        }

    def test_a_call_that_goes_on_is_not(self, stage: Stage) -> None:
        assert stage.post("/twilio/status", {"CallSid": "CA1", "CallStatus": "in-progress"}).status == 204
        assert stage.log.entries == []

    @pytest.mark.parametrize(
        ("target", "form"),
        [
            ("/twilio/voice/leg", {"CallSid": "CA3", "CallStatus": "ringing"}),
            ("/twilio/voice/leg?c=forged", {"CallSid": "CA3", "CallStatus": "ringing"}),
            ("/twilio/voice/leg?c=%ff&c=%", {"CallStatus": "completed"}),
            ("/twilio/status", {"CallStatus": "completed"}),
            ("/twilio/status", {}),
        ],
    )
    def test_one_that_cannot_be_kept_is_not_asked_for_again(
        self, stage: Stage, target: str, form: dict[str, str]
    ) -> None:
        assert stage.post(target, form).status == 204
        assert stage.log.entries == []

    def test_the_calls_own_token_is_no_legs(self, stage: Stage) -> None:
        query = stage.calls().next.partition("?")[2]
        before = len(stage.log.entries)
        assert stage.post(f"/twilio/voice/leg?{query}", {"CallSid": "CA3", "CallStatus": "ringing"}).status == 204
        assert len(stage.log.entries) == before


class TestAMessage:
    def test_it_is_logged_and_the_caller_thanked(self, stage: Stage) -> None:
        form = HUNG_UP | {"RecordingSid": "RE1", "RecordingDuration": "1"}
        answer = Answer(stage.post("/twilio/voice/message", form))
        assert len(answer.says) == len(FAREWELL.parts)
        assert answer.document.verbs[-1] == Hangup()
        assert [(e.kind, e.facts) for e in stage.log.events] == [
            (EventKind.MESSAGE_LEFT, {"sid": "RE1", "message_seconds": 1})
        ]

    def test_none_was_left(self, stage: Stage) -> None:
        assert Answer(stage.post("/twilio/voice/message", HUNG_UP)).document.verbs[-1] == Hangup()
        assert stage.log.entries == []


class TestRefused:
    @pytest.mark.parametrize("path", PATHS)
    @pytest.mark.parametrize(("token", "account"), [(STALE_TOKEN, ACCOUNT), (TOKEN, OTHER_ACCOUNT)])
    def test_nothing_is_said_or_logged(self, stage: Stage, path: str, token: str, account: str) -> None:
        request = signed(path, {"AccountSid": account, "CallSid": "CA1", "To": "+46846500400"}, token=token)
        response = stage.voice.handle(path, request)
        assert response.status == 403
        assert b"<" not in response.document.body
        assert stage.log.entries == []


def test_every_address_is_one_that_is_served(stage: Stage) -> None:
    answer = stage.calls()
    paths = {target.partition("?")[0] for target in (answer.next, *answer.legs)}
    assert paths <= PATHS.keys()
    assert BASE + "/twilio/voice" not in paths


def test_another_process_goes_on_with_the_call(stage: Stage) -> None:
    """Nothing of a running call is in the process: a new one, with a log of its own, tells the whole story again."""
    other = Stage()
    answer = other.dial_ended(stage.calls(), at=OPEN_HOUR + timedelta(seconds=30))
    assert answer.rings == numbers_of([GUARD_1])
    kinds = [EventKind.ARRIVED, EventKind.RANG, EventKind.DIAL_ENDED, EventKind.RANG]
    assert sorted(other.log.kinds()) == sorted(kinds)
    assert other.log.events[0] == stage.log.events[0]
    assert isinstance(answer.document.verbs[-1], Dial)
