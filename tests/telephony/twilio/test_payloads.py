"""Requests of the shapes that the provider really sends, field for field, each signed, posted and answered.

Each file says which request it is and what it shows; its `AccountSid` is the configured one when it is posted.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from callrouter.domain.phrases import FAREWELL
from callrouter.domain.words import EventKind, LegStatus, Outcome
from callrouter.telephony.simulator.verbs import Hangup
from callrouter.web.voice import Response
from tests.schedules import DESK_1, DESK_2, GUARD_1, numbers_of
from tests.telephony.twilio.signing import ACCOUNT, signed
from tests.web.stage import Answer, Stage

FOLDER = Path(__file__).parent / "payloads"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
CENTRE_IS_CALLED = {"incoming-forwarded", "incoming-abroad-attested", "incoming-short-caller", "incoming-in-progress"}
DESK = numbers_of([DESK_1, DESK_2])


@dataclass(frozen=True)
class Payload:
    kind: str
    shows: str
    fields: dict[str, str]


def payload(name: str) -> Payload:
    return Payload(**json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def posted(stage: Stage, target: str, name: str, **changes: str) -> Response:
    """What the service says to *name*, signed with our token."""
    return stage.post(target, {**payload(name).fields, "AccountSid": ACCOUNT, **changes})


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_every_payload_is_posted_below() -> None:
    kinds = {name: payload(name).kind for name in NAMES}
    assert {name for name, kind in kinds.items() if kind == "incoming"} == CENTRE_IS_CALLED
    others = {
        "dial-action-no-answer",
        "dial-action-caller-gone",
        "status-busy",
        "status-completed",
        "record-action-hangup",
    }
    assert set(NAMES) == CENTRE_IS_CALLED | others


@pytest.mark.parametrize("name", sorted(CENTRE_IS_CALLED))
class TestIncoming:
    def test_the_front_desk_rings(self, stage: Stage, name: str) -> None:
        answer = Answer(posted(stage, "/twilio/voice", name))
        assert (answer.rings, answer.is_fail_safe) == (DESK, False)
        assert answer.response.document.content_type == "text/xml; charset=utf-8"
        assert stage.log.kinds() == [EventKind.ARRIVED, EventKind.RANG]
        assert stage.log.events[0].call_id == payload(name).fields["CallSid"]

    def test_from_another_account_it_is_refused(self, stage: Stage, name: str) -> None:
        request = signed("/twilio/voice", {**payload(name).fields, "AccountSid": "AC" + "8" * 32})
        assert stage.voice.handle("/twilio/voice", request).status == 403
        assert stage.log.entries == []


@pytest.mark.parametrize(
    ("name", "kind", "number", "by"),
    [
        ("incoming-forwarded", "number", "+46701740695", "+46406280425"),  # who calls, and who forwards
        ("incoming-abroad-attested", "number", "+46406280426", None),
        ("incoming-short-caller", "other", None, None),  # 464 is nobody to call back
        ("incoming-in-progress", "number", "+46701740632", None),
    ],
)
def test_who_calls_is_logged(stage: Stage, name: str, kind: str, number: str | None, by: str | None) -> None:
    posted(stage, "/twilio/voice", name)
    told = stage.log.entries[0]
    assert told.events[0].facts["caller"] == kind
    assert (told.number.e164 if told.number else None) == number
    assert (told.forwarded_from.e164 if told.forwarded_from else None) == by
    assert (by or "no number") not in str([event.facts for event in told.events])


@pytest.mark.parametrize("by", ["", "anonymous", "sip:desk@example.org", "464", "x" * 500])
def test_what_forwards_and_is_no_number_is_not_kept(stage: Stage, by: str) -> None:
    posted(stage, "/twilio/voice", "incoming-forwarded", ForwardedFrom=by)
    assert stage.log.entries[0].forwarded_from is None


def test_who_forwards_a_withheld_caller_is_kept(stage: Stage) -> None:
    posted(stage, "/twilio/voice", "incoming-forwarded", From="anonymous", ForwardedFrom="+46846500499")
    told = stage.log.entries[0]
    assert told.number is None
    assert told.forwarded_from
    assert told.forwarded_from.e164 == "+46846500499"


def test_a_dial_that_nobody_answered_rings_the_next(stage: Stage) -> None:
    answer = Answer(posted(stage, stage.calls().next, "dial-action-no-answer"))
    assert (answer.rings, answer.is_fail_safe) == (numbers_of([GUARD_1]), False)
    ended = next(event for event in stage.log.events if event.kind is EventKind.DIAL_ENDED)
    assert (ended.facts["outcome"], ended.facts["seconds"]) == (Outcome.NO_ANSWER, None)


def test_a_dial_that_the_caller_ended_rings_nobody(stage: Stage) -> None:
    """Five seconds of talk, then the caller hung up: helped, and the answer is not even played."""
    answer = Answer(posted(stage, stage.calls().next, "dial-action-caller-gone"))
    assert answer.document.verbs == (Hangup(),)
    told = stage.log.events[-1]
    assert told.kind is EventKind.DIAL_ENDED
    assert (told.facts["outcome"], told.facts["seconds"], told.facts["caller_gone"]) == (Outcome.ANSWERED, 5, True)


def test_minutes_are_not_taken_for_seconds(stage: Stage) -> None:
    """`Duration` is what is billed: begun minutes."""
    for target in (stage.calls().legs[0], "/twilio/status"):
        posted(stage, target, "status-completed", CallSid="CA3", Duration="2", CallDuration="61")
        assert stage.log.events[-1].facts["seconds"] == 61


@pytest.mark.parametrize(
    ("name", "outcome", "seconds"),
    [("status-busy", Outcome.BUSY, 0), ("status-completed", Outcome.ANSWERED, 1)],
)
class TestCallStatus:
    """The same shape tells of a leg and, at the number's own address, of the call."""

    def test_as_a_leg(self, stage: Stage, name: str, outcome: Outcome, seconds: int) -> None:
        leg = stage.calls().legs[0]
        response = posted(stage, leg, name, CallSid="CA3", ParentCallSid="CA1")
        assert (response.status, response.document.body) == (204, b"")
        facts = stage.log.events[-1].facts
        assert (facts["to"], facts["status"]) == (DESK_1.e164, LegStatus.ENDED)
        assert (facts["outcome"], facts["seconds"]) == (outcome, seconds)

    def test_as_the_end_of_the_call(self, stage: Stage, name: str, outcome: Outcome, seconds: int) -> None:
        """Here the provider's own word stays: what it means depends on the whole call."""
        assert posted(stage, "/twilio/status", name).status == 204
        assert stage.log.kinds() == [EventKind.ENDED]
        facts = stage.log.events[0].facts
        assert (facts["status"] == "completed", facts["seconds"]) == (outcome is Outcome.ANSWERED, seconds)


def test_a_message_that_ended_with_the_callers_hang_up(stage: Stage) -> None:
    answer = Answer(posted(stage, "/twilio/voice/message", "record-action-hangup"))
    assert len(answer.says) == len(FAREWELL.parts)
    assert (answer.rings, answer.document.verbs[-1]) == ([], Hangup())
    assert stage.log.events[0].facts["message_seconds"] == 12


def test_nothing_real_stands_in_a_payload() -> None:
    """Only numbers reserved for fiction, and no account."""
    reserved = ("+468465004", "+463139006", "+464062804", "+467017406")
    for name in NAMES:
        fields = payload(name).fields
        assert fields["AccountSid"] == ""
        assert all(value.startswith(reserved) for value in fields.values() if value.startswith("+"))
