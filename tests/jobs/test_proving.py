"""Test calls: when they are made, whom they ring, and what the log and those who are warned learn of them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

import pytest

from callrouter.calllog.catching_up import catch_up
from callrouter.calllog.copies import Copies
from callrouter.calllog.database import Database
from callrouter.calllog.job_concerns import lasting
from callrouter.calllog.outbox import listed
from callrouter.calllog.overdue import Old
from callrouter.calllog.present import last_call
from callrouter.calllog.reports import units_counted
from callrouter.calllog.writes import write_entries
from callrouter.domain.call import RunningCall
from callrouter.domain.destination import Destination
from callrouter.domain.oncall import Rota
from callrouter.domain.schedule import Notify, Schedule, TestCall
from callrouter.domain.words import Origin
from callrouter.jobs import proving
from callrouter.jobs.job import Tools
from callrouter.telephony.provider import ProviderRefusedError
from callrouter.telephony.token import Token, seal
from tests.calllog.told import PSEUDONYMIZER
from tests.schedules import DESK_1, GUARD_1, STOCKHOLM, schedule
from tests.web.stage import SEALER, Stage

WEEKLY = TestCall("security", (0,), time(9, 30))
SCHEDULE = replace(schedule(), test_calls=(WEEKLY,), notify=Notify(warnings=("it@example.org",)))
PLANNED = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # a Monday, 9:30 in Stockholm
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass
class House:
    """A service with a provider that rings, and the clock of its jobs."""

    database: Database
    at: datetime = PLANNED
    schedule: Schedule = SCHEDULE
    rung: list[RunningCall] = field(default_factory=list)
    error: Exception | None = None

    def __post_init__(self) -> None:
        self.stage = Stage(schedule=lambda: self.schedule)

    def ring(self, call: RunningCall) -> None:
        if self.error:
            raise self.error
        self.rung.append(call)

    @property
    def tools(self) -> Tools:
        return Tools(self.database, lambda: self.schedule, now=lambda: self.at, ring=self.ring)

    def does(self, at: datetime) -> list[str]:
        """What the pieces that are due *at* say."""
        self.at = at
        return [piece.run(self.tools) for piece in list(proving.due(self.tools, at))]

    def told(self, path: str, after: timedelta = timedelta(0), **said: str) -> str:
        """The provider calls back about the call that rings; what is answered."""
        carried = urlencode({"c": seal(SEALER, Token(self.rung[-1], 0))})
        form = {"CallSid": "CA2", "From": self.rung[-1].called, "To": GUARD_1.e164, **said}
        response = self.stage.post(f"/twilio/voice/{path}?{carried}", form, PLANNED + after)
        return response.document.body.decode()

    def write(self) -> None:
        write_entries(self.database, PSEUDONYMIZER, self.stage.log.entries)
        catch_up(self.database)


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def answers(house: House) -> None:
    house.told("leg", CallStatus="ringing")
    house.told("leg", 4 * SECOND, CallStatus="in-progress")
    assert "Provsamtal från Centre. Tryck 1" in house.told("whisper", 4 * SECOND)
    assert "Tack, provet är klart." in house.told("accept", 8 * SECOND, Digits="1")
    house.told("leg", 11 * SECOND, CallStatus="completed", CallDuration="7")


def voicemail(house: House) -> None:
    house.told("leg", CallStatus="ringing")
    house.told("whisper", 4 * SECOND)
    house.told("leg", 20 * SECOND, CallStatus="completed", CallDuration="16")


def nobody(house: House) -> None:
    house.told("leg", CallStatus="ringing")
    house.told("leg", 25 * SECOND, CallStatus="no-answer")


def declines(house: House) -> None:
    house.told("accept", 8 * SECOND, Digits="2")
    house.told("leg", 11 * SECOND, CallStatus="completed", CallDuration="7")


class TestWhenItIsMade:
    @pytest.mark.parametrize(
        ("at", "slots"),
        [
            (PLANNED - SECOND, []),
            (PLANNED, ["2026-11-23T09:30+0100"]),
            (PLANNED + 5 * MINUTE - SECOND, ["2026-11-23T09:30+0100"]),
            (PLANNED + 5 * MINUTE, []),
            (PLANNED + timedelta(days=1), []),
            (PLANNED + 20 * MINUTE, ["2026-11-23T09:30+0100 judged"]),
            (PLANNED + 80 * MINUTE, []),
            (datetime(2026, 10, 19, 7, 30, tzinfo=UTC), ["2026-10-19T09:30+0200"]),
        ],
    )
    def test_is_on_its_timetable_and_not_long_after(self, house: House, at: datetime, slots: list[str]) -> None:
        assert [piece.slot for piece in proving.due(house.tools, at)] == slots

    def test_is_never_without_a_schedule(self, house: House) -> None:
        assert list(proving.due(Tools(house.database), PLANNED)) == []

    def test_is_left_to_a_process_that_can_ring(self, house: House) -> None:
        assert list(proving.due(replace(house.tools, ring=None), PLANNED)) == []


class TestWhoIsRung:
    def test_is_one_phone_screened_and_from_a_number_of_ours(self, house: House) -> None:
        assert house.does(PLANNED) == ["rang: security"]
        (call,) = house.rung
        assert call.attempt
        assert ([phone.number for phone in call.attempt.phones], call.attempt.screened) == ([GUARD_1], True)
        assert (call.called, call.caller.number, call.origin) == ("+46846500400", None, Origin.TEST_CALL)

    def test_is_nobody_where_nobody_is_on_duty(self, house: House) -> None:
        house.schedule = replace(
            SCHEDULE,
            destinations={**SCHEDULE.destinations, "security": Destination("security", (Rota("r", STOCKHOLM, ()),))},
        )
        assert house.does(PLANNED) == ["warning: security: not rung: nobody is on duty there"]

    def test_is_told_by_what_people_call_it(self, house: House) -> None:
        named = replace(SCHEDULE.destinations["security"], title="Bevakningen")
        house.schedule = replace(SCHEDULE, destinations={**SCHEDULE.destinations, "security": named})
        assert house.does(PLANNED) == ["rang: Bevakningen"]
        nobody(house)
        house.write()
        (told,) = house.does(PLANNED + 20 * MINUTE)
        assert told == "warning: 2026-11-23T09:30+0100 Bevakningen: nobody took it with the key: unanswered"

    def test_by_hand_is_each_destination(self, house: House) -> None:
        house.schedule = replace(SCHEDULE, test_calls=(WEEKLY, replace(WEEKLY, destination="reception")))
        assert proving.run(house.tools) == "rang: security, reception"
        assert [call.attempt.phones[0].number for call in house.rung if call.attempt] == [GUARD_1, DESK_1]
        assert len({call.call_id for call in house.rung}) == 2

    def test_by_hand_without_an_account_is_nobody(self, house: House) -> None:
        assert "not rung: the provider's account" in proving.run(replace(house.tools, ring=None))


class TestWhatComesOfIt:
    def test_a_human_who_presses_the_key_proves_it(self, house: House) -> None:
        house.does(PLANNED)
        answers(house)
        house.write()
        assert house.does(PLANNED + 20 * MINUTE) == ["answered: security"]
        with house.database.reading() as connection:
            last = last_call(connection, Origin.TEST_CALL, house.at)
            assert last
            assert (last.disposition, last.seconds_to_answer) == ("answered", 8)
            assert units_counted(connection, Origin.REAL) == []
            assert listed(connection, None, 9) == []

    @pytest.mark.parametrize("happens", [voicemail, nobody, declines])
    def test_anything_else_warns_once(self, house: House, happens: Callable[[House], None]) -> None:
        house.does(PLANNED)
        happens(house)
        house.write()
        said = "warning: 2026-11-23T09:30+0100 security: nobody took it with the key: unanswered"
        assert house.does(PLANNED + 20 * MINUTE) == [said]
        with house.database.reading() as connection:
            assert [notice.address for notice, _row in listed(connection, None, 9)] == ["it@example.org"]

    def test_one_that_is_answered_hides_no_other(self, house: House) -> None:
        """The page of today shows the one that was not, until it is called again."""
        house.schedule = replace(SCHEDULE, test_calls=(replace(WEEKLY, destination="reception"), WEEKLY))
        assert house.does(PLANNED) == ["rang: reception, security"]
        answers(house)
        house.write()
        said = "warning: 2026-11-23T09:30+0100 reception: no such call is in the log"
        assert house.does(PLANNED + 20 * MINUTE) == [said]
        with house.database.reading() as connection:
            assert [(each.job, each.about) for each in lasting(connection, house.at)] == [("test-calls", "reception")]

    def test_a_call_that_nobody_ever_heard_of_warns(self, house: House) -> None:
        assert house.does(PLANNED + 20 * MINUTE) == [
            "warning: 2026-11-23T09:30+0100 security: no such call is in the log"
        ]

    def test_a_provider_that_does_not_ring_warns(self, house: House) -> None:
        house.error = ProviderRefusedError("to make a test call: the provider refused it (400)")
        assert house.does(PLANNED) == [f"warning: security: not rung: {house.error}"]


def test_of_a_test_call_the_provider_is_asked_to_delete_the_leg_alone(house: House) -> None:
    deleted: list[str] = []

    class Account:
        def delete_recording(self, sid: str) -> None:
            raise AssertionError(sid)

        def delete_call(self, sid: str) -> None:
            deleted.append(sid)

    house.does(PLANNED)
    answers(house)
    house.write()
    old = Old(PLANNED.date(), house.rung[0].call_id, None, "centre", Origin.TEST_CALL)
    assert Copies(house.database, Account()).record_is_gone(old)
    assert deleted == ["CA2"]
