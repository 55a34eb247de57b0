"""Calls in the log behind the pages, to units of the schedule that comes with the project."""

from datetime import UTC, datetime, timedelta

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.entry import Entry
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import (
    Caller,
    CallEvent,
    DialEnded,
    LegUpdate,
    RunningCall,
    call_ended,
    message_left,
)
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Ring, decide, first_step
from callrouter.domain.words import LegStatus, Origin, Outcome
from tests.calllog.told import CITIZEN, PSEUDONYMIZER
from tests.web.pages.house import LOADED, House

EVENING = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # 18:30 in Stockholm: all but the alarm unit are closed
MIDDAY = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # Tuesday 14:00: brottsofferstöd is open
MESSAGE = f"RE{7:032x}"
PAGE = "/calls/2026-11-23/CA1"


def keep(
    house: House,
    call_id: str = "CA1",
    unit: str = "trygghetscenter",
    at: datetime = EVENING,
    *,
    number: PhoneNumber | None = CITIZEN,
    ends: Outcome | None = Outcome.ANSWERED,
    forwarded_from: PhoneNumber | None = None,
) -> None:
    """A call whose first phone rings after 10 s, is picked up after 20, confirmed after 27; *ends* None: it goes on."""
    assert LOADED.schedule
    called = LOADED.schedule.unit(unit)
    is_kept = called.keeps_numbers and number is not None
    key = PSEUDONYMIZER.key(number.e164) if number and not called.keeps_numbers else None
    caller = Caller(number if is_kept else None, number is None, key, forwarded_from)
    decision = decide(LOADED.schedule, called, at)
    call = RunningCall(call_id, called.numbers[0].e164, caller, decision, Origin.REAL)
    step = first_step(LOADED.schedule, decision, at, asks_menu=False)
    events = list(_rung(call.ringing(step), at, ends)) if isinstance(step, Ring) else [call.arrived(), call.hung_up(at)]
    write_entries(house.database, PSEUDONYMIZER, [Entry(tuple(events), caller.number, key, forwarded_from)])
    catch_up(house.database)


def leave_message(house: House, call_id: str = "CA1", at: datetime = EVENING) -> None:
    """And the caller left a message of 9 s."""
    left = message_left(call_id, MESSAGE, 9, at + timedelta(seconds=99), began_at=at)
    write_entries(house.database, PSEUDONYMIZER, [Entry((left,))])
    catch_up(house.database)


def _rung(call: RunningCall, at: datetime, ends: Outcome | None) -> list[CallEvent]:
    assert call.attempt
    to = call.attempt.phones[0].number.e164

    def after(seconds: int) -> datetime:
        return at + timedelta(seconds=seconds)

    told = [
        *call.told(),
        call.leg(to, LegUpdate(LegStatus.RINGING, "CA9"), after(10)),
        call.leg(to, LegUpdate(LegStatus.PICKED_UP, "CA9"), after(20)),
    ]
    if ends is None:
        return told
    is_taken = ends is Outcome.ANSWERED
    dial = DialEnded(Outcome.ANSWERED if is_taken else ends, is_taken, 70, ends is Outcome.CANCELLED, "CA9")
    return [
        *told,
        *([call.key_pressed(to, after(27), accepts=True)] if is_taken else []),
        call.leg(to, LegUpdate(LegStatus.ENDED, "CA9", dial.outcome, 70), after(90)),
        call.dial_ended(dial, ends, after(90)),
        *([] if ends is Outcome.CANCELLED else [call.hung_up(after(90))]),
        call_ended(call.call_id, call.called, "completed", 90, Origin.REAL, after(90)),
    ]
