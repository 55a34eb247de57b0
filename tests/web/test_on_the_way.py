"""The menu, the key that skips, and the recordings: whatever a request says or lacks, the caller goes on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from callrouter.domain.destination import Destination
from callrouter.domain.message import Message, Spoken
from callrouter.domain.phrases import FAREWELL
from callrouter.domain.schedule import Menu, Schedule
from callrouter.domain.words import EventKind
from callrouter.telephony.simulator.verbs import Gather, Hangup
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, numbers_of, schedule
from tests.web.stage import Answer, BrokenLog, FakeLog, Stage, broken_schedule, no_schedule, target_of

DESK = numbers_of([DESK_1, DESK_2])
GUARDS = numbers_of([GUARD_1, GUARD_2])
MENU = Message("menu", (Spoken("sv", "Tryck 1 för fältgruppen."),))
WORDS = Message("words", (Spoken("sv", "Lämna ett meddelande."),))
FORM = {"CallSid": "CA1", "From": "+46701740650", "To": CENTRE.e164, "CallStatus": "in-progress"}
STORED = {"CallSid": "CA1", "RecordingSid": "RE1", "RecordingDuration": "7", "RecordingStatus": "completed"}


def with_menu() -> Schedule:
    """Key 1 leads to the duty officer; when closed the guards ring, then a message is taken."""
    first = schedule(
        Destination("reception", ring=(DESK_1, DESK_2), together=True, then="security"),
        Destination("security", ring=(GUARD_1, GUARD_2), then="voicemail"),
        Destination("duty-officer", ring=(DUTY_OFFICER,), then="voicemail"),
        Destination("voicemail", voicemail=True, message=WORDS),
    )
    centre = replace(first.unit("centre"), menu=Menu(MENU, {"1": "group"}))
    group = replace(centre, name="group", numbers=(), open="duty-officer", menu=None)
    return replace(first, units={"centre": centre, "group": group})


def asked(answer: Answer) -> str:
    """Path and query that a key pressed in *answer* is told to."""
    return target_of(next(verb.action for verb in answer.document.verbs if isinstance(verb, Gather)))


@pytest.fixture
def stage() -> Stage:
    return Stage(schedule=with_menu)


class TestTheMenu:
    def test_a_key_leads_to_its_unit(self, stage: Stage) -> None:
        answer = Answer(stage.post(asked(stage.calls()), FORM | {"Digits": "1"}))
        assert answer.rings == [DUTY_OFFICER.e164]
        key = next(event for event in stage.log.events if event.kind is EventKind.MENU_KEY)
        assert key.facts["key"] == "1"

    @pytest.mark.parametrize("form", [{}, {"Digits": ""}, {"Digits": "9"}, {"Digits": "<1>"}, {"Digits": "1" * 300}])
    def test_no_key_that_leads_anywhere_is_asked_for_once_more_then_the_desk_rings(
        self, stage: Stage, form: dict[str, str]
    ) -> None:
        again = Answer(stage.post(asked(stage.calls()), FORM | form))
        assert again.says == ["Tryck 1 för fältgruppen."]
        assert again.rings == []
        assert Answer(stage.post(asked(again), FORM | form)).rings == DESK

    @pytest.mark.parametrize(
        ("broken", "rings"),
        [
            (Stage(schedule=no_schedule), ["+46406280499"]),
            (Stage(schedule=broken_schedule), ["+46406280499"]),
            (Stage(schedule=with_menu, log=BrokenLog()), GUARDS),
        ],
        ids=["no schedule", "schedule", "log"],
    )
    def test_whatever_breaks_after_it_somebody_is_rung(self, stage: Stage, broken: Stage, rings: list[str]) -> None:
        answer = Answer(broken.post(asked(stage.calls()), FORM | {"Digits": "1"}))
        assert (answer.is_fail_safe, answer.rings) == (True, rings)

    def test_a_menu_that_a_reload_took_away_rings_the_desk(self, stage: Stage) -> None:
        def without_it() -> Schedule:
            first = with_menu()
            return replace(first, units={"centre": replace(first.unit("centre"), menu=None)})

        answer = Answer(Stage(schedule=without_it).post(asked(stage.calls()), FORM | {"Digits": "1"}))
        assert (answer.is_fail_safe, answer.rings) == (False, DESK)


class TestSkipping:
    def test_the_phones_that_the_words_announced_ring(self, stage: Stage) -> None:
        said = stage.calls(at=CLOSED_HOUR)
        before = len(stage.log.events)
        hasty = Answer(stage.post(asked(said), FORM | {"Digits": "5"}, at=CLOSED_HOUR))
        assert (said.rings, hasty.rings) == ([GUARD_1.e164], [GUARD_1.e164])
        assert hasty.says == []
        assert len(stage.log.events) == before, "the attempt is in the log already"

    def test_words_before_a_tone_are_skipped_to_the_tone(self) -> None:
        stage = Stage(
            schedule=lambda: schedule(
                Destination("security", voicemail=True, message=WORDS), open_="security", message=None
            )
        )
        said = stage.calls(at=CLOSED_HOUR)
        hasty = Answer(stage.post(asked(said), FORM | {"Digits": "5"}, at=CLOSED_HOUR))
        assert said.takes_message
        assert (hasty.takes_message, len(hasty.says)) == (True, len(FAREWELL.parts))

    @pytest.mark.parametrize("query", ["", "?c=", "?c=forged"])
    @pytest.mark.parametrize("path", ["/twilio/voice/menu", "/twilio/voice/skip"])
    def test_a_broken_token_rings_the_closed_path(self, stage: Stage, path: str, query: str) -> None:
        answer = Answer(stage.post(path + query, FORM | {"Digits": "1"}))
        assert (answer.is_fail_safe, answer.rings) == (True, GUARDS)


class TestRecordings:
    def test_its_arrival_is_logged(self, stage: Stage) -> None:
        response = stage.post("/twilio/recording", STORED)
        assert (response.status, response.document.body) == (204, b"")
        assert [(event.kind, event.facts) for event in stage.log.events] == [
            (EventKind.RECORDED, {"sid": "RE1", "message_seconds": 7})
        ]

    def test_however_often_it_is_told_it_is_one_event(self, stage: Stage) -> None:
        for _ in range(3):
            stage.post("/twilio/recording", STORED)
        assert len({event.id for event in stage.log.events}) == 1

    @pytest.mark.parametrize(
        "changes",
        [{"RecordingStatus": "absent"}, {"RecordingStatus": "in-progress"}, {"RecordingSid": ""}],
        ids=["absent", "in progress", "without a name"],
    )
    def test_what_is_no_recording_is_not(self, stage: Stage, changes: dict[str, str]) -> None:
        assert stage.post("/twilio/recording", STORED | changes).status == 204
        assert stage.log.entries == []

    @pytest.mark.parametrize("log", [FakeLog, BrokenLog])
    def test_one_that_cannot_be_kept_is_not_asked_for_again(self, log: Callable[[], FakeLog]) -> None:
        form = {name: value for name, value in STORED.items() if name != "CallSid"}
        assert Stage(log=log()).post("/twilio/recording", form).status == 204

    def test_where_it_lies_is_nothing_that_a_request_may_say(self, stage: Stage) -> None:
        stage.post("/twilio/recording", STORED | {"RecordingUrl": "https://evil.example/RE1"})
        assert "evil" not in repr(stage.log.events)


def test_the_farewell_after_a_message_is_the_end(stage: Stage) -> None:
    answer = Answer(stage.post("/twilio/voice/message", STORED | {"CallStatus": "in-progress"}))
    assert answer.document.verbs[-1] == Hangup()
    assert answer.rings == []
