"""Who called lately: a redial is another call by the same caller, however often the provider asks about one."""

from datetime import timedelta

import pytest

from callrouter import calls
from callrouter.calls.redials import LATELY
from callrouter.domain.call import Caller
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring
from callrouter.telephony.provider import Inbound
from tests.schedules import CENTRE, CLOSED_HOUR, CLOSED_MESSAGE, schedule
from tests.web.stage import LAST_RESORT, FakeLog

CITIZEN = PhoneNumber("+46701740650")


@pytest.fixture
def service() -> calls.Service:
    return calls.Service(schedule, FakeLog(), LAST_RESORT, caller_key=lambda number: f"key of {number.e164}")


def calls_in(service: calls.Service, call_id: str, after: timedelta) -> tuple[bool, bool]:
    """Whether a call is known as a redial, and whether the caller hears that it is closed."""
    reply = calls.answer(service, Inbound(call_id, CENTRE.e164, Caller(CITIZEN)), CLOSED_HOUR + after)
    assert isinstance(reply.step, Ring)
    return reply.call.is_redial, CLOSED_MESSAGE in reply.step.announce


SECONDS = [timedelta(seconds=s) for s in (0, 3, 6)]
SPARED, TOLD = (True, False), (False, True)


def test_a_first_call_that_is_asked_about_again_is_no_redial_and_hears_the_message(service: calls.Service) -> None:
    """Its answer was lost: the caller has heard nothing yet."""
    assert [calls_in(service, "CA1", after) for after in SECONDS] == [TOLD] * 3


def test_a_redial_that_is_asked_about_again_is_still_one(service: calls.Service) -> None:
    calls_in(service, "CA1", timedelta(0))
    assert [calls_in(service, "CA2", timedelta(minutes=5) + after) for after in SECONDS] == [SPARED] * 3


@pytest.mark.parametrize(("after", "known"), [(LATELY, SPARED), (LATELY + timedelta(seconds=1), TOLD)])
def test_it_is_known_for_ten_minutes(service: calls.Service, after: timedelta, known: tuple[bool, bool]) -> None:
    calls_in(service, "CA1", timedelta(0))
    assert calls_in(service, "CA2", after) == known
