"""The clock is wrong while calls come, and right again; and the hours of a year in which reckoning is hard."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from callrouter import clock
from callrouter.domain.words import State
from callrouter.simulate.scene import Scene
from callrouter.telephony.simulator import Faults
from tests.faults import clock_ways
from tests.faults.real import ClockTrial, TimedTrial
from tests.faults.signed_in import signed_in
from tests.faults.trial import Trial

pytestmark = pytest.mark.alone

HARD_HOURS = {
    "summer time begins, on Easter Sunday": datetime(2027, 3, 28, 1, tzinfo=UTC),
    "summer time ends": datetime(2027, 10, 31, 1, tzinfo=UTC),
    "the eve of Christmas": datetime(2027, 12, 24, 10, tzinfo=UTC),
    "the turn of the year": datetime(2027, 12, 31, 23, tzinfo=UTC),
    "leap day": datetime(2028, 2, 28, 23, tzinfo=UTC),
    "years after all that is planned": datetime(2045, 6, 1, 8, tzinfo=UTC),
}
AROUND_MINUTES = 90
SATURDAY = 5


@pytest.mark.long
@pytest.mark.fault("The clock jumps", "`LD_PRELOAD`: an hour ahead or an hour back, then right again")
@pytest.mark.parametrize("hours", [1, -1])
def test_the_clock_jumps(clock_trial: ClockTrial, hours: int) -> None:
    """What the provider tells of its own time shows it. Whoever was signed in may have to sign in again."""
    clock_trial.off_by = timedelta(hours=hours)
    clock_trial.cookie = signed_in(clock_trial.service, clock.now() + clock_trial.off_by)
    clock_trial.survives(clock_ways.clock_off(clock_trial.service, clock_trial.off_by), shows="clock")


@pytest.mark.long
@pytest.mark.fault(
    "The hard hours of a year",
    "`LD_PRELOAD`: it is the night of each change of the clock, Christmas Eve, the turn of the year, leap day, the "
    "year 2045; calls within an hour and a half of it",
)
@pytest.mark.parametrize("hour", HARD_HOURS.values(), ids=HARD_HOURS)
def test_a_hard_hour(timed_trial: TimedTrial, hour: datetime) -> None:
    """Nothing but its own clock tells the service what hour it is."""

    def around(scene: Scene) -> Scene:
        minutes = scene.number * 37 % (2 * AROUND_MINUTES) - AROUND_MINUTES
        return replace(scene, faults=Faults(), at=hour + timedelta(minutes=minutes, seconds=scene.number))

    timed_trial.played_as = around
    played = {each.call.sid: each.scene.at for each in timed_trial.survives(nullcontext())}
    are_decided_as_by_hand(timed_trial, played)


@pytest.mark.long
@pytest.mark.fault("The system has no time-zone data", "`PYTHONTZPATH` is empty: what the program brings must do")
def test_without_the_systems_time_zones(zoneless_trial: Trial) -> None:
    played = {each.call.sid: each.scene.at for each in zoneless_trial.survives(nullcontext())}
    are_decided_as_by_hand(zoneless_trial, played)


def are_decided_as_by_hand(trial: Trial, came: Mapping[str, datetime]) -> None:
    """The calls of these names, which *came* then, as far as they are to our units."""
    rows = [(row, came[row.call_id]) for (row, *_) in trial.logged(came).values() if row.unit]
    wrong = [(row.unit, row.state, at) for row, at in rows if row.state != by_hand(row.unit, at)]
    assert rows
    assert wrong == []


def by_hand(unit: str | None, at: datetime) -> State:
    """What the stories' schedule means, read off a clock on the wall."""
    local = at.astimezone(ZoneInfo("Europe/Stockholm"))
    match unit:
        case "centre" | "switchboard":
            is_open = local.weekday() < SATURDAY and time(10) <= local.time() < time(15)
        case "night-watch":
            evening, small_hours = (SATURDAY, local.hour >= 22), (SATURDAY + 1, local.hour < 4)
            is_open = (local.weekday(), True) in (evening, small_hours)
        case _:
            is_open = True
    return State.OPEN if is_open else State.CLOSED
