"""A log that cannot be asked in time: the process that was told of a key and of an end still knows them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from callrouter import calls
from callrouter.calllog.queries import LoggedAttempt
from callrouter.domain.call import LONGEST_WHISPER_SECONDS, Caller, DialEnded, RunningCall
from callrouter.domain.destination import Destination
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.routing import Goodbye, Ring
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Inbound
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1, GUARD_2, schedule
from tests.web.stage import LAST_RESORT, FakeLog

BRIDGED = DialEnded(Outcome.ANSWERED, bridged=True, seconds=13, caller_gone=False, leg_sid="CA2")
UNSAID = replace(BRIDGED, bridged=None)
KEY = 10


@dataclass
class MuteLog(FakeLog):
    """Keeps everything, and never says anything in time."""

    def attempt(self, day: date, call_id: str, attempt: str) -> LoggedAttempt:  # noqa: ARG002 - knows nothing
        return LoggedAttempt()


def screened() -> Schedule:
    return schedule(Destination("security", ring=(GUARD_1, GUARD_2), accept_key=True))


def after(seconds: float) -> datetime:
    return CLOSED_HOUR + timedelta(seconds=seconds)


@pytest.fixture
def service() -> calls.Service:
    return calls.Service(screened, MuteLog(), LAST_RESORT)


def taken(service: calls.Service, call_id: str = "CA1") -> RunningCall:
    """A call whose first guard has pressed the key after KEY seconds."""
    inbound = Inbound(call_id, CENTRE.e164, Caller(PhoneNumber("+46701740650")))
    call = calls.answer(service, inbound, CLOSED_HOUR).call
    calls.key_pressed(service, call, 0, "1", after(KEY))
    return call


def rings(service: calls.Service, call: RunningCall, ended: DialEnded, seconds: float) -> list[PhoneNumber]:
    step = calls.attempt_ended(service, call, ended, after(seconds)).step
    return [phone.number for phone in step.attempt.phones] if isinstance(step, Ring) else []


@pytest.mark.parametrize("ended", [BRIDGED, UNSAID], ids=["bridged", "not said"])
def test_a_short_talk_is_dropped_also_the_second_time(service: calls.Service, ended: DialEnded) -> None:
    call = taken(service)
    assert [rings(service, call, ended, seconds) for seconds in (KEY + 3, KEY + 9)] == [[GUARD_2]] * 2


def test_a_talk_is_a_talk_where_the_provider_does_not_say(service: calls.Service) -> None:
    assert rings(service, taken(service), UNSAID, KEY + 9) == []


def test_the_key_that_is_pressed_again_later_changes_nothing(service: calls.Service) -> None:
    call = taken(service)
    calls.key_pressed(service, call, 0, "1", after(KEY + 8))
    assert rings(service, call, UNSAID, KEY + 9) == []


def test_another_key_or_another_call_is_not_taken_for_it(service: calls.Service) -> None:
    declined = calls.answer(service, Inbound("CA9", CENTRE.e164, Caller()), CLOSED_HOUR).call
    calls.key_pressed(service, declined, 0, "2", after(KEY))
    taken(service)
    assert rings(service, declined, UNSAID, KEY + 9) == [GUARD_2]


def test_another_process_cannot_tell_a_talk_from_a_whisper_so_whoever_waits_is_rung_on(service: calls.Service) -> None:
    call = taken(service)
    other = calls.Service(screened, MuteLog(), LAST_RESORT)
    assert rings(other, call, BRIDGED, KEY + 3) == [GUARD_2]


def test_for_another_process_a_talk_longer_than_any_whisper_is_a_talk(service: calls.Service) -> None:
    call = taken(service)
    other = calls.Service(screened, MuteLog(), LAST_RESORT)
    long = replace(BRIDGED, seconds=LONGEST_WHISPER_SECONDS + 1)
    assert isinstance(calls.attempt_ended(other, call, long, after(KEY + 40)).step, Goodbye)


def test_only_the_last_ten_thousand_are_remembered(service: calls.Service) -> None:
    first = taken(service)
    for number in range(10_000):
        service.attempts.taken(replace(first, call_id=f"CB{number}"), CLOSED_HOUR)
    assert service.attempts.added_to(LoggedAttempt(), first) == LoggedAttempt()
    assert service.attempts.added_to(LoggedAttempt(), replace(first, call_id="CB0")) == LoggedAttempt(CLOSED_HOUR)
