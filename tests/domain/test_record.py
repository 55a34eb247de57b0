"""fold(): what a call's events amount to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, CallEvent, DialEnded, LegUpdate, RunningCall, call_ended, message_left
from callrouter.domain.record import fold
from callrouter.domain.routing import Ring, decide, decide_unclaimed, first_step, next_step
from callrouter.domain.tally import seconds_taken
from callrouter.domain.words import DecidedBy, Disposition, LegStatus, Origin, Outcome
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, DESK_2, GUARD_1, GUARD_2, OPEN_HOUR, schedule

SCHEDULE = schedule()
AT = CLOSED_HOUR
ID = "CA0123456789abcdef0123456789abcdef"


def seconds(after: float) -> timedelta:
    return timedelta(seconds=after)


def started(at=AT) -> RunningCall:  # type: ignore[no-untyped-def] # noqa: ANN001
    """A call that rings its first phone."""
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at)
    call = RunningCall(ID, CENTRE.e164, Caller(), decision)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    return call.ringing(step)


def moved_on(call: RunningCall, outcome: Outcome, after: float) -> RunningCall:
    """The same call, ringing the next phone."""
    assert call.attempt
    step = next_step(SCHEDULE, call.decision, call.attempt.position, outcome, AT + seconds(after))
    assert isinstance(step, Ring)
    return call.ringing(step)


def dial(outcome: Outcome, *, talked: int | None = None, gone: bool = False, sid: str | None = None) -> DialEnded:
    return DialEnded(outcome, outcome is Outcome.ANSWERED, talked, caller_gone=gone, leg_sid=sid)


def dial_ended(call: RunningCall, told: DialEnded, at: datetime) -> CallEvent:
    assert call.attempt
    return call.dial_ended(told, told.judged(screened=call.attempt.screened), at)


def ended(after: int) -> CallEvent:
    return call_ended(ID, CENTRE.e164, "completed", after, Origin.REAL, AT + seconds(after))


RINGING = started()
ANSWERED_AFTER_20 = (
    *RINGING.told(),
    RINGING.leg(GUARD_1.e164, LegUpdate(LegStatus.RINGING, "CA1"), AT + seconds(14)),
    RINGING.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA1"), AT + seconds(20)),
    RINGING.leg(GUARD_1.e164, LegUpdate(LegStatus.ENDED, "CA1", Outcome.ANSWERED, 60), AT + seconds(80)),
    dial_ended(RINGING, dial(Outcome.ANSWERED, talked=60, sid="CA1"), AT + seconds(80)),
    RINGING.hung_up(AT + seconds(80)),
    ended(80),
)


def test_an_answered_call() -> None:
    record = fold(ANSWERED_AFTER_20)
    assert record.disposition is Disposition.ANSWERED
    assert record.answered_by
    assert (record.answered_by.destination, record.answered_by.company) == ("security", None)
    assert (record.seconds_to_answer, record.talked_seconds) == (20, 60)
    (leg,) = record.legs
    assert (leg.to, leg.outcome, leg.rang_seconds, leg.talked_seconds) == (GUARD_1.e164, Outcome.ANSWERED, 6, 60)
    assert (record.unit, record.state, record.decided_by, record.line) == ("centre", "closed", "hours", 14)
    assert record.received_at == AT
    assert record.ended_at == AT + seconds(80)


def test_no_phone_rings_before_its_call_came() -> None:
    """The provider cuts its stamps to whole seconds: of a ring at 0.9 s, of a call that came at 0.7 s, it tells 0 s."""
    call = RINGING
    record = fold(
        [
            *call.told(),
            call.leg(GUARD_1.e164, LegUpdate(LegStatus.RINGING, "CA1"), AT - seconds(0.7)),
            call.leg(GUARD_1.e164, LegUpdate(LegStatus.ENDED, "CA1", Outcome.ANSWERED, 60), AT + seconds(74.3)),
            dial_ended(call, dial(Outcome.ANSWERED, talked=60, sid="CA1"), AT + seconds(74.3)),
            ended(75),
        ]
    )
    assert [leg.started_at for leg in record.legs] == [AT]
    assert seconds_taken(record.received_at, record.seconds_to_answer, record.legs) == record.seconds_to_answer == 14


@given(st.permutations(ANSWERED_AFTER_20), st.lists(st.sampled_from(ANSWERED_AFTER_20)))
def test_the_order_of_arrival_and_duplicates_change_nothing(
    order: Sequence[CallEvent], again: Sequence[CallEvent]
) -> None:
    assert fold([*order, *again]) == fold(ANSWERED_AFTER_20)


def test_every_order_of_a_short_call_gives_the_same_record() -> None:
    story = (*RINGING.told(), dial_ended(RINGING, dial(Outcome.BUSY), AT + seconds(3)), ended(5))
    assert len({repr(fold(order)) for order in permutations(story)}) == 1


def test_nothing_to_fold_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        fold([])


class TestDisposition:
    def test_while_it_rings_it_is_in_progress(self) -> None:
        record = fold(RINGING.told())
        assert record.disposition is Disposition.IN_PROGRESS
        assert [leg.outcome for leg in record.legs] == [None]

    def test_the_caller_hangs_up_while_it_rings(self) -> None:
        gone = dial_ended(RINGING, dial(Outcome.CANCELLED, gone=True), AT + seconds(9))
        record = fold([*RINGING.told(), gone])
        assert record.disposition is Disposition.ABANDONED
        assert [leg.outcome for leg in record.legs] == [Outcome.CANCELLED]
        assert record.ended_at == AT + seconds(9)

    def test_the_caller_hangs_up_during_the_announcement_and_no_phone_ever_rang(self) -> None:
        record = fold([*RINGING.told(), ended(4)])
        assert record.disposition is Disposition.ABANDONED
        assert record.legs == ()

    def test_nobody_answers(self) -> None:
        story = [*RINGING.told(), dial_ended(RINGING, dial(Outcome.NO_ANSWER), AT + seconds(30))]
        call = moved_on(RINGING, Outcome.NO_ANSWER, 30)
        story += [*call.told(), dial_ended(call, dial(Outcome.BUSY), AT + seconds(33)), call.hung_up(AT + seconds(33))]
        record = fold([*story, ended(40)])
        assert record.disposition is Disposition.UNANSWERED
        assert [(leg.to, leg.outcome) for leg in record.legs] == [
            (GUARD_1.e164, Outcome.NO_ANSWER),
            (GUARD_2.e164, Outcome.BUSY),
        ]
        assert (record.answered_by, record.seconds_to_answer, record.talked_seconds) == (None, None, None)

    def test_a_message_of_one_second_is_a_message(self) -> None:
        left = message_left(ID, "RE1", 1, AT + seconds(60))
        record = fold([*RINGING.told(), dial_ended(RINGING, dial(Outcome.BUSY), AT + seconds(3)), left, ended(61)])
        assert record.disposition is Disposition.MESSAGE

    def test_the_fail_safe_does_not_know_who_answered(self) -> None:
        decision = replace(decide_unclaimed(SCHEDULE, AT), decided_by=DecidedBy.FAIL_SAFE)
        call = RunningCall(ID, CENTRE.e164, Caller(), decision)
        assert fold([*call.told(), ended(50)]).disposition is Disposition.UNKNOWN

    @pytest.mark.parametrize("after", [0, 1])
    @pytest.mark.parametrize("error", ["KeyError", "ValueError", "OSError", "RuntimeError", "MemoryError"])
    def test_the_fail_safe_answered_after_a_decision_that_could_not_be_told(self, error: str, after: int) -> None:
        decision = replace(decide_unclaimed(SCHEDULE, AT + seconds(after)), unit="centre", reason=error)
        again = RunningCall(ID, CENTRE.e164, Caller(), decision)
        assert fold([*RINGING.told(), *again.told(), ended(50)]).disposition is Disposition.UNKNOWN

    def test_a_call_of_which_only_the_end_was_told(self) -> None:
        record = fold([ended(12)])
        assert (record.disposition, record.unit, record.state) == (Disposition.UNKNOWN, None, None)
        assert record.received_at == AT
        assert record.called == CENTRE.e164


class TestLegs:
    def test_a_pick_up_that_lasts_two_seconds_is_dropped_and_the_next_one_answers(self) -> None:
        dropped = DialEnded(Outcome.ANSWERED, bridged=True, seconds=2, caller_gone=False, leg_sid=None)
        story = [*RINGING.told(), dial_ended(RINGING, dropped, AT + seconds(8))]
        call = moved_on(RINGING, Outcome.DROPPED, 8)
        story += [*call.told(), dial_ended(call, dial(Outcome.ANSWERED, talked=30), AT + seconds(44))]
        record = fold([*story, call.hung_up(AT + seconds(44))])
        assert [leg.outcome for leg in record.legs] == [Outcome.DROPPED, Outcome.ANSWERED]
        assert record.seconds_to_answer == 14

    def test_of_two_phones_that_ring_together_the_one_that_was_picked_up_answered(self) -> None:
        call = started(OPEN_HOUR)
        at = OPEN_HOUR
        story = [
            *call.told(),
            call.leg(DESK_2.e164, LegUpdate(LegStatus.PICKED_UP, "CA2"), at + seconds(5)),
            call.leg(DESK_1.e164, LegUpdate(LegStatus.ENDED, "CA1", Outcome.CANCELLED), at + seconds(5)),
            dial_ended(call, dial(Outcome.ANSWERED, talked=40, sid="CA2"), at + seconds(45)),
            call.hung_up(at + seconds(45)),
        ]
        record = fold(story)
        assert [(leg.to, leg.outcome, leg.rang_seconds) for leg in record.legs] == [
            (DESK_1.e164, Outcome.CANCELLED, 5),
            (DESK_2.e164, Outcome.ANSWERED, 5),
        ]
        assert record.answered_by
        assert record.answered_by.destination == "reception"
        assert (record.seconds_to_answer, record.talked_seconds) == (5, 40)

    def test_the_end_of_the_dial_was_lost_but_the_phone_was_picked_up(self) -> None:
        picked_up = RINGING.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA1"), AT + seconds(20))
        record = fold([*RINGING.told(), picked_up, ended(50)])
        assert (record.disposition, record.talked_seconds) == (Disposition.ANSWERED, 30)

    def test_all_but_the_dials_end_was_lost(self) -> None:
        record = fold([RINGING.arrived(), *_only_dial(RINGING)])
        assert [(leg.outcome, leg.talked_seconds) for leg in record.legs] == [(Outcome.ANSWERED, 60)]

    def test_the_guards_voicemail_did_not_help(self) -> None:
        screened = DialEnded(Outcome.ANSWERED, bridged=False, seconds=20, caller_gone=False, leg_sid="CA1")
        record = fold(
            [*RINGING.told(), dial_ended(RINGING, screened, AT + seconds(40)), RINGING.hung_up(AT + seconds(40))]
        )
        assert record.disposition is Disposition.UNANSWERED
        assert [leg.outcome for leg in record.legs] == [Outcome.SCREENED_OUT]


def _only_dial(call: RunningCall) -> list[CallEvent]:
    """What one callback tells: its token speaks for the attempt, too."""
    return [
        *call.told(),
        dial_ended(call, dial(Outcome.ANSWERED, talked=60), AT + seconds(80)),
        call.hung_up(AT + seconds(80)),
    ]


class TestRetryAcrossTheBoundary:
    """The first request was decided one way, its retry the other way: two decisions, one call."""

    late = started(AT)
    early = started(OPEN_HOUR)

    def test_the_decision_that_the_callbacks_carry_counts(self) -> None:
        told = [*self.late.told(), *self.early.told()]
        heard = dial_ended(self.early, dial(Outcome.ANSWERED, talked=9, sid=None), OPEN_HOUR + seconds(12))
        record = fold([*told, heard])
        assert (record.state, {leg.destination for leg in record.legs}) == ("open", {"reception"})

    def test_without_callbacks_the_last_one_counts_and_the_arrival_is_the_first(self) -> None:
        record = fold([*self.late.told(), *self.early.told()])
        assert (record.state, record.received_at) == ("closed", OPEN_HOUR)

    def test_a_retry_that_decides_the_same_is_the_same_event(self) -> None:
        again = replace(self.late.decision, at=AT + seconds(2), local_time="later")
        assert replace(self.late, decision=again).arrived().id == self.late.arrived().id


def test_a_call_is_filed_under_the_day_of_its_arrival_whatever_its_end_is_counted_back_to() -> None:
    """Its caller is, too. The provider rounds seconds: here the call seems to have come before midnight (UTC)."""
    just_after_midnight = datetime(2026, 11, 23, 0, 0, 0, 300_000, tzinfo=UTC)
    told = started(just_after_midnight).told()
    end = call_ended(
        ID, CENTRE.e164, "completed", 61, Origin.REAL, just_after_midnight.replace(minute=1, microsecond=0)
    )
    assert end.day == date(2026, 11, 22)
    assert fold([*told, end]).day == date(2026, 11, 23)
    assert fold([end]).day == end.day, "which is all that is known"
