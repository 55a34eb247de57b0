"""How a unit stands: hours and overrides together, and until when."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrouter.domain.control import Control, Override
from callrouter.domain.decision import decide
from callrouter.domain.span import Span
from callrouter.domain.standing import standing
from callrouter.domain.words import State
from tests.schedules import CLOSED_HOUR, OPEN_HOUR, schedule

SCHEDULE = schedule()
UNIT = SCHEDULE.first_unit
CLOSES = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 15:00 in Stockholm
OPENS = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def held(number: int, start: datetime, end: datetime, state: State | None, destination: str | None = None) -> Override:
    return Override(number, UNIT.name, Span(start, end), state, destination, "why", "who")


@pytest.mark.parametrize(
    ("at", "overrides", "state", "until"),
    [
        (OPEN_HOUR, (), State.OPEN, CLOSES),
        (CLOSED_HOUR, (), State.CLOSED, OPENS),
        (OPEN_HOUR, (held(1, OPEN_HOUR, OPEN_HOUR + HOUR, State.CLOSED),), State.CLOSED, OPEN_HOUR + HOUR),
        (OPEN_HOUR, (held(1, OPEN_HOUR, CLOSES + HOUR, State.CLOSED),), State.CLOSED, OPENS),
        (OPEN_HOUR, (held(1, OPEN_HOUR, CLOSES + HOUR, State.OPEN),), State.OPEN, CLOSES + HOUR),
        (OPEN_HOUR, (held(1, OPEN_HOUR, CLOSES - HOUR, State.OPEN),), State.OPEN, CLOSES),
        (OPEN_HOUR, (held(1, OPEN_HOUR, CLOSES + HOUR, None, "security"),), State.OPEN, CLOSES),
        (OPEN_HOUR, (held(1, OPEN_HOUR + HOUR, CLOSES, State.CLOSED),), State.OPEN, OPEN_HOUR + HOUR),
        (
            OPEN_HOUR,
            (held(1, OPEN_HOUR, CLOSES, State.CLOSED), held(2, OPEN_HOUR, OPEN_HOUR + HOUR, State.OPEN)),
            State.OPEN,
            OPEN_HOUR + HOUR,
        ),
        (OPEN_HOUR, (held(1, OPEN_HOUR, CLOSES + HOUR, None, "gone"),), State.OPEN, CLOSES),
    ],
    ids=[
        *("open", "closed", "closed by hand", "closed by hand, then by the hours", "held open", "open anyway"),
        *("sent elsewhere", "closed soon", "the later one decides", "one that cannot be followed"),
    ],
)
def test_until_when(at: datetime, overrides: tuple[Override, ...], state: State, until: datetime) -> None:
    found = standing(SCHEDULE, UNIT, at, Control(overrides))
    assert (found.decision.state, found.until) == (state, until)


class Counted(Control):
    """Counts how often it is asked."""

    asked: ClassVar[list[datetime]] = []

    def override(self, unit: str, at: datetime) -> Override | None:
        self.asked.append(at)
        return Control.override(self, unit, at)


def test_a_unit_that_is_held_open_for_a_century_is_not_walked_through() -> None:
    control = Counted((held(1, OPEN_HOUR, OPEN_HOUR.replace(year=2126), State.OPEN),))
    found = standing(SCHEDULE, UNIT, OPEN_HOUR, control)
    assert found.until is not None
    assert found.until >= OPEN_HOUR.replace(year=2126)
    assert len(control.asked) < 10


MOMENTS = st.integers(0, 96).map(lambda quarter: OPEN_HOUR + quarter * timedelta(minutes=30))
EFFECTS = st.sampled_from([(State.OPEN, None), (State.CLOSED, None), (None, "security"), (None, "gone")])


@given(st.lists(st.tuples(MOMENTS, MOMENTS, EFFECTS), max_size=4), MOMENTS)
def test_nothing_changes_before_and_something_does_then(
    spans: list[tuple[datetime, datetime, tuple[State | None, str | None]]], at: datetime
) -> None:
    made = [held(n, min(a, b), max(a, b), *effect) for n, (a, b, effect) in enumerate(spans)]
    control = Control(tuple(made))
    found = standing(SCHEDULE, UNIT, at, control)
    assert found.until is not None
    assert decide(SCHEDULE, UNIT, found.until, control).state is not found.decision.state
    moment = at
    while moment < min(found.until, at + 10 * HOUR):
        assert decide(SCHEDULE, UNIT, moment, control).state is found.decision.state
        moment += timedelta(minutes=15)
