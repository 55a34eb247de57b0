"""What every caller is owed: each promise is seen to be kept, and seen to be broken."""

from dataclasses import replace
from typing import Literal

import pytest

from callrouter.simulate.people import VOICEMAIL, Manner, Owner
from callrouter.simulate.promises import promises_of
from callrouter.telephony.simulator import Entry, Outcome, PlayedCall, ServiceError, voicemail
from tests.schedules import DESK_1, DUTY_OFFICER, GUARD_1
from tests.simulate.made import ANSWERED, SCHEDULE, UNANSWERED, after, leg, performance

LAST_RESORT = "+46701740698"
STRANGER = "+46406280400"
PROMISES = promises_of(SCHEDULE, LAST_RESORT)
MACHINE = Owner((Manner("silent", voicemail()), Manner(VOICEMAIL, voicemail())))


def broken(name: str, call: PlayedCall, **scene: object) -> list[str]:
    return list(PROMISES[name](performance(call, **scene)))  # type: ignore[arg-type]


@pytest.mark.parametrize("call", [ANSWERED, UNANSWERED], ids=["answered", "unanswered"])
def test_nothing_is_found_where_all_is_well(call: PlayedCall) -> None:
    assert {name: broken(name, call) for name in PROMISES} == {name: [] for name in PROMISES}


class TestNobodyIsLost:
    silent = replace(UNANSWERED, timeline=UNANSWERED.timeline[:1])

    @pytest.mark.parametrize(
        "call",
        [
            silent,
            replace(silent, timeline=UNANSWERED.timeline[::-1]),  # words, then a phone that is busy, then nothing
            replace(silent, legs=(leg(outcome="dropped", end=8),)),
            replace(silent, legs=(), timeline=()),
        ],
        ids=["busy", "words before", "dropped", "nothing at all"],
    )
    def test_silence_at_the_end(self, call: PlayedCall) -> None:
        (sentence,) = broken("nobody is lost", call)
        assert "ended in silence" in sentence

    @pytest.mark.parametrize("by", ["network", None])
    def test_a_call_that_the_service_did_not_end(self, by: Literal["network"] | None) -> None:
        (sentence,) = broken("nobody is lost", replace(UNANSWERED, ended_by=by))
        assert f"ended by {by or 'nobody'}" in sentence

    @pytest.mark.parametrize(
        "call", [replace(silent, ended_by="caller"), replace(silent, message=1)], ids=["hung up", "a message"]
    )
    def test_who_hangs_up_or_leaves_a_message_is_not_lost(self, call: PlayedCall) -> None:
        assert broken("nobody is lost", call) == []


class TestOnlyKnownNumbersRing:
    def test_a_stranger(self) -> None:
        call = replace(ANSWERED, legs=(leg(), replace(leg(), number=STRANGER)))
        assert broken("only known numbers ring", call) == [f"{STRANGER} was rung, which stands nowhere in the schedule"]

    def test_the_last_resort_is_known(self) -> None:
        assert broken("only known numbers ring", replace(ANSWERED, legs=(replace(leg(), number=LAST_RESORT),))) == []


class TestNoVoicemailTakesACall:
    def test_the_second_ring_meets_a_machine_that_is_put_through(self) -> None:
        first, second = leg(GUARD_1, "no-answer", 0, 25), leg(GUARD_1, start=25, end=90)
        phones = {GUARD_1.e164: MACHINE}
        assert broken("no voicemail takes a call", replace(ANSWERED, legs=(first,)), phones=phones) == []
        assert broken("no voicemail takes a call", replace(ANSWERED, legs=(first, second)), phones=phones) != []

    def test_where_no_key_is_asked_for_nobody_can_tell(self) -> None:
        legs = leg(DESK_1, "no-answer", 0, 25), leg(DESK_1, start=25, end=90)
        phones = {DESK_1.e164: MACHINE}
        assert broken("no voicemail takes a call", replace(ANSWERED, legs=legs), phones=phones) == []

    def test_a_person_may_take_it(self) -> None:
        phones = {GUARD_1.e164: MACHINE}
        assert broken("no voicemail takes a call", replace(ANSWERED, legs=(leg(GUARD_1),)), phones=phones) == []


class TestEveryNumberRests:
    @pytest.mark.parametrize(("start", "is_broken"), [(9.9, True), (10, False)])
    def test_ten_seconds_from_ring_to_ring(self, start: float, is_broken: bool) -> None:
        legs = leg(DUTY_OFFICER, "busy", 0, 2), leg(DUTY_OFFICER, "busy", start, 12)
        assert bool(broken("every number rests", replace(ANSWERED, legs=legs))) is is_broken

    def test_two_numbers_do_not_wait_for_each_other(self) -> None:
        assert broken("every number rests", replace(ANSWERED, legs=(leg(GUARD_1), leg(DESK_1, start=1)))) == []

    @pytest.mark.parametrize(("outcome", "is_broken"), [("failed", False), ("busy", True)])
    def test_a_refused_caller_id_is_tried_once_more_at_once(self, outcome: Outcome, is_broken: bool) -> None:
        legs = leg(GUARD_1, outcome, end=1), leg(GUARD_1, start=1)
        assert bool(broken("every number rests", replace(ANSWERED, legs=legs))) is is_broken


class TestNoMistake:
    def test_what_the_network_minds(self) -> None:
        call = replace(ANSWERED, errors=(ServiceError(12100, "the document is not XML"),))
        assert broken("no mistake", call) == ["the network minds (error 12100): the document is not XML"]

    def test_what_the_service_itself_logs_as_an_error(self) -> None:
        assert broken("no mistake", ANSWERED, complaints=["it broke"]) == ["the service logged an error: it broke"]


def test_a_recording_that_is_played_is_words_too() -> None:
    call = replace(UNANSWERED, timeline=(UNANSWERED.timeline[0], Entry(after(3), "played", detail="https://…/a.mp3")))
    assert broken("nobody is lost", call) == []
