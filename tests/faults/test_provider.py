"""The provider itself: its token is renewed, its REST interface fails."""

import pytest

from tests.faults import strangers, ways
from tests.faults.real import HandedMachine, RealProvider, RealTrial
from tests.faults.rest import TROUBLES, RestTrial, troubled
from tests.faults.trial import CALLS
from tests.stories.machines import token
from tests.telephony.contract.office import Answer

pytestmark = pytest.mark.alone

FORBIDDEN = 403


@pytest.mark.fault(
    "The provider's token is renewed in mid-call",
    "another service on the held socket takes both, the provider signs with the new one, one takes that alone",
)
def test_the_token_is_renewed(held_real_trial: RealTrial) -> None:
    """As docs/operations.md says. Then a call that is signed with the former token is refused."""
    trial, service = held_real_trial, held_real_trial.service
    assert isinstance(service, HandedMachine)
    former, new = trial.signs_with, token()
    with trial.outlives() as callers:
        callers.play(CALLS)
        service.sets(TWILIO_AUTH_TOKEN_NEXT=new)
        with ways.released(service):
            callers.play(CALLS)
        trial.signs_with = new
        callers.play(CALLS)
        service.sets(TWILIO_AUTH_TOKEN=new, TWILIO_AUTH_TOKEN_NEXT="")
        with ways.released(service):
            callers.play(CALLS)
        assert strangers.answered(service, former) == FORBIDDEN
    assert isinstance(callers.provider, RealProvider)
    assert callers.provider.fell_back == 0, "a request was refused"
    assert {former, new} in callers.provider.signed_with.values(), "a call was under way when the provider changed it"


@pytest.mark.fault("The provider's REST interface fails", "it hangs")
@pytest.mark.parametrize("trouble", [pytest.param(gets, id=name) for name, gets in TROUBLES.items()])
def test_the_rest_interface_fails(rest_trial: RestTrial, trouble: Answer) -> None:
    rest_trial.survives(troubled(rest_trial.office, trouble), shows="jobs")
