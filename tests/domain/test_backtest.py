"""What a back-test makes of one call, and of many."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callrouter.domain.backtest import Backtest, Fate, LoggedCall, Move, Side, Sum, When
from callrouter.domain.destination import Contract, Destination
from callrouter.domain.replay import Replay
from callrouter.domain.span import Span
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, GUARD_1, OPEN_HOUR, STOCKHOLM, schedule

DESK = Destination("desk", ring=(DESK_1,))
SECURITY = Destination("security", contracts=(Contract("North", Span(OPEN_HOUR - timedelta(days=99)), (GUARD_1,)),))
REPLAY = Replay(schedule(DESK, SECURITY, open_="desk", closed="security"))

AT_DESK = LoggedCall(
    call_id="CA1",
    called=CENTRE.e164,
    unit="centre",
    at=OPEN_HOUR,
    state="open",
    decided_by="hours",
    reason="mon-fri 10:00-15:00",
    rang_at="desk",
    company=None,
    decided_for=None,
    talked_seconds=90,
)
AT_COMPANY = replace(AT_DESK, state="closed", rang_at="security", company="North")
NOBODY = replace(AT_DESK, rang_at=None, decided_for="desk", talked_seconds=None)


@pytest.mark.parametrize(
    ("call", "fate"),
    [
        (AT_DESK, Fate.STAYS),
        (AT_COMPANY, Fate.ELSEWHERE),
        (replace(AT_COMPANY, at=CLOSED_HOUR), Fate.STAYS),
        (replace(AT_COMPANY, at=CLOSED_HOUR, company="South"), Fate.ELSEWHERE),
        (replace(AT_DESK, state="closed"), Fate.TOLD_OTHERWISE),
        (NOBODY, Fate.STAYS),
        (replace(NOBODY, decided_for="security"), Fate.ELSEWHERE),
        (replace(AT_DESK, rang_at="security", decided_for="desk"), Fate.STAYS),  # a redial: who took the last call
        (replace(AT_DESK, called="+46313900699"), Fate.ELSEWHERE),
        (replace(AT_COMPANY, decided_by="block"), Fate.BLOCKED),
        (replace(AT_COMPANY, decided_by="fail-safe"), Fate.FAIL_SAFE),
        (replace(AT_COMPANY, decided_by=None), Fate.UNDECIDED),
    ],
)
def test_the_fate_of_a_call(call: LoggedCall, fate: Fate) -> None:
    assert Backtest(STOCKHOLM).replay(call, REPLAY) is fate


@pytest.fixture
def found() -> Backtest:
    found = Backtest(STOCKHOLM)
    calls = [
        AT_DESK,
        AT_COMPANY,
        replace(AT_COMPANY, talked_seconds=30),
        replace(AT_COMPANY, talked_seconds=None),
        replace(AT_DESK, at=CLOSED_HOUR),
        replace(AT_DESK, decided_by="block"),
        replace(AT_DESK, called="+46313900699"),
    ]
    for call in calls:
        found.replay(call, REPLAY)
    return found


def test_calls_and_minutes_that_move_between_desk_and_company(found: Backtest) -> None:
    assert found.moved() == {
        Move(Side.COMPANY, Side.DESK): Sum(calls=3, answered=2, talked_seconds=120),
        Move(Side.DESK, Side.COMPANY): Sum(calls=2, answered=2, talked_seconds=180),
    }
    assert (found.calls, found.fates[Fate.ELSEWHERE], found.fates[Fate.BLOCKED], found.unclaimed) == (7, 5, 1, 1)


def test_by_unit_weekday_and_hour_with_n(found: Backtest) -> None:
    eleven, half_past_four = When("centre", 1, 11), When("centre", 1, 16)
    assert found.offered == {eleven: 5, half_past_four: 1}
    assert {when for when, _ in found.moves} == {eleven, half_past_four}
    assert found.moves[half_past_four, Move(Side.DESK, Side.COMPANY)] == Sum(1, 1, 90)


def test_why(found: Backtest) -> None:
    (first, count), *_ = sorted(found.changes.items(), key=lambda item: -item[1].calls)
    assert (first.unit, str(first.was), str(first.becomes), count.calls) == ("centre", "security (North)", "desk", 3)
    assert first.by == "closed by hours: mon-fri 10:00-15:00"
    assert first.then_by == "open by hours: mon-fri 10:00-15:00 (from 2005-06-01)"
