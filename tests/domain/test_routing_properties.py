"""Laws of routing, for any schedule and any sequence of outcomes."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.destination import Destination
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import HOP_CAP, Goodbye, Ring, TakeMessage, decide, first_step, next_step
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Outcome
from tests.schedules import NO_ANSWER, schedule

NAMES = ("security", "reception", "a", "b", "c")
NUMBERS = tuple(PhoneNumber(f"+468465004{n:02}") for n in range(10, 30))
MOST_ROUNDS, MOST_IN_LINE = 5, 4
MOST_ATTEMPTS = HOP_CAP * MOST_ROUNDS * MOST_IN_LINE

instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - given by timezones


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Any destinations; `then` may even point backwards or nowhere, as a reload in mid-call can make it."""
    places = [
        Destination(
            name,
            ring=tuple(draw(st.lists(st.sampled_from(NUMBERS), max_size=MOST_IN_LINE))),
            together=draw(st.booleans()),
            rounds=draw(st.integers(1, MOST_ROUNDS)),
            voicemail=draw(st.booleans()),
            message=draw(st.sampled_from([None, NO_ANSWER])),
            then=draw(st.sampled_from([None, *NAMES, "gone"])),
        )
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True))
    ]
    return schedule(*places)


@given(schedules(), instants, st.data())
def test_a_call_ends_in_bounded_steps_with_words_and_rings_only_numbers_of_the_schedule(
    of: Schedule, at: datetime, data: st.DataObject
) -> None:
    """Also when every step is decided by another schedule than the one before, as reloads in mid-call make it."""
    decision = decide(of, of.first_unit, at)
    step = first_step(of, decision, at)
    outcome = Outcome.NO_ANSWER
    for _ in range(MOST_ATTEMPTS + 1):
        if not isinstance(step, Ring):
            break
        assert {phone.number for phone in step.attempt.phones} <= of.numbers
        assert step.attempt.phones
        of = data.draw(st.one_of(st.just(of), schedules()))
        outcome = data.draw(st.sampled_from(Outcome))
        step = next_step(of, decision, step.attempt.position, outcome, at)
    assert isinstance(step, Goodbye | TakeMessage)
    assert step.announce or outcome in (Outcome.ANSWERED, Outcome.CANCELLED)


@given(schedules(), instants)
def test_positions_only_go_forward(of: Schedule, at: datetime) -> None:
    decision = decide(of, of.first_unit, at)
    step, places = first_step(of, decision, at), []
    while isinstance(step, Ring):
        where = step.attempt.position
        places.append((where.hop, where.round, where.slot))
        step = next_step(of, decision, where, Outcome.BUSY, at)
    assert places == sorted(set(places))
