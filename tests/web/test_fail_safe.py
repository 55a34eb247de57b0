"""Whatever is broken behind a webhook, the caller's phone gets valid instructions that ring somebody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from time import monotonic

import pytest

from callrouter.domain.destination import Destination
from callrouter.domain.message import Message, Spoken
from callrouter.domain.oncall import Person, Rota, RotaBlock
from callrouter.domain.phone import PhoneNumber
from callrouter.domain.phrases import FAREWELL
from callrouter.domain.schedule import Schedule
from callrouter.domain.words import EventKind
from callrouter.sealing import Sealer
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator.verbs import Hangup
from callrouter.telephony.twilio.links import Links
from tests.schedules import CENTRE, CLOSED_HOUR, DUTY_OFFICER, GUARD_1, GUARD_2, STOCKHOLM, numbers_of, schedule
from tests.telephony.twilio.signing import BASE, signed
from tests.web.stage import (
    LAST_RESORT,
    SEALER,
    Answer,
    BrokenLog,
    BrokenSealer,
    FakeLog,
    NoMemory,
    SlowLog,
    Stage,
    broken_control,
    broken_key,
    broken_schedule,
    no_schedule,
    target_of,
)

GUARDS = numbers_of([GUARD_1, GUARD_2])
FORM = {"CallSid": "CA1", "From": "+46701740650", "To": CENTRE.e164, "CallStatus": "in-progress"}


def two_units() -> Schedule:
    """The centre, and a field group of its own with another number and another path when closed."""
    first = schedule()
    group = replace(first.unit("centre"), name="group", numbers=(PhoneNumber("+46846500450"),), closed="duty-officer")
    return replace(first, units={"centre": first.unit("centre"), "group": group})


def without_numbers() -> Schedule:
    """Nobody to ring but whom a rota names, which may be what is broken."""
    block = RotaBlock(datetime(2008, 6, 2, 8, 0), timedelta(days=7), (Person("anna", GUARD_1),))  # noqa: DTZ001 - a wall clock
    rota = Rota("guards", STOCKHOLM, (block,))
    return schedule(Destination("security", ring=(rota,)), open_="security")


ALL_BROKEN = (LAST_RESORT, BASE, broken_control, broken_key)


class TestWhatIsBroken:
    def test_what_is_decided_by_hand_cannot_be_read(self) -> None:
        """It is asked when a call comes in; one that goes on needs it no more."""
        stage = Stage(control=broken_control)
        answer = stage.calls()
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)
        assert not stage.dial_ended(Stage().calls()).is_fail_safe

    @pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/next"])
    @pytest.mark.parametrize(
        ("stage", "rings"),
        [
            (Stage(schedule=no_schedule), [LAST_RESORT.e164]),
            (Stage(schedule=broken_schedule), [LAST_RESORT.e164]),
            (Stage(log=BrokenLog()), GUARDS),
            (Stage(sealer=BrokenSealer("a key")), GUARDS),
            (Stage(caller_key=broken_key), GUARDS),
            (Stage(control=broken_control, caller_key=broken_key, log=BrokenLog(), sealer=BrokenSealer("a")), GUARDS),
            (Stage(no_schedule, BrokenLog(), BrokenSealer("a"), *ALL_BROKEN), [LAST_RESORT.e164]),
            (Stage(broken_schedule, BrokenLog(), BrokenSealer("a"), *ALL_BROKEN), [LAST_RESORT.e164]),
        ],
        ids=["no schedule", "schedule", "log", "sealer", "key", "all but the schedule", "all, no schedule", "all"],
    )
    def test_somebody_is_rung(self, stage: Stage, rings: list[str], path: str) -> None:
        target = Stage().calls().next if path.endswith("next") else path
        answer = Answer(stage.post(target, FORM | {"DialCallStatus": "no-answer"}))
        assert answer.is_fail_safe
        assert answer.rings == rings
        assert len(answer.says) == len(FAREWELL.parts)
        assert answer.document.verbs[-1] == Hangup()

    @pytest.mark.parametrize(
        "query", ["", "?", "?c=", "?c=forged", "?c=%ff%00", "?x=1", "?c=" + "A" * 4000, "?c=gAAAAA%3D%3D"]
    )
    @pytest.mark.parametrize(
        ("to", "rings"),
        [
            (CENTRE.e164, GUARDS),
            ("+46846500450", [DUTY_OFFICER.e164]),
            ("+46846500498", GUARDS),  # nobody's number: the first unit
            ("", GUARDS),
            ("client:desk", GUARDS),
        ],
    )
    def test_a_token_that_cannot_be_opened_rings_the_closed_path_of_the_unit_that_was_called(
        self, query: str, to: str, rings: list[str]
    ) -> None:
        stage = Stage(schedule=two_units)
        answer = Answer(stage.post("/twilio/voice/next" + query, FORM | {"To": to, "DialCallStatus": "no-answer"}))
        assert answer.is_fail_safe
        assert answer.rings == rings

    def test_a_token_of_a_retired_key(self) -> None:
        target = Stage().calls().next
        answer = Answer(Stage(sealer=Sealer("the next key of the service")).post(target, FORM))
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)

    def test_a_call_without_an_id_rings_though_it_cannot_be_logged(self) -> None:
        stage = Stage()
        form = {name: value for name, value in FORM.items() if name != "CallSid"}
        answer = Answer(stage.post("/twilio/voice", form))
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)
        assert stage.log.entries == []

    def test_an_end_of_a_dial_that_never_was(self) -> None:
        """A call without an attempt under way has no place to go on from."""
        stage = Stage()
        call = replace(stage.calls().token.call, attempt=None)
        answer = Answer(stage.post(target_of(Links(BASE, SEALER).of(call).to(Endpoint.NEXT)), FORM))
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)

    @pytest.mark.parametrize("message", ["x" * 70000, "å" * 40000])
    def test_an_answer_too_long_to_be_read(self, message: str) -> None:
        words = Message("closed", tuple(Spoken("sv", message[at : at + 3000]) for at in range(0, len(message), 3000)))
        answer = Stage(schedule=lambda: schedule(message=words)).calls(at=CLOSED_HOUR)
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)

    def test_a_slow_log_answers_all_the_same(self) -> None:
        stage, began = Stage(log=SlowLog()), monotonic()
        answer = stage.calls()
        assert monotonic() - began < 2.0
        assert not answer.is_fail_safe
        assert stage.log.kinds() == [EventKind.ARRIVED, EventKind.RANG]

    def test_a_slow_log_and_an_answer_that_cannot_be_written_still_take_less_than_three_seconds(self) -> None:
        stage, began = Stage(log=SlowLog(), sealer=BrokenSealer("a key for tests that is long enough")), monotonic()
        answer = Answer(stage.post("/twilio/voice", FORM))
        assert monotonic() - began < 2.5
        assert answer.is_fail_safe


class TestNobodyToRing:
    def test_there_is_somebody_while_all_is_well(self) -> None:
        assert Stage(schedule=without_numbers).calls().rings == [GUARD_1.e164]

    def test_the_caller_may_leave_a_message(self) -> None:
        answer = Answer(Stage(schedule=without_numbers).post("/twilio/voice/next", FORM))
        assert answer.rings == []
        assert answer.takes_message

    def test_without_schedule_and_last_resort_too(self) -> None:
        answer = Stage(schedule=no_schedule, last_resort=None).calls()
        assert answer.takes_message

    @pytest.mark.parametrize("stage", [Stage(log=BrokenLog()), Stage(schedule=without_numbers, log=BrokenLog())])
    @pytest.mark.parametrize("form", [{"CallSid": "CA1", "RecordingSid": "RE1"}, {"RecordingSid": "RE1"}])
    def test_a_message_that_cannot_be_kept_is_not_asked_for_again(self, stage: Stage, form: dict[str, str]) -> None:
        """The way round would lead to the same message endpoint, again and again, until the caller gives up."""
        answer = Answer(stage.post("/twilio/voice/message", form))
        assert not answer.takes_message
        assert answer.rings == []
        assert answer.document.verbs[-1] == Hangup()


class TestTheFailSafeItselfIsBroken:
    def unroutable(self) -> Schedule:
        """A schedule the loader would never let through: the closed destination is not there."""
        good = schedule()
        return replace(good, units={"centre": replace(good.unit("centre"), open="gone", closed="gone")})

    @pytest.mark.parametrize("log", [FakeLog, BrokenLog])
    def test_the_last_words_were_made_at_the_start(self, log: Callable[[], FakeLog]) -> None:
        stage = Stage(schedule=self.unroutable, log=log())
        answer = Answer(stage.post("/twilio/voice/next", FORM))
        assert answer.response.document == stage.voice.last_words
        assert answer.rings == [LAST_RESORT.e164]

    def test_it_is_logged_all_the_same(self) -> None:
        stage = Stage(schedule=self.unroutable)
        stage.post("/twilio/voice/next", FORM)
        assert stage.log.kinds() == [EventKind.ARRIVED]


class TestTheLog:
    def test_says_who_decided_and_why(self) -> None:
        stage = Stage(schedule=two_units)
        stage.post("/twilio/voice/next?c=forged", FORM | {"To": "+46846500450"}, at=CLOSED_HOUR)
        facts = stage.log.events[0].facts
        expected = {"unit": "group", "decided_by": "fail-safe", "state": "closed", "destination": "duty-officer"}
        assert expected.items() <= facts.items()
        assert facts["reason"] == "BrokenSealError in next"
        assert facts["local_time"] == "2026-11-23T16:30:00+01:00"
        assert facts["schedule_version"] == "v1"

    def test_says_that_there_was_no_schedule(self) -> None:
        stage = Stage(schedule=no_schedule)
        stage.calls()
        facts = stage.log.events[0].facts
        assert (facts["unit"], facts["destination"], facts["schedule_version"]) == (None, "last-resort", None)

    def test_a_retry_is_the_same_event(self) -> None:
        stage = Stage()
        for _ in range(2):
            stage.post("/twilio/voice/next?c=forged", FORM)
        first, second = stage.log.events
        assert first.id == second.id

    def test_the_reason_gives_nobody_away(self) -> None:
        stage = Stage()
        stage.post("/twilio/voice/next?c=+46701740650", FORM)
        assert "740650" not in repr(stage.log.events)


@pytest.mark.parametrize("target", ["/twilio/voice/leg?c=forged", "/twilio/status"])
@pytest.mark.parametrize(
    "stage", [Stage(log=BrokenLog()), Stage(schedule=broken_schedule, sealer=BrokenSealer("a key"))]
)
def test_a_status_callback_is_acknowledged_whatever_breaks(stage: Stage, target: str) -> None:
    form = {"CallSid": "CA1", "CallStatus": "completed"}
    assert stage.post(target, form).status == 204


class TestWithoutMemory:
    """What one request lacks the next one lacks too: another process is to take the place of this one."""

    @pytest.mark.parametrize("path", ["/twilio/voice", "/twilio/voice/next", "/twilio/voice/whisper"])
    def test_whoever_waits_is_answered_and_it_is_told(self, path: str) -> None:
        told: list[str] = []
        stage = Stage(sealer=NoMemory("a key"), on_no_memory=lambda: told.append(path))
        assert stage.post(f"{path}?c=any", FORM).status == 200
        assert told == [path]

    def test_what_is_told_of_a_call_is_not_acknowledged(self) -> None:
        """Nobody waits, and another process can keep it."""
        told: list[str] = []
        stage = Stage(sealer=NoMemory("a key"), on_no_memory=lambda: told.append("leg"))
        with pytest.raises(MemoryError):
            stage.post("/twilio/voice/leg?c=any", {"CallSid": "CA1", "CallStatus": "completed"})
        assert told == ["leg"]

    def test_other_faults_are_no_reason_to_end(self) -> None:
        told: list[str] = []
        Stage(sealer=BrokenSealer("a key"), on_no_memory=lambda: told.append("it")).calls()
        assert told == []


def test_a_request_that_is_not_genuine_is_refused_before_anything_can_break() -> None:
    stage = Stage(schedule=broken_schedule, log=BrokenLog())
    assert stage.voice.handle("/twilio/voice", signed("/twilio/voice", FORM)).status == 403
    assert stage.log.entries == []
