"""The same request may come again: after a time-out, over a boundary of the hours, years later. One call, one row."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from callrouter.domain.call import CallEvent
from callrouter.domain.destination import Destination
from callrouter.domain.record import fold
from callrouter.domain.words import EventKind
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Gather
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, DESK_2, GUARD_1, GUARD_2, OPEN_HOUR, numbers_of, schedule
from tests.telephony.twilio.signing import BASE
from tests.web.stage import Answer, Stage, target_of

BEFORE_CLOSING = datetime(2026, 11, 23, 13, 59, 58, tzinfo=UTC)
AFTER_CLOSING = BEFORE_CLOSING + timedelta(seconds=3)
TALKED = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "61"}


def of(stage: Stage, kind: EventKind) -> list[CallEvent]:
    return [event for event in stage.log.events if event.kind is kind]


def ids(events: list[CallEvent]) -> set[str]:
    return {event.id for event in events}


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_new_call_that_comes_twice_is_the_same_attempt_and_the_same_events(stage: Stage) -> None:
    first, second = stage.calls(at=OPEN_HOUR), stage.calls(at=OPEN_HOUR + timedelta(seconds=3))
    assert first.rings == second.rings
    assert len(stage.log.events) == 4
    assert len(ids(stage.log.events)) == 2
    attempts = [answer.token.call.attempt for answer in (first, second)]
    assert [attempt.id for attempt in attempts if attempt] == [attempts[0].id if attempts[0] else ""] * 2
    assert first.token.call.decision.id == second.token.call.decision.id


def test_an_end_of_a_dial_that_comes_twice_rings_the_same_phone_in_the_same_attempt(stage: Stage) -> None:
    answer = stage.calls()
    once = [stage.dial_ended(answer, at=OPEN_HOUR + timedelta(seconds=s)) for s in (25, 28)]
    assert [again.rings for again in once] == [numbers_of([GUARD_1])] * 2
    assert len(ids(of(stage, EventKind.DIAL_ENDED))) == 1
    assert len(ids(of(stage, EventKind.RANG))) == 2
    assert once[0].token.call.attempt is not None
    assert once[1].token.call.attempt is not None
    assert once[0].token.call.attempt.id == once[1].token.call.attempt.id


def test_a_short_talk_is_dropped_however_late_its_end_is_told_again() -> None:
    """The answer that rang the next phone was lost: the retry must ring it, too."""
    stage = Stage(schedule=lambda: schedule(Destination("security", ring=(GUARD_1, GUARD_2), accept_key=True)))
    answer = stage.calls(at=CLOSED_HOUR)
    assert answer.dial is not None
    whisper = stage.post(target_of(answer.dial.numbers[0].url), {"CallSid": "CA2"}, CLOSED_HOUR)
    prompt = next(v for v in read(whisper.document.body, "text/xml", BASE).verbs if isinstance(v, Gather))
    stage.post(target_of(prompt.action), {"CallSid": "CA2", "Digits": "1"}, CLOSED_HOUR + timedelta(seconds=10))
    talked = TALKED | {"DialCallDuration": "13"}
    told = [stage.dial_ended(answer, CLOSED_HOUR + timedelta(seconds=s), **talked) for s in (13, 16, 19)]
    assert [again.rings for again in told] == [numbers_of([GUARD_2])] * 3
    assert {event.facts["outcome"] for event in of(stage, EventKind.DIAL_ENDED)} == {"dropped"}


def test_a_leg_and_an_end_that_are_told_twice_are_told_once(stage: Stage) -> None:
    leg = stage.calls().legs[0]
    for _ in range(2):
        stage.post(leg, {"CallSid": "CA3", "CallStatus": "completed", "CallDuration": "5"})
        stage.post("/twilio/status", {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "61"})
    assert len(ids(of(stage, EventKind.LEG))) == 1
    assert len(ids(of(stage, EventKind.ENDED))) == 1


def test_the_two_phones_of_an_attempt_are_two(stage: Stage) -> None:
    for sid, leg in zip(("CA3", "CA4"), stage.calls().legs, strict=True):
        stage.post(leg, {"CallSid": sid, "CallStatus": "ringing"})
    assert [event.facts["to"] for event in of(stage, EventKind.LEG)] == numbers_of([DESK_1, DESK_2])
    assert len(ids(of(stage, EventKind.LEG))) == 2


def test_each_round_is_an_attempt_of_its_own(stage: Stage) -> None:
    answer = stage.calls(To="+46846500498")
    for _ in range(3):
        answer = stage.dial_ended(answer)
    rang = of(stage, EventKind.RANG)
    assert len(ids(rang)) == 4
    assert answer.rings == numbers_of([GUARD_2])


class TestARetryAcrossABoundary:
    """The desk closes between a request and its retry: two answers went out, and the provider follows one."""

    def both(self, stage: Stage) -> tuple[Answer, Answer]:
        return stage.calls(at=BEFORE_CLOSING), stage.calls(at=AFTER_CLOSING)

    def test_both_decisions_are_in_the_log(self, stage: Stage) -> None:
        opened, closed = self.both(stage)
        assert (opened.rings, closed.rings) == (numbers_of([DESK_1, DESK_2]), numbers_of([GUARD_1]))
        arrivals = of(stage, EventKind.ARRIVED)
        assert [event.facts["state"] for event in arrivals] == ["open", "closed"]
        assert len(ids(arrivals)) == 2

    @pytest.mark.parametrize(("followed", "state", "answered"), [(0, "open", "reception"), (1, "closed", "security")])
    def test_the_one_that_the_callbacks_speak_of_counts(
        self, stage: Stage, followed: int, state: str, answered: str
    ) -> None:
        answer = self.both(stage)[followed]
        stage.post(answer.legs[0], {"CallSid": "CA2", "CallStatus": "in-progress"}, AFTER_CLOSING)
        stage.dial_ended(answer, at=AFTER_CLOSING + timedelta(seconds=70), **TALKED)
        record = fold(stage.log.events)
        assert (record.state, record.disposition) == (state, "answered")
        assert record.answered_by is not None
        assert record.answered_by.destination == answered
        assert {leg.destination for leg in record.legs} == {answered}

    def test_in_whatever_order_the_log_hears_of_it(self, stage: Stage) -> None:
        stage.dial_ended(self.both(stage)[1], at=AFTER_CLOSING + timedelta(seconds=70), **TALKED)
        records = [fold([e for entry in order for e in entry.events]) for order in permutations(stage.log.entries)]
        assert records == [records[0]] * len(records)
        assert records[0].state == "closed"


def test_what_a_crash_kept_out_of_the_log_comes_in_with_the_next_request(stage: Stage) -> None:
    answer = stage.calls()
    stage.log.entries.clear()
    stage.post(answer.legs[0], {"CallSid": "CA2", "CallStatus": "ringing"})
    assert [event.kind for event in stage.log.events] == [EventKind.ARRIVED, EventKind.RANG, EventKind.LEG]
    assert fold(stage.log.events).called == CENTRE.e164
