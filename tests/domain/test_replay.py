"""A decision that is kept for a span is the one that would be made at each instant of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.control import Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.destination import Contract, Destination
from callrouter.domain.oncall import Person, Rota, RotaBlock
from callrouter.domain.replay import Replay
from callrouter.domain.routing import Ring, first_step
from callrouter.domain.schedule import Menu, Schedule, Unit
from callrouter.domain.span import Span
from callrouter.domain.words import DecidedBy, State
from callrouter.schedule import load
from tests.schedule.files import EXAMPLE
from tests.schedules import (
    CENTRE,
    CLOSED_HOUR,
    CLOSED_MESSAGE,
    DESK_1,
    GUARD_1,
    GUARD_2,
    OPEN_HOUR,
    STOCKHOLM,
    schedule,
)

FIRST = datetime(2026, 10, 20, tzinfo=UTC)
QUARTERS = st.integers(0, 90 * 24 * 4)
SCHEDULE = load(EXAMPLE)
UNITS = list(SCHEDULE.units)
OTHER = replace(CENTRE, e164="+46846500401")


def expected(of: Schedule, unit: Unit, at: datetime, control: Control) -> tuple[object, ...]:
    decision = decide(of, unit, at, control)
    step = first_step(of, decision, at, asks_menu=False)
    rings = (step.attempt.position.destination, step.attempt.company) if isinstance(step, Ring) else (None, None)
    return (decision.unit, decision.state, decision.decided_by, decision.destination, *rings)


def found(replay: Replay, called: str, unit: str, at: datetime) -> tuple[object, ...]:
    verdict = replay.verdict(called, unit, at)
    decision = verdict.decision
    return (
        decision.unit,
        decision.state,
        decision.decided_by,
        decision.destination,
        verdict.rings_at,
        verdict.company,
    )


@given(st.sampled_from(UNITS), QUARTERS)
def test_what_people_call_a_destination_decides_nothing(unit: str, quarters: int) -> None:
    at = FIRST + timedelta(minutes=15 * quarters)
    places = {name: replace(place, title=f"Till {name}") for name, place in SCHEDULE.destinations.items()}
    named = replace(SCHEDULE, destinations=places)
    found = [decide(of, of.unit(unit), at) for of in (SCHEDULE, named)]
    assert found[0] == found[1]
    steps = [first_step(of, decision, at) for of, decision in zip((SCHEDULE, named), found, strict=True)]
    assert steps[0] == steps[1]


@st.composite
def overrides(draw: st.DrawFn) -> Override:
    start = FIRST + timedelta(minutes=15 * draw(QUARTERS))
    span = Span(start, start + timedelta(minutes=draw(st.integers(1, 3000))))
    to = draw(st.sampled_from([State.OPEN, State.CLOSED, *SCHEDULE.destinations, "gone"]))
    state, destination = (to, None) if isinstance(to, State) else (None, to)
    return Override(draw(st.integers(1, 99)), draw(st.sampled_from(UNITS)), span, state, destination, "why", "who")


@given(st.lists(QUARTERS, min_size=1, max_size=60), st.lists(overrides(), max_size=4), st.sampled_from(UNITS))
def test_it_is_what_would_be_decided_anew(quarters: list[int], by_hand: list[Override], name: str) -> None:
    control = Control(tuple(by_hand))
    replay, unit = Replay(SCHEDULE, control), SCHEDULE.unit(name)
    for at in (FIRST + timedelta(minutes=15 * quarter) for quarter in sorted(quarters)):
        assert found(replay, unit.numbers[0].e164, name, at) == expected(SCHEDULE, unit, at, control)


BEFORE, AFTER = CLOSED_HOUR - timedelta(seconds=1), CLOSED_HOUR
WALL = CLOSED_HOUR.astimezone(STOCKHOLM).replace(tzinfo=None)
GUARDS = Rota("guards", STOCKHOLM, (RotaBlock(WALL, timedelta(days=7), (Person("bo", GUARD_1),)),))


@pytest.mark.parametrize(
    ("security", "before", "after"),
    [
        (
            Destination(
                "security",
                contracts=(
                    Contract("North", Span(OPEN_HOUR, AFTER), (GUARD_1,)),
                    Contract("South", Span(AFTER), (GUARD_2,)),
                ),
            ),
            ("security", "North"),
            ("security", "South"),
        ),
        (Destination("security", ring=(GUARDS,), then="desk"), ("desk", None), ("security", None)),
    ],
    ids=["another contract", "a rota begins"],
)
def test_what_changes_while_the_unit_stays_closed(
    security: Destination, before: tuple[str, str | None], after: tuple[str, str | None]
) -> None:
    desk = Destination("desk", ring=(DESK_1,))
    replay = Replay(schedule(security, desk, open_="desk", closed="security"))
    told = [replay.verdict(CENTRE.e164, "centre", at) for at in (BEFORE, AFTER)]
    assert [(verdict.rings_at, verdict.company) for verdict in told] == [before, after]


def test_an_override_that_begins_and_ends_between_two_calls() -> None:
    span = Span(CLOSED_HOUR + timedelta(seconds=5), CLOSED_HOUR + timedelta(seconds=10))
    replay = Replay(schedule(), Control((Override(1, "centre", span, State.OPEN, None, "why", "who"),)))
    told = [replay.verdict(CENTRE.e164, "centre", CLOSED_HOUR + timedelta(seconds=after)) for after in (4, 5, 9, 10)]
    assert [verdict.decision.state for verdict in told] == [State.CLOSED, State.OPEN, State.OPEN, State.CLOSED]


class TestMenu:
    @pytest.fixture
    def replay(self) -> Replay:
        of = schedule()
        centre = replace(of.unit("centre"), menu=Menu(CLOSED_MESSAGE, {"2": "field"}))
        field = replace(of.unit("centre"), name="field", numbers=(OTHER,), open="duty-officer")
        return Replay(replace(of, units={"centre": centre, "field": field}))

    @pytest.mark.parametrize(
        ("chosen", "at", "unit"),
        [
            ("field", OPEN_HOUR, "field"),
            ("field", CLOSED_HOUR, "centre"),  # nobody is asked when it is closed
            ("gone", OPEN_HOUR, "centre"),
            (None, OPEN_HOUR, "centre"),
        ],
    )
    def test_who_chose_a_unit_chooses_it_again(
        self, replay: Replay, chosen: str | None, at: datetime, unit: str
    ) -> None:
        assert replay.verdict(CENTRE.e164, chosen, at).decision.unit == unit


def test_a_number_of_no_unit_goes_where_such_calls_go() -> None:
    verdict = Replay(schedule()).verdict("+46313900699", "centre", OPEN_HOUR)
    assert (verdict.decision.unit, verdict.decision.decided_by) == (None, DecidedBy.FAIL_SAFE)
    assert (verdict.rings_at, verdict.company) == ("security", None)
