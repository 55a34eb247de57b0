"""What is asked of the provider with each address: when it gives an attempt up, tries again, and turns elsewhere."""

import pytest

from callrouter.calllog.recorder import DATABASE_SECONDS, LATE_SHARE, SPOOL_SECONDS
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator.overrides import Overrides, overrides_of
from callrouter.telephony.twilio.links import address
from tests.telephony.twilio.signing import BASE

ANSWER_SECONDS = 3.0
OUR_SECONDS = DATABASE_SECONDS + SPOOL_SECONDS
"""How long a request may wait for the log."""

HEARD_BY_THE_CALLER = {Endpoint.INCOMING, Endpoint.NEXT, Endpoint.MENU, Endpoint.SKIP, Endpoint.MESSAGE}


def asked_with(endpoint: Endpoint) -> Overrides:
    found = overrides_of(address(BASE, endpoint))
    assert found.errors == (), "it is within the provider's limits"
    return found


@pytest.mark.parametrize("endpoint", Endpoint)
def test_a_second_try_is_answered_in_time_and_no_first_is_given_up_too_soon(endpoint: Endpoint) -> None:
    asked = asked_with(endpoint)
    assert OUR_SECONDS < asked.seconds("rt") < ANSWER_SECONDS - OUR_SECONDS * LATE_SHARE
    assert asked.seconds("ct") < ANSWER_SECONDS / 2
    assert asked.retries >= 5, "a worker may die over each"
    assert asked.policy == {"all"}


@pytest.mark.parametrize("endpoint", Endpoint)
def test_the_fallback_answers_a_caller_in_time_and_nothing_else_is_given_up(endpoint: Endpoint) -> None:
    patience = asked_with(endpoint).seconds("tt")
    if endpoint in HEARD_BY_THE_CALLER:
        assert patience < ANSWER_SECONDS
    else:
        assert patience > 2 * ANSWER_SECONDS
