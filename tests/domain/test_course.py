"""The course of a call: whatever happened, its stretches lie within it, one after the other, on every lane."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.call import CallEvent, LegUpdate, call_ended, message_left
from callrouter.domain.course import Course, Phase, course
from callrouter.domain.record import fold
from callrouter.domain.words import EventKind, LegStatus, Origin, Outcome
from tests.calllog.played import played
from tests.calllog.told import ringing, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1, schedule

SCHEDULE = schedule()
LATER = CLOSED_HOUR + timedelta(minutes=5)


def after(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def drawn(events: list[CallEvent], *, with_caller: bool = True) -> Course:
    return course(fold(events), events, LATER, with_caller=with_caller)


def lanes(events: list[CallEvent]) -> list[list[tuple[Phase, int, int]]]:
    """Each lane as phases, and from which second until which."""

    def second(at: datetime) -> int:
        return round((at - CLOSED_HOUR).total_seconds())

    return [[(s.phase, second(s.start), second(s.end)) for s in lane.stretches] for lane in drawn(events).lanes]


def test_a_call_that_is_answered() -> None:
    """The guard's phone rings from the answer to the first request on, for that is all that is told of it."""
    caller, guard = lanes(whole_story())
    assert guard == [(Phase.RINGS, 0, 20), (Phase.TALKS, 20, 80)]
    assert caller == guard


def test_an_announcement_before_and_a_whisper_between() -> None:
    call = ringing()
    told = [
        *call.told(),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.RINGING, "CA9"), CLOSED_HOUR + after(11)),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), CLOSED_HOUR + after(20)),
        call.key_pressed(GUARD_1.e164, CLOSED_HOUR + after(27), accepts=True),
        call.leg(GUARD_1.e164, LegUpdate(LegStatus.ENDED, "CA9", Outcome.ANSWERED, 60), CLOSED_HOUR + after(80)),
        call.hung_up(CLOSED_HOUR + after(80)),
    ]
    caller, guard = lanes(told)
    assert guard == [(Phase.RINGS, 11, 20), (Phase.SCREENED, 20, 27), (Phase.TALKS, 27, 80)]
    assert caller == [
        (Phase.ANNOUNCED, 0, 11),
        (Phase.RINGS, 11, 27),
        (Phase.TALKS, 27, 80),
    ]


def with_a_message(asked_after: int) -> list[CallEvent]:
    """A call of a minute; its message of 12 s is told 55 s after it came."""
    call, over = ringing(), CLOSED_HOUR + after(60)
    return [
        call.arrived(),
        call.message_asked(CLOSED_HOUR + after(asked_after)),
        message_left("CA1", "RE1", 12, CLOSED_HOUR + after(55)),
        call_ended("CA1", CENTRE.e164, "completed", 60, Origin.REAL, over),
    ]


def test_a_message() -> None:
    told = with_a_message(asked_after=30)
    assert lanes(told) == [[(Phase.ANNOUNCED, 0, 43), (Phase.MESSAGE, 43, 55), (Phase.ANNOUNCED, 55, 60)]]
    assert lanes([*told[:2], told[3]]) == [[(Phase.ANNOUNCED, 0, 30), (Phase.MESSAGE, 30, 60)]]


def test_no_message_begins_before_it_is_asked_for() -> None:
    """Providers round lengths up."""
    assert lanes(with_a_message(asked_after=50))[0][1] == (Phase.MESSAGE, 50, 55)


def test_a_call_that_goes_on_reaches_until_now() -> None:
    call = ringing()
    told = [*call.told(), call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), CLOSED_HOUR + after(20))]
    assert drawn(told).end == LATER
    assert lanes(told)[1] == [(Phase.RINGS, 0, 20), (Phase.TALKS, 20, 300)]


def test_who_is_to_press_a_key_talks_from_then_on() -> None:
    call = ringing()
    assert call.attempt
    call = replace(call, attempt=replace(call.attempt, screened=True))
    told = [*call.told(), call.leg(GUARD_1.e164, LegUpdate(LegStatus.PICKED_UP, "CA9"), CLOSED_HOUR + after(20))]
    assert lanes(told)[1] == [(Phase.RINGS, 0, 20), (Phase.SCREENED, 20, 300)]
    declined = call.key_pressed(GUARD_1.e164, CLOSED_HOUR + after(27), accepts=False)
    assert lanes([*told, declined])[1] == [(Phase.RINGS, 0, 20), (Phase.SCREENED, 20, 300)]
    accepted = call.key_pressed(GUARD_1.e164, CLOSED_HOUR + after(27), accepts=True)
    assert lanes([*told, accepted])[1] == [(Phase.RINGS, 0, 20), (Phase.SCREENED, 20, 27), (Phase.TALKS, 27, 300)]


def test_a_company_is_not_told_what_the_caller_heard_elsewhere() -> None:
    assert [lane.leg is None for lane in drawn(whole_story(), with_caller=False).lanes] == [False]


def test_what_is_left_when_the_events_are_gone() -> None:
    """Retention may delete the events: the record alone gives the same lanes for a call that was answered."""
    events = whole_story()
    assert course(fold(events), [], LATER).lanes == drawn(events).lanes


@given(st.integers(0, 10**6), st.integers(0, 600))
def test_every_stretch_lies_within_the_call(seed: int, gone_after: int) -> None:
    """Also where callbacks are lost: some of the events are left out."""
    events = played(SCHEDULE, "CA1", CLOSED_HOUR, Random(seed))
    kept = [event for event in events if event.at <= CLOSED_HOUR + after(gone_after)]
    found = course(fold(kept), kept, CLOSED_HOUR + after(gone_after))
    for lane in found.lanes:
        edges = [at for stretch in lane.stretches for at in (stretch.start, stretch.end)]
        assert edges == sorted(edges)
    for stretch in found.lanes[0].stretches:
        assert found.start <= stretch.start < stretch.end <= found.end + after(1)
    assert all(0 <= found.share(s.start) <= found.share(s.end) <= 100 for lane in found.lanes for s in lane.stretches)


@given(st.integers(0, 10**6))
def test_a_phone_rings_for_as_long_as_the_table_says(seed: int) -> None:
    """Also where the provider's whole seconds let the next phone ring before the end of the dial ahead is told."""
    events = played(SCHEDULE, "CA1", CLOSED_HOUR + timedelta(milliseconds=400), Random(seed))
    told = [replace(e, at=e.at.replace(microsecond=0)) if e.kind is EventKind.LEG else e for e in events]
    for lane in drawn(told).lanes[1:]:
        assert lane.leg is not None
        assert lane.leg.rang_seconds is not None
        assert abs(lane.stretches[0].seconds - lane.leg.rang_seconds) <= 1


@pytest.mark.parametrize(
    ("seconds", "ticks"),
    [
        (1, [0, 1]),
        (17, [0, 5, 10, 15]),
        (98, [0, 30, 60, 90]),
        (361, [0, 120, 240, 360]),
        (200_000, [0, 200_000]),
    ],
)
def test_the_ticks_are_round_and_few(seconds: int, ticks: list[int]) -> None:
    found = replace(drawn(whole_story()), end=CLOSED_HOUR + after(seconds))
    assert list(found.ticks) == ticks
    assert found.share_of(seconds) == 100
