"""What the network does with a <Dial>, and what is told afterwards."""

from collections.abc import Callable
from datetime import timedelta

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
from tests.telephony.simulator.fake_service import SCREENED, WHISPER, FakeService, dial

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
    assert call.ended_at == call.started_at + timedelta(seconds=hangs_up_after)


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


def test_the_status_callback_may_overtake_the_dials_action(service: FakeService, play: Play) -> None:
    service.at("/voice", dial(DESK)).at("/next", "")
    play({DESK: silent()}, Caller(hangs_up_after=10), habits=Habits(late_action=3))
    assert service.paths() == ["/voice", "/status", "/next"]
