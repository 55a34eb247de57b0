"""Whose number the phones that are rung show."""

import pytest

from callrouter.domain.call import Caller, RunningCall
from callrouter.domain.destination import Destination
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, decide, first_step
from tests.schedules import CENTRE, DESK_1, OPEN_HOUR, schedule

SHOWING = schedule(Destination("reception", ring=(DESK_1,), show_caller=True))


@pytest.mark.parametrize(("caller", "is_shown"), [(Caller(PhoneNumber("+46701740650")), True), (Caller(), False)])
def test_a_caller_without_a_number_is_shown_on_no_display(caller: Caller, is_shown: bool) -> None:
    decision = decide(SHOWING, SHOWING.unit("centre"), OPEN_HOUR)
    step = first_step(SHOWING, decision, OPEN_HOUR)
    assert isinstance(step, Ring)
    _, rang = RunningCall("CA1", CENTRE.e164, caller, decision).ringing(step).told()
    assert rang.facts["shows_caller"] is is_shown
