"""Calls of some weeks, for pages that look back: many of them offered to the company of the contractor.

They are older than two weeks: nobody waits to be called back or handed over. Before them was a night with more calls
than the hand-over lists.
"""

from dataclasses import replace
from datetime import UTC, timedelta
from itertools import islice
from urllib.parse import quote

from callrouter import clock
from callrouter.calllog.hand_over import LISTED
from callrouter.domain.record import CallRecord
from callrouter.domain.words import Disposition, Origin
from tests.calllog.records import records
from tests.schedules import STOCKHOLM

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

_SMALL_HOURS = (LATELY[0].received_at - timedelta(days=7)).astimezone(STOCKHOLM).replace(hour=1, minute=0, second=0)


def _that_night(number: int, call: CallRecord) -> CallRecord:
    """The same to one unit, by night, one every ten seconds."""
    at = _SMALL_HOURS + timedelta(seconds=10 * number)
    moved = replace(_lately(call), day=at.astimezone(UTC).date(), received_at=at, local_time=at.isoformat())
    return replace(moved, unit=UNITS[0], legs=(), answered_by=None)


BUSY_NIGHT = [_that_night(*each) for each in enumerate(records(8, LISTED + 1, _SMALL_HOURS, 1))]
IN_THAT_NIGHT = quote((_SMALL_HOURS + timedelta(hours=1)).isoformat())
