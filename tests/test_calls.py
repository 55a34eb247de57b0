"""The use cases: every step is in the log before its reply is given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from callrouter import calls
from callrouter.domain.call import Caller, DialEnded, LegUpdate, RunningCall
from callrouter.domain.destination import Destination
from callrouter.domain.failsafe import FailSafe
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import APOLOGY
from callrouter.domain.routing import Goodbye, Ring
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import EventKind, LegStatus, Origin, Outcome
from callrouter.telephony.provider import CallEnded, Inbound, MessageLeft
from tests.schedules import CENTRE, DESK_1, DESK_2, GUARD_1, GUARD_2, NO_ANSWER, OPEN_HOUR, schedule
from tests.web.stage import FakeLog

CITIZEN = PhoneNumber("+46701740650")
LAST_RESORT = PhoneNumber("+46406280499")
INBOUND = Inbound("CA1", CENTRE.e164, Caller(CITIZEN))
LATER = OPEN_HOUR + timedelta(seconds=30)
SILENT = DialEnded(Outcome.NO_ANSWER, bridged=False, seconds=None, caller_gone=False, leg_sid="CA2")
TALKED = DialEnded(Outcome.ANSWERED, bridged=True, seconds=61, caller_gone=False, leg_sid="CA2")


def told(log: FakeLog) -> list[list[EventKind]]:
    """What each entry tells."""
    return [[event.kind for event in entry.events] for entry in log.entries]


@pytest.fixture
def log() -> FakeLog:
    return FakeLog()


@pytest.fixture
def service(log: FakeLog) -> calls.Service:
    return calls.Service(schedule, log, LAST_RESORT)


def ringing(service: calls.Service, *, inbound: Inbound = INBOUND) -> RunningCall:
    """A call whose first phones ring."""
    return calls.answer(service, inbound, OPEN_HOUR).call


def rung(reply: calls.Reply) -> list[PhoneNumber]:
    return [phone.number for phone in reply.step.attempt.phones] if isinstance(reply.step, Ring) else []


def without(service: calls.Service) -> calls.Service:
    """The same service, before any schedule has loaded."""
    return replace(service, schedule=lambda: None)


class TestAnswer:
    def test_arrival_and_attempt_are_one_entry_with_the_callers_number(
        self, service: calls.Service, log: FakeLog
    ) -> None:
        reply = calls.answer(service, INBOUND, OPEN_HOUR)
        assert rung(reply) == [DESK_1, DESK_2]
        assert told(log) == [[EventKind.ARRIVED, EventKind.RANG]]
        assert log.entries[0].number == CITIZEN
        assert reply.call.attempt is not None
        assert log.entries[0].events[1].facts["attempt"] == reply.call.attempt.id

    def test_the_reply_carries_the_call(self, service: calls.Service) -> None:
        call = ringing(replace(service, origin=Origin.PHONE_NETWORK))
        assert (call.call_id, call.called, call.caller) == ("CA1", CENTRE.e164, Caller(CITIZEN))
        assert (call.origin, call.day) == (Origin.PHONE_NETWORK, date(2026, 11, 23))
        assert call.decision.at == OPEN_HOUR

    def test_nobody_to_ring_is_logged_as_a_call_that_we_ended(self, service: calls.Service, log: FakeLog) -> None:
        silent = schedule(Destination("security", message=NO_ANSWER), open_="security")
        reply = calls.answer(replace(service, schedule=lambda: silent), INBOUND, OPEN_HOUR)
        assert reply.step == Goodbye((NO_ANSWER,))
        assert told(log) == [[EventKind.ARRIVED, EventKind.HUNG_UP]]

    @pytest.mark.parametrize("called", ["+46846500498", "", "464", "client:desk"])
    def test_a_number_nobody_claims_is_logged_without_a_unit(
        self, service: calls.Service, log: FakeLog, called: str
    ) -> None:
        assert rung(calls.answer(service, replace(INBOUND, called=called), OPEN_HOUR)) == [GUARD_1]
        assert log.entries[0].events[0].facts["unit"] is None

    def test_without_a_schedule_there_is_nothing_to_decide_by(self, service: calls.Service, log: FakeLog) -> None:
        with pytest.raises(calls.NoScheduleError):
            calls.answer(without(service), INBOUND, OPEN_HOUR)
        assert log.entries == []


class TestAttemptEnded:
    def test_the_next_phone_rings_and_the_entry_tells_it_all_once(self, service: calls.Service, log: FakeLog) -> None:
        reply = calls.attempt_ended(service, ringing(service), SILENT, LATER)
        assert rung(reply) == [GUARD_1]
        assert told(log)[1:] == [[EventKind.ARRIVED, EventKind.RANG, EventKind.DIAL_ENDED, EventKind.RANG]]
        assert log.entries[1].events[3].facts["phones"] == [{"to": GUARD_1.e164, "person": None}]
        assert log.entries[1].events[3].at == LATER

    def test_a_call_that_was_helped_ends_without_a_word(self, service: calls.Service, log: FakeLog) -> None:
        reply = calls.attempt_ended(service, ringing(service), TALKED, LATER)
        assert reply.step == Goodbye()
        assert told(log)[1] == [EventKind.ARRIVED, EventKind.RANG, EventKind.DIAL_ENDED, EventKind.HUNG_UP]

    @pytest.mark.parametrize("ended", [SILENT, TALKED, replace(TALKED, bridged=False), replace(TALKED, seconds=1)])
    def test_the_caller_is_gone_and_nobody_is_rung_with_or_without_a_schedule(
        self, service: calls.Service, log: FakeLog, ended: DialEnded
    ) -> None:
        call = ringing(service)
        for broken in (service, without(service)):
            reply = calls.attempt_ended(broken, call, replace(ended, caller_gone=True), LATER)
            assert reply.step == Goodbye()
        ended_call = [EventKind.ARRIVED, EventKind.RANG, EventKind.DIAL_ENDED]
        assert told(log)[1:] == [ended_call, ended_call]

    @pytest.mark.parametrize(
        ("outcome", "bridged", "seconds", "rings"),
        [
            (Outcome.ANSWERED, True, 61, False),
            (Outcome.ANSWERED, None, 61, False),
            (Outcome.ANSWERED, True, 2, True),
            (Outcome.ANSWERED, None, 2, True),
            (Outcome.ANSWERED, False, 61, True),
            (Outcome.NO_ANSWER, False, None, True),
            (Outcome.BUSY, False, 0, True),
            (Outcome.FAILED, False, None, True),
            (Outcome.CANCELLED, False, None, True),  # not by the caller: somebody still waits
            (Outcome.CANCELLED, None, None, True),
        ],
    )
    def test_while_the_caller_waits_only_an_answer_ends_the_call(
        self, service: calls.Service, outcome: Outcome, bridged: bool | None, seconds: int | None, rings: bool
    ) -> None:
        ended = DialEnded(outcome, bridged, seconds, caller_gone=False, leg_sid="CA2")
        reply = calls.attempt_ended(service, ringing(service), ended, LATER)
        assert rung(reply) == ([GUARD_1] if rings else [])

    def test_called_off_is_logged_as_it_was_told(self, service: calls.Service, log: FakeLog) -> None:
        called_off = replace(SILENT, outcome=Outcome.CANCELLED)
        calls.attempt_ended(service, ringing(service), called_off, LATER)
        assert log.entries[1].events[2].facts["outcome"] is Outcome.CANCELLED

    def test_the_last_one_ends_with_words(self, service: calls.Service, log: FakeLog) -> None:
        only = schedule(Destination("reception", ring=(DESK_1,)), closed="reception")
        service = replace(service, schedule=lambda: only)
        reply = calls.attempt_ended(service, ringing(service), SILENT, LATER)
        assert reply.step == Goodbye((APOLOGY,))
        assert told(log)[1][-1] is EventKind.HUNG_UP

    def test_a_call_without_an_attempt_cannot_go_on(self, service: calls.Service, log: FakeLog) -> None:
        with pytest.raises(ValueError, match="call CA1 has no attempt that could end"):
            calls.attempt_ended(service, replace(ringing(service), attempt=None), SILENT, LATER)
        assert len(log.entries) == 1


class TestLegChanged:
    def test_it_is_told_of_the_phone_that_was_meant(self, service: calls.Service, log: FakeLog) -> None:
        calls.leg_changed(service, ringing(service), 1, LegUpdate(LegStatus.RINGING, "CA3"), LATER)
        assert told(log)[1] == [EventKind.ARRIVED, EventKind.RANG, EventKind.LEG]
        assert log.entries[1].events[2].facts["to"] == DESK_2.e164

    @pytest.mark.parametrize("phone", [-1, 2])
    def test_there_is_no_such_phone(self, service: calls.Service, log: FakeLog, phone: int) -> None:
        with pytest.raises(ValueError, match=f"call CA1 rings no phone {phone}"):
            calls.leg_changed(service, ringing(service), phone, LegUpdate(LegStatus.RINGING, "CA3"), LATER)
        assert len(log.entries) == 1

    def test_it_needs_no_schedule(self, service: calls.Service, log: FakeLog) -> None:
        call = ringing(service)
        calls.leg_changed(without(service), call, 0, LegUpdate(LegStatus.ENDED, "CA3", Outcome.BUSY, 0), LATER)
        assert len(log.entries) == 2


def test_a_message_is_logged_without_anything_else_being_known(service: calls.Service, log: FakeLog) -> None:
    calls.message_left(without(service), MessageLeft("CA1", "RE1", 12), LATER)
    assert [(event.kind, event.facts) for event in log.entries[0].events] == [
        (EventKind.MESSAGE_LEFT, {"sid": "RE1", "message_seconds": 12})
    ]


def test_the_end_is_logged_on_the_day_the_call_arrived(service: calls.Service, log: FakeLog) -> None:
    after_midnight = datetime(2026, 11, 24, 0, 0, 30, tzinfo=UTC)
    calls.call_ended(without(service), CallEnded("CA1", CENTRE.e164, "completed", 61), after_midnight)
    assert (log.entries[0].events[0].day, log.entries[0].events[0].at) == (date(2026, 11, 23), after_midnight)


class TestFailSafe:
    def test_rings_the_closed_path_of_the_unit_called(self, service: calls.Service) -> None:
        assert calls.fail_safely(service, CENTRE.e164, OPEN_HOUR) == FailSafe((GUARD_1, GUARD_2), CENTRE)

    @pytest.mark.parametrize("called", ["", "464", "client:desk"])
    def test_rings_the_last_resort_without_a_schedule(self, service: calls.Service, called: str) -> None:
        assert calls.fail_safely(without(service), called, OPEN_HOUR) == FailSafe((LAST_RESORT,))

    @pytest.mark.parametrize(
        ("loaded", "unit", "destination", "version"),
        [(schedule(), "centre", "security", "v1"), (None, None, "last-resort", None)],
    )
    def test_is_logged_with_its_reason(
        self,
        service: calls.Service,
        log: FakeLog,
        loaded: Schedule | None,
        unit: str | None,
        destination: str,
        version: str | None,
    ) -> None:
        calls.record_fail_safe(replace(service, schedule=lambda: loaded), INBOUND, "KeyError in /x", LATER)
        facts = log.entries[0].events[0].facts
        assert told(log) == [[EventKind.ARRIVED]]
        assert (facts["unit"], facts["destination"], facts["schedule_version"]) == (unit, destination, version)
        assert (facts["decided_by"], facts["reason"]) == ("fail-safe", "KeyError in /x")
        assert log.entries[0].number == CITIZEN
