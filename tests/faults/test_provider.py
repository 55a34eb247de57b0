"""The provider itself: its token is renewed, its REST interface fails."""

import pytest

from tests.faults import deploying, rest, strangers
from tests.faults.real import HandedMachine, RealProvider, TimedTrial
from tests.faults.rest import RestTrial
from tests.faults.trial import CALLS
from tests.stories.machines import token
from tests.telephony.contract.office import Answer

pytestmark = pytest.mark.alone

FORBIDDEN = 403
QUICK = ("is not there",)


@pytest.mark.fault(
    "The provider's token is renewed in mid-call",
    "another service on the held socket takes both, the provider signs with the new one, one takes that alone",
)
def test_the_token_is_renewed(timed_trial: TimedTrial) -> None:
    """As docs/operations.md says. Then a call that is signed with the former token is refused."""
    trial, service = timed_trial, timed_trial.service
    assert isinstance(service, HandedMachine)
    former, new = trial.signs_with, token()
    with trial.outlives() as callers:
        callers.play(CALLS)
        service.sets(TWILIO_AUTH_TOKEN_NEXT=new)
        with deploying.released(service):
            callers.play(CALLS)
        with callers.provider.standstill(callers.at_once):
            trial.signs_with = new
        callers.play(CALLS)
        service.sets(TWILIO_AUTH_TOKEN=new, TWILIO_AUTH_TOKEN_NEXT="")
        with deploying.released(service):
            callers.play(CALLS)
        assert strangers.answered(service, former) == FORBIDDEN
    assert isinstance(callers.provider, RealProvider)
    assert callers.provider.fell_back == 0, "a request was refused"
    assert {former, new} in callers.provider.signed_with.values(), "a call was under way when the provider changed it"


@pytest.mark.fault(
    "The provider's REST interface fails",
    "a proxy between it and the service: no answer, 429, 500, 401, a page of somebody else, no way through; it "
    "is asked to send SMS of missed calls, and by hand for the list of calls",
)
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(gets, id=name, marks=() if name in QUICK else pytest.mark.long)
        for name, gets in rest.TROUBLES.items()
    ],
)
def test_the_rest_interface_fails(rest_trial: RestTrial, trouble: Answer) -> None:
    """It is asked by jobs and commands, never for a call."""
    rest_trial.survives(rest.troubled(rest_trial, trouble), shows="jobs")
    rest.is_made_good(rest_trial)
