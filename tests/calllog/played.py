"""Whole calls as events: each phone that rings does what chance says, until the call is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from callrouter.domain.call import Caller, CallEvent, DialEnded, LegUpdate, RunningCall, call_ended
from callrouter.domain.routing import Ring, decide, first_step, next_step
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import LegStatus, Origin, Outcome
from tests.schedules import CENTRE

_WEIGHTS = {
    Outcome.ANSWERED: 4,
    Outcome.DECLINED: 1,
    Outcome.SCREENED_OUT: 1,
    Outcome.NO_ANSWER: 2,
    Outcome.BUSY: 1,
    Outcome.FAILED: 1,
    Outcome.CANCELLED: 1,
}
_PICKS_UP = (Outcome.ANSWERED, Outcome.DECLINED, Outcome.SCREENED_OUT)


def played(schedule: Schedule, call_id: str, at: datetime, chance: Random) -> list[CallEvent]:
    """All events of a call to the first unit of *schedule*, whose phones ring one at a time and are screened."""
    decision = decide(schedule, schedule.first_unit, at)
    call, now = RunningCall(call_id, CENTRE.e164, Caller(), decision), at
    events, step, outcome = [call.arrived()], first_step(schedule, decision, at), Outcome.NO_ANSWER
    while isinstance(step, Ring):
        call = call.ringing(step)
        outcome = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        events += _rung(call, outcome, now, chance)
        now = events[-1].at
        step = next_step(schedule, decision, step.attempt.position, outcome, now)
    if outcome is not Outcome.CANCELLED:
        events.append(call.hung_up(now))
    seconds = round((now - at).total_seconds())
    return [*events, call_ended(call_id, CENTRE.e164, "completed", seconds, Origin.REAL, now)]


def _rung(call: RunningCall, outcome: Outcome, at: datetime, chance: Random) -> Iterator[CallEvent]:
    """What is told of one phone, from its ring to the end of the attempt."""
    assert call.attempt
    to, sid = call.attempt.phones[0].number.e164, f"CA{chance.getrandbits(64):x}"
    rings = at + timedelta(seconds=chance.uniform(0.5, 3))
    over = picked_up = rings + timedelta(seconds=chance.uniform(2, 40))
    yield call.rang(call.attempt)
    yield call.leg(to, LegUpdate(LegStatus.RINGING, sid), rings)
    if outcome in _PICKS_UP:
        yield call.leg(to, LegUpdate(LegStatus.PICKED_UP, sid), picked_up)
        over += timedelta(seconds=chance.uniform(5, 8))
    if outcome in (Outcome.ANSWERED, Outcome.DECLINED):
        yield call.key_pressed(to, over, accepts=outcome is Outcome.ANSWERED)
    if outcome is Outcome.ANSWERED:
        over += timedelta(seconds=chance.randrange(4, 500))
    seconds = round((over - picked_up).total_seconds()) if outcome in _PICKS_UP else None
    word = Outcome.ANSWERED if outcome in _PICKS_UP else outcome
    yield call.leg(to, LegUpdate(LegStatus.ENDED, sid, word, seconds), over)
    gone = outcome is Outcome.CANCELLED
    dial = DialEnded(word, outcome is Outcome.ANSWERED, seconds, gone, sid)
    yield call.dial_ended(dial, outcome, over)
