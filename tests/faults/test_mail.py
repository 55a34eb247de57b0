"""Mail server and name server fail, and whoever calls notices nothing."""

import pytest

from tests.faults import mail
from tests.faults.mail import MailTrial

pytestmark = pytest.mark.alone

QUICK = ("is not found",)


@pytest.mark.fault(
    "Mail server or name server fails",
    "the one takes connections and says nothing, or nobody listens; `LD_PRELOAD`: no name is found, at once or after "
    "15 s; each missed call is to be told by mail",
)
@pytest.mark.parametrize(
    "trouble", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in mail.TROUBLES]
)
def test_no_mail_goes(mail_trial: MailTrial, trouble: str) -> None:
    """What could not be sent meanwhile is sent afterwards."""
    mail_trial.survives(mail.TROUBLES[trouble](mail_trial), shows="jobs")
    mail_trial.all_are_told_once()
