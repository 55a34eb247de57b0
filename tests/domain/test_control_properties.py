"""Laws of what is decided by hand, for any overrides and blocks."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.control import Block, Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.routing import Goodbye, Ring, first_step
from callrouter.domain.span import Span
from callrouter.domain.words import DecidedBy, State
from tests.domain.test_control import ALARM, CENTRE, SCHEDULE, WITH_ALARM
from tests.schedules import OPEN_HOUR

UNITS = ("centre", "larm", "gone")
KEYS = ("a", "b")
DESTINATIONS = (*SCHEDULE.destinations, "gone")

instants = st.integers(0, 20).map(lambda hours: OPEN_HOUR + timedelta(hours=hours))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Any span, also an empty one, or one whose clock was turned back."""
    return Span(draw(instants), draw(instants))


@st.composite
def controls(draw: st.DrawFn) -> Control:
    """Any overrides and blocks, in any order, each with a number of its own."""
    numbers = draw(st.permutations(range(1, 9)))
    states = st.sampled_from([*State, None])
    overrides = tuple(
        Override(number, draw(st.sampled_from(UNITS)), draw(spans()), state, destination, "why", "who")
        for number in numbers[: draw(st.integers(0, 5))]
        for state in [draw(states)]
        for destination in [None if state else draw(st.sampled_from([*DESTINATIONS, None]))]
    )
    blocks = tuple(
        Block(number, draw(st.sampled_from(UNITS)), draw(st.sampled_from(KEYS)), "key-1", draw(spans()), "why", "who")
        for number in numbers[: draw(st.integers(0, 3))]
    )
    return Control(overrides, blocks)


@given(controls(), instants, st.sampled_from([*KEYS, None]))
def test_an_alarm_unit_always_rings_somebody_whatever_was_decided(
    control: Control, at: datetime, key: str | None
) -> None:
    decision = decide(WITH_ALARM, ALARM, at, control, key)
    assert decision.decided_by is not DecidedBy.BLOCK
    assert isinstance(first_step(WITH_ALARM, decision, at), Ring)


@given(controls(), instants, st.sampled_from([*KEYS, None]))
def test_a_decision_is_total_and_says_by_which_of_them(control: Control, at: datetime, key: str | None) -> None:
    decision = decide(SCHEDULE, CENTRE, at, control, key)
    by_hours = decide(SCHEDULE, CENTRE, at)
    step = first_step(SCHEDULE, decision, at)
    match decision.decided_by:
        case DecidedBy.BLOCK:
            assert isinstance(step, Goodbye)
            assert any(f"block {each.id} " in decision.reason for each in control.blocks if each.caller_key == key)
        case DecidedBy.OVERRIDE:
            latest = max((o for o in control.overrides if o.unit == "centre" and o.span.covers(at)), key=lambda o: o.id)
            assert decision.reason.startswith(f"override {latest.id}: ")
            assert decision.destination == latest.leads_to(SCHEDULE, CENTRE)
        case _:
            assert decision == by_hours
    if isinstance(step, Ring):
        assert {phone.number for phone in step.attempt.phones} <= SCHEDULE.numbers


@given(controls(), instants)
def test_the_order_in_which_they_are_known_changes_nothing(control: Control, at: datetime) -> None:
    turned = Control(control.overrides[::-1], control.blocks[::-1])
    for key in KEYS:
        assert decide(SCHEDULE, CENTRE, at, control, key) == decide(SCHEDULE, CENTRE, at, turned, key)
