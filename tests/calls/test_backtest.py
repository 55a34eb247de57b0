"""The calls of the log, asked of another schedule: on both databases, from the events on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callrouter.calllog.control import add_override
from callrouter.calllog.database import Database
from callrouter.calllog.entry import Entry
from callrouter.calllog.projection import project
from callrouter.calllog.writes import write_entries
from callrouter.calls.backtest import backtest, backtest_for
from callrouter.domain.backtest import Backtest, Fate, Move, Side, Sum
from callrouter.domain.call import Caller, CallEvent, RunningCall, call_ended
from callrouter.domain.control import Control, Override
from callrouter.domain.routing import Ring, decide, first_step
from callrouter.domain.schedule import Schedule
from callrouter.domain.span import Span
from callrouter.domain.words import Origin, State
from tests.calllog.engines import database, empty_url, url
from tests.calllog.told import PSEUDONYMIZER, whole_story
from tests.schedules import CENTRE, CLOSED_HOUR, OPEN_HOUR, USUAL, schedule

__all__ = ["database", "empty_url", "url"]

SCHEDULE = schedule()
AROUND = (OPEN_HOUR - timedelta(days=1), CLOSED_HOUR + timedelta(days=1))
CLOSED = Override(1, "centre", Span(OPEN_HOUR, OPEN_HOUR + timedelta(hours=1)), State.CLOSED, None, "fire", "anna")


def gone_at_once(call_id: str, at: datetime, control: Control) -> list[CallEvent]:
    """A caller who goes while the first message is read: no phone rings."""
    decision = decide(SCHEDULE, SCHEDULE.unit("centre"), at, control)
    step = first_step(SCHEDULE, decision, at)
    assert isinstance(step, Ring)
    call = RunningCall(call_id, CENTRE.e164, Caller(), decision)
    return [*call.told(), call_ended(call_id, CENTRE.e164, "completed", 3, Origin.REAL, at + timedelta(seconds=3))]


@pytest.fixture
def log(database: Database) -> Database:
    """A call in an open hour; two in a closed one, one of them answered; one while the unit is held closed."""
    with database.writing() as connection:
        add_override(connection, CLOSED)
    stories = [
        whole_story("CA1", CLOSED_HOUR),
        gone_at_once("CA2", CLOSED_HOUR + timedelta(minutes=1), Control()),
        gone_at_once("CA3", OPEN_HOUR - timedelta(minutes=1), Control()),
        gone_at_once("CA4", OPEN_HOUR + timedelta(minutes=1), Control((CLOSED,))),
    ]
    write_entries(database, PSEUDONYMIZER, [Entry(tuple(story)) for story in stories])
    project(database, {(event.day, event.call_id) for story in stories for event in story})
    return database


def replayed(log: Database, new: Schedule, unit: str | None = None, origin: Origin = Origin.REAL) -> Backtest:
    return backtest(log, new, AROUND, lambda _progress: None, unit=unit, origin=origin)


def test_by_the_same_schedule_every_call_goes_as_it_went(log: Database) -> None:
    assert replayed(log, SCHEDULE).fates == {Fate.STAYS: 4}


def test_closed_is_another_destination(log: Database) -> None:
    found = replayed(log, schedule(*USUAL, closed="duty-officer"))
    assert found.fates == {Fate.STAYS: 1, Fate.ELSEWHERE: 3}
    assert found.moved() == {
        Move(Side.DESK, Side.DESK): Sum(1, 1, 60),
        Move(Side.NOBODY, Side.DESK): Sum(2, 0, 0),
    }
    by_hand = [change for change in found.changes if "override 1" in change.by]
    assert [change.then_by for change in by_hand] == [change.by for change in by_hand]


def test_a_number_that_no_unit_has_any_more(log: Database) -> None:
    centre = replace(SCHEDULE.unit("centre"), numbers=())
    found = replayed(log, replace(SCHEDULE, units={"centre": centre}))
    assert (found.unclaimed, found.calls) == (4, 4)


def test_of_one_unit_and_one_origin(log: Database) -> None:
    assert replayed(log, SCHEDULE, unit="centre").calls == 4
    assert replayed(log, SCHEDULE, unit="elsewhere").calls == 0
    assert replayed(log, SCHEDULE, origin=Origin.TEST_CALL).calls == 0


def test_who_waits_is_told_how_far_it_came(log: Database) -> None:
    """The period is read in windows; when the time is up, what was read is told, and until when."""
    ticks = iter([0.0, 9.0])
    found = backtest_for(8, log, SCHEDULE, AROUND, Origin.REAL, now=lambda: next(ticks))
    assert not found.is_whole
    assert AROUND[0] < found.period[1] < AROUND[1]


def test_who_waits_long_enough_is_told_all(log: Database) -> None:
    found = backtest_for(8, log, SCHEDULE, AROUND, Origin.REAL, now=lambda: 0.0)
    assert (found.is_whole, found.period) == (True, AROUND)
    assert found.found == replayed(log, SCHEDULE)
