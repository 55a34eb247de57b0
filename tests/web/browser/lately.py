"""Calls of some weeks, for pages that look back: many of them offered to the company of the contractor.

They are older than two weeks: nobody waits to be called back or handed over.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

from callrouter import clock
from callrouter.domain.record import CallRecord
from callrouter.domain.words import Disposition, Origin
from tests.calllog.records import records

COMPANY = "Nordbevakning AB"
UNITS = ("trygghetscenter", "larm")
_DAYS = 20
_A_FORTNIGHT_AGO = clock.now() - timedelta(days=15)


def _lately(call: CallRecord) -> CallRecord:
    """The same, in the phone network, at the places of the schedule that comes with the project."""
    legs = tuple(replace(leg, company=leg.company and COMPANY) for leg in call.legs)
    by = call.answered_by and replace(call.answered_by, company=call.answered_by.company and COMPANY)
    unit = call.unit and UNITS[call.received_at.second % 2]
    return replace(call, origin=Origin.PHONE_NETWORK, unit=unit, legs=legs, answered_by=by)


LATELY = sorted(
    (_lately(call) for call in records(7, 300, _A_FORTNIGHT_AGO - timedelta(days=_DAYS), _DAYS)),
    key=lambda call: call.received_at,
)
OFFERED, OFFERED_BEFORE = islice(
    (
        call
        for call in reversed(LATELY)
        if call.disposition is not Disposition.IN_PROGRESS and any(leg.company for leg in call.legs)
    ),
    2,
)
MONTH = (OFFERED.local_time or str(OFFERED.received_at))[:7]
REPORT = f"/reports?from={LATELY[0].day}&to={LATELY[-1].day}"
