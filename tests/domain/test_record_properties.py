"""fold() of whatever arrived of a whole screened call: in any order, twice, or only in part, it says one thing."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import Caller, CallEvent, DialEnded, LegUpdate, RunningCall, call_ended, message_left
from callrouter.domain.destination import Destination
from callrouter.domain.record import CallRecord, fold
from callrouter.domain.routing import Ring, decide, first_step, next_step
from callrouter.domain.words import Disposition, EventKind, LegStatus, Origin, Outcome
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, GUARD_1, GUARD_2, schedule

SCREENING = schedule(
    Destination("reception", ring=(DESK_1,)),
    Destination("security", (GUARD_1, GUARD_2), accept_key=True, show_caller=True, then="voicemail"),
    Destination("voicemail", voicemail=True),
)
ID = "CA0123456789abcdef0123456789abcdef"


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _heard(call: RunningCall, to: str, sid: str, began: int, ended: LegUpdate) -> list[CallEvent]:
    """A phone rings, is picked up after 6 s, and is done 20 s later."""
    at = CLOSED_HOUR + after(began)
    return [
        call.leg(to, LegUpdate(LegStatus.RINGING, sid), at),
        call.leg(to, LegUpdate(LegStatus.PICKED_UP, sid), at + after(6)),
        call.leg(to, ended, at + after(26)),
    ]


def screened(last: Outcome) -> tuple[CallEvent, ...]:
    """A guard's voicemail, then a guard who takes the call or declines it; whoever is declined leaves a message."""
    decision = decide(SCREENING, SCREENING.unit("centre"), CLOSED_HOUR)
    step = first_step(SCREENING, decision, CLOSED_HOUR)
    assert isinstance(step, Ring)
    first = RunningCall(ID, CENTRE.e164, Caller(), decision).ringing(step)
    away = DialEnded(Outcome.ANSWERED, bridged=False, seconds=20, caller_gone=False, leg_sid="CA1")
    second_step = next_step(SCREENING, decision, step.attempt.position, Outcome.SCREENED_OUT, CLOSED_HOUR + after(27))
    assert isinstance(second_step, Ring)
    second = first.ringing(second_step)
    takes = last is Outcome.ANSWERED
    there = DialEnded(Outcome.ANSWERED, bridged=takes, seconds=20, caller_gone=False, leg_sid="CA2")
    done = LegUpdate(LegStatus.ENDED, "", Outcome.ANSWERED, 20)
    over = CLOSED_HOUR + after(54)
    end = [second.hung_up(over)] if takes else [second.message_asked(over), *_message()]
    return (
        *first.told(),
        *_heard(first, GUARD_1.e164, "CA1", 0, done),
        first.dial_ended(away, away.judged(screened=True), CLOSED_HOUR + after(27)),
        *second.told(),
        *_heard(second, GUARD_2.e164, "CA2", 27, done),
        second.key_pressed(GUARD_2.e164, CLOSED_HOUR + after(40), accepts=takes),
        second.dial_ended(there, there.judged(screened=True), over),
        *end,
        call_ended(ID, CENTRE.e164, "completed", 80, Origin.REAL, CLOSED_HOUR + after(80)),
    )


def _message() -> list[CallEvent]:
    at = CLOSED_HOUR + after(75)
    return [
        message_left(ID, "RE1", 9, at),
        message_left(ID, "RE1", 9, at + after(600), kind=EventKind.RECORDED),
    ]


TAKEN, DECLINED = screened(Outcome.ANSWERED), screened(Outcome.DECLINED)
STORIES = {"taken": TAKEN, "declined, and a message": DECLINED}
stories = st.sampled_from(list(STORIES.values()))


@pytest.mark.parametrize(
    ("story", "disposition", "outcomes"),
    [
        (TAKEN, Disposition.ANSWERED, [Outcome.SCREENED_OUT, Outcome.ANSWERED]),
        (DECLINED, Disposition.MESSAGE, [Outcome.SCREENED_OUT, Outcome.DECLINED]),
    ],
    ids=STORIES,
)
def test_the_whole_of_it(story: Sequence[CallEvent], disposition: Disposition, outcomes: list[Outcome]) -> None:
    record = fold(story)
    assert (record.disposition, [leg.outcome for leg in record.legs]) == (disposition, outcomes)
    assert record.received_at == CLOSED_HOUR


@given(story=stories, data=st.data())
def test_any_part_of_it_in_any_order_however_often_says_one_thing(
    story: Sequence[CallEvent], data: st.DataObject
) -> None:
    """What arrived decides, not when it arrived: two machines, a replay and a rebuild have the same row."""
    retried = [replace(event, at=event.at + after(3)) for event in story]
    part = data.draw(st.lists(st.sampled_from([*story, *retried]), min_size=1, max_size=2 * len(story)))
    orders = (part, part[::-1], sorted(part, key=lambda e: (e.id, e.at)), [*part, *part])
    records = [fold(order) for order in orders]
    assert records == [records[0]] * len(records)
    assert _is_sound(records[0])


def test_every_order_of_the_callbacks_of_a_call_says_one_thing() -> None:
    """A guard takes the call: its arrival and six callbacks, each of which may overtake any other; 5,040 orders."""
    arrived, rang, ringing, picked_up, leg_over, key, dial_over, hung_up, over = TAKEN[6:]
    callbacks = [(arrived, rang), (ringing,), (picked_up,), (leg_over,), (key,), (dial_over, hung_up), (over,)]
    expected = fold(TAKEN[6:])
    assert (expected.disposition, [leg.outcome for leg in expected.legs]) == (Disposition.ANSWERED, [Outcome.ANSWERED])
    for order in permutations(callbacks):
        assert fold([*chain.from_iterable(order)]) == expected, [event.kind for event in chain.from_iterable(order)]


@given(story=stories, seed=st.integers(), lost=st.integers(0, 30))
def test_a_call_is_answered_only_if_somebody_told_that_it_was(story: Sequence[CallEvent], seed: int, lost: int) -> None:
    """Whatever is lost of a call that nobody took, it never looks answered; and no voicemail ever looks like help."""
    kept = list(story)
    random.Random(seed).shuffle(kept)
    record = fold(kept[: max(1, len(kept) - lost)])
    helped = [leg.to for leg in record.legs if leg.outcome is Outcome.ANSWERED]
    assert set(helped) <= ({GUARD_2.e164} if story is TAKEN else set())
    assert (record.disposition is Disposition.ANSWERED) <= (story is TAKEN)


def _is_sound(record: CallRecord) -> bool:
    """What holds for the record of any part of a call."""
    seconds = [record.seconds_to_answer, record.talked_seconds]
    seconds += [second for leg in record.legs for second in (leg.rang_seconds, leg.talked_seconds)]
    is_answered = record.disposition is Disposition.ANSWERED
    return (
        all(second is None or second >= 0 for second in seconds)
        and (record.answered_by is not None) >= is_answered
        and record.call_id == ID
        and len(record.legs) <= 2
    )
