"""When the log and the network agree: every difference is seen, and silence is forgiven only where nobody told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from callrouter.domain.schedule import Menu
from callrouter.simulate import LoggedCall
from callrouter.simulate.agreement import disagreements
from callrouter.telephony.simulator import Entry, PlayedCall
from tests.schedules import DESK_1, DESK_2, GUARD_1, NO_ANSWER
from tests.simulate.made import (
    ALL_TOLD,
    ANSWERED,
    LOGGED,
    NOT_ANSWERED,
    SCHEDULE,
    UNANSWERED,
    UNIT,
    after,
    leg,
    logged,
    performance,
    told,
)

UNTOLD = (told("voice", status="ringing"),)


def found(call: PlayedCall, *rows: LoggedCall, **scene: Any) -> list[str]:
    return list(disagreements(performance(call, **scene), rows, SCHEDULE))


def agree(call: PlayedCall, *rows: LoggedCall, **scene: Any) -> bool:
    return found(call, *rows, **scene) == []


@pytest.mark.parametrize(("call", "row"), [(ANSWERED, LOGGED), (UNANSWERED, NOT_ANSWERED)])
def test_the_same_story_twice(call: PlayedCall, row: LoggedCall) -> None:
    assert found(call, row) == []


@pytest.mark.parametrize("rows", [(), (LOGGED, LOGGED)], ids=["no row", "two rows"])
def test_one_call_is_one_row(rows: Sequence[LoggedCall]) -> None:
    assert found(ANSWERED, *rows) == [f"the log has the call in {len(rows)} rows; 1 is expected"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"called": "+46846500401"}, "was called, the log says +46846500401"),
        ({"received_at": after(1)}, "the log says 2026-11-23 10:00:01"),
        ({"unit": None}, "is that of centre, the log says None"),
        ({"number": None}, "may keep +46701740650, it has nothing"),
        ({"disposition": "abandoned"}, "saw the call answered, the log says abandoned"),
        ({"answered_destination": "security"}, "the log says it was at security"),
        ({"answered_destination": None}, "the log says it was at no destination"),
        ({"seconds_to_answer": 11}, "waited 6 s, the log says 11 s"),
        ({"talked_seconds": 55}, "talked 60 s, the log says 55 s"),
    ],
    ids=str,
)
def test_a_difference_is_told(change: dict[str, Any], sentence: str) -> None:
    (difference,) = found(ANSWERED, replace(LOGGED, **change))
    assert sentence in difference


def test_seconds_may_be_a_little_off_or_unknown() -> None:
    assert agree(ANSWERED, replace(LOGGED, seconds_to_answer=9, talked_seconds=57))
    assert agree(ANSWERED, replace(LOGGED, seconds_to_answer=None, talked_seconds=None))


class TestPhones:
    together = replace(
        UNANSWERED, legs=(leg(DESK_1, "busy", end=2), leg(DESK_2, "no-answer", end=25, sid="CA3")), requests=ALL_TOLD
    )
    again = replace(UNANSWERED, legs=(leg(DESK_1, "busy", 0, 2), leg(DESK_1, "failed", 20, 22, sid="CA3")))
    both_told = (*ALL_TOLD, told("dial-action", DialCallSid="CA3"))

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            (logged((DESK_1, "no-answer")), "rang: busy, the log says no-answer"),
            (logged((DESK_1, None)), "rang: busy, the log says nothing"),
            (logged(), "rang: busy, the log says does not have that"),
            (logged((DESK_1, "busy"), (DESK_1, None)), "did not ring, the log says: it did, and nothing more"),
            (logged((DESK_1, "busy"), (GUARD_1, "busy")), "did not ring, the log says: busy"),
        ],
    )
    def test_a_difference_is_told(self, row: LoggedCall, sentence: str) -> None:
        (difference,) = found(UNANSWERED, row)
        assert sentence in difference

    def test_rings_of_one_number_are_compared_in_their_order(self) -> None:
        call = replace(self.again, requests=self.both_told)
        assert agree(call, logged((DESK_1, "busy"), (DESK_1, "failed")))
        assert len(found(call, logged((DESK_1, "failed"), (DESK_1, "busy")))) == 2

    def test_an_outcome_that_nobody_told_may_be_missing_but_not_wrong(self) -> None:
        assert agree(self.together, logged((DESK_1, "busy"), (DESK_2, None)))
        assert agree(self.together, logged((DESK_1, "busy"), (DESK_2, "no-answer")))
        assert not agree(self.together, logged((DESK_1, "busy"), (DESK_2, "cancelled")))

    def test_a_phone_that_nobody_spoke_of_may_be_missing(self) -> None:
        assert agree(self.together, logged((DESK_1, "busy")))
        heard = (*ALL_TOLD, told("leg-status", "CA3", "ringing"))
        assert not agree(replace(self.together, requests=heard), logged((DESK_1, "busy")))

    @pytest.mark.parametrize(
        ("status", "is_forgiven"), [("ringing", True), ("in-progress", True), ("no-answer", False)]
    )
    def test_the_last_callback_must_have_been_lost(self, status: str, is_forgiven: bool) -> None:
        heard = (*ALL_TOLD, told("leg-status", "CA3", status))
        row = logged((DESK_1, "busy"), (DESK_2, None))
        assert agree(replace(self.together, requests=heard), row) is is_forgiven

    @pytest.mark.parametrize(("knows_whose", "is_forgiven"), [(False, True), (True, False)])
    def test_the_end_of_a_dial_names_a_phone_in_vain_if_no_callback_says_whose_it_is(
        self, knows_whose: bool, is_forgiven: bool
    ) -> None:
        whose = (told("leg-status", "CA3", "ringing"),) * knows_whose
        heard = (*ALL_TOLD, told("dial-action", DialCallSid="CA3"), *whose)
        row = logged((DESK_1, "busy"), (DESK_2, None))
        assert agree(replace(self.together, requests=heard), row) is is_forgiven

    def test_the_end_of_a_dial_of_one_phone_is_enough(self) -> None:
        call = replace(UNANSWERED, requests=(told("dial-action", DialCallSid="CA2"), told("call-status")))
        assert not agree(call, logged((DESK_1, None)))

    def test_a_request_that_was_not_answered_told_nothing(self) -> None:
        requests = tuple(replace(exchange, status=None) for exchange in ALL_TOLD[:2])
        assert agree(replace(UNANSWERED, requests=requests), logged((DESK_1, None)))


class TestEnd:
    gone = replace(UNANSWERED, ended_by="caller", timeline=UNANSWERED.timeline[:1])
    in_words = replace(UNANSWERED, ended_by="caller")
    beep = replace(UNANSWERED, timeline=(*UNANSWERED.timeline, Entry(after(9), "recording")))
    message = replace(beep, message=8)

    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (gone, {"abandoned"}),
            (in_words, {"abandoned", "unanswered"}),
            (UNANSWERED, {"unanswered"}),
            (beep, {"unanswered"}),
            (message, {"message"}),
            (replace(message, ended_by="caller"), {"message"}),
            (replace(gone, requests=UNTOLD), {"abandoned", "in-progress"}),
            (replace(beep, requests=UNTOLD), {"unanswered", "in-progress"}),
            (replace(UNANSWERED, requests=UNTOLD), {"unanswered"}),
            (replace(message, requests=UNTOLD), {"message"}),
        ],
        ids=[
            "gone",
            "gone during the last words",
            "told goodbye",
            "nothing said after the tone",
            "a message",
            "a message, ended by hanging up",
            "gone, and nobody told",
            "nothing said after the tone, and nobody told",
            "told goodbye, which the service knows by itself",
            "a message, which the service knows by itself",
        ],
    )
    def test_the_words_that_are_true(self, call: PlayedCall, words: set[str]) -> None:
        everything = ("answered", "message", "abandoned", "unanswered", "blocked", "in-progress", "unknown")
        call = replace(call, legs=())
        assert {word for word in everything if agree(call, logged(disposition=word))} == words

    def test_while_it_seems_in_progress_a_phone_may_seem_to_ring(self) -> None:
        call = replace(self.gone, legs=(), requests=UNTOLD)
        assert agree(call, logged((GUARD_1, None), disposition="in-progress"))
        assert not agree(call, logged((GUARD_1, "busy"), disposition="in-progress"))
        assert not agree(call, logged((GUARD_1, None), disposition="abandoned"))


class TestCaller:
    def test_a_withheld_caller_leaves_no_number(self) -> None:
        assert agree(ANSWERED, replace(LOGGED, number=None), kept_number=None)
        assert not agree(ANSWERED, replace(LOGGED, number="+46701740651"), kept_number=None)

    def test_a_unit_that_keeps_no_numbers_keeps_none(self) -> None:
        private = replace(SCHEDULE, units={"centre": replace(UNIT, keeps_numbers=False)})
        assert list(disagreements(performance(), [LOGGED], private)) != []
        assert list(disagreements(performance(), [replace(LOGGED, number=None)], private)) == []

    def test_by_a_menu_the_call_may_become_another_units(self) -> None:
        unit = replace(UNIT, menu=Menu(NO_ANSWER, {"2": "field-team"}))
        assert agree(ANSWERED, replace(LOGGED, unit="field-team", number=None), unit=unit)
        assert not agree(ANSWERED, replace(LOGGED, unit="larm"), unit=unit)

    def test_a_number_that_no_unit_claims(self) -> None:
        assert agree(ANSWERED, replace(LOGGED, unit=None), unit=None)
        assert not agree(ANSWERED, LOGGED, unit=None)


def test_an_answer_by_somebody_of_whom_only_the_place_is_known() -> None:
    call = replace(ANSWERED, legs=(leg(), leg(DESK_2, "cancelled", 0, 6, sid="CA3")))
    call = replace(call, requests=(told("dial-action", DialCallSid="CA2"), told("call-status")))
    assert agree(call, logged((DESK_1, None), (DESK_2, None), row=LOGGED))


class TestACallerWhoGoesAtTheKey:
    """Where nobody says whether they were put through, both are true."""

    def went(self, seconds: float = 0.5, key: str = "1", ended_by: Any = "caller", bridged: str = "") -> PlayedCall:
        said = {"DialBridged": bridged} if bridged else {}
        return replace(
            ANSWERED,
            legs=(replace(leg(GUARD_1, "cancelled", end=10 + seconds), ended_by=ended_by),),
            timeline=(Entry(after(10), "pressed", GUARD_1.e164, key),),
            ended_by="caller",
            requests=(*ALL_TOLD[::2], told("dial-action", DialCallSid="CA2", **said)),
        )

    TAKEN = logged((GUARD_1, "answered"), disposition="answered")
    GONE = logged((GUARD_1, "cancelled"), disposition="abandoned")

    @pytest.mark.parametrize("seconds", [0.5, 4])
    def test_was_helped_or_not(self, seconds: float) -> None:
        assert agree(self.went(seconds), self.TAKEN)
        assert agree(self.went(seconds), self.GONE)

    @pytest.mark.parametrize("change", [{"seconds": 5}, {"key": "2"}, {"ended_by": "phone"}, {"bridged": "false"}])
    def test_later_or_elsewhere_is_known(self, change: dict[str, Any]) -> None:
        assert not agree(self.went(**change), self.TAKEN)
        assert agree(self.went(**change), self.GONE)
