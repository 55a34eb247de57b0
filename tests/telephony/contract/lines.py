"""Every provider passes the same tests: a new one is added here, and nowhere else."""

from tests.telephony.contract.elks_desk import ElksAccountLine
from tests.telephony.contract.elks_line import ElksLine
from tests.telephony.contract.line import Line
from tests.telephony.contract.office import AccountLine
from tests.telephony.contract.twilio_desk import TwilioAccountLine
from tests.telephony.contract.twilio_line import TwilioLine

ACCOUNTS: dict[str, AccountLine] = {"twilio": TwilioAccountLine(), "elks": ElksAccountLine()}
LINES: dict[str, Line] = {"twilio": TwilioLine(), "elks": ElksLine()}
