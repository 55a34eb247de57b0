"""Every provider passes the same tests: a new one is added here, and nowhere else."""

from tests.telephony.contract.elks_line import ElksLine
from tests.telephony.contract.line import Line
from tests.telephony.contract.twilio_line import TwilioLine

LINES: dict[str, Line] = {"twilio": TwilioLine(), "elks": ElksLine()}
