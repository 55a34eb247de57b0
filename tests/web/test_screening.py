"""Whoever picks up a screened call: key 1 takes it, all else ends the leg; if anything breaks, they are connected."""

from dataclasses import dataclass, replace

import pytest

from callrouter.domain.destination import Destination
from callrouter.domain.message import Spoken
from callrouter.domain.schedule import Schedule
from callrouter.domain.whisper import DEFAULT_LANGUAGE, taken
from callrouter.domain.words import EventKind
from callrouter.sealing import Sealer
from callrouter.telephony.provider import Endpoint
from callrouter.telephony.simulator.twiml import read
from callrouter.telephony.simulator.verbs import Gather, Hangup, Say, Verb
from callrouter.telephony.twilio.links import Links
from callrouter.web.voice import Response
from tests.schedules import CENTRE, CLOSED_HOUR, GUARD_1, GUARD_2, schedule
from tests.telephony.twilio.signing import BASE
from tests.web.stage import SEALER, BrokenLog, BrokenSealer, Stage, broken_schedule, no_schedule, target_of

LEG = {"CallSid": "CA2", "ParentCallSid": "CA1", "From": CENTRE.e164, "To": GUARD_1.e164, "CallStatus": "in-progress"}


def screened() -> Schedule:
    return schedule(Destination("security", ring=(GUARD_1, GUARD_2), accept_key=True), open_="security")


@dataclass
class Heard:
    """What whoever picked up hears; a document with anything that the provider minds there fails the test."""

    verbs: tuple[Verb, ...]

    @classmethod
    def in_(cls, response: Response) -> "Heard":
        assert response.status == 200
        found = read(response.document.body, response.document.content_type, BASE, whisper=True)
        assert found.errors == ()
        return cls(found.verbs)

    @property
    def is_connected(self) -> bool:
        """The end of the document is reached without hanging up."""
        return not any(isinstance(verb, Gather | Hangup) for verb in self.verbs)

    @property
    def says(self) -> list[str]:
        prompts = [prompt for verb in self.verbs if isinstance(verb, Gather) for prompt in verb.prompts]
        return [verb.text for verb in (*prompts, *self.verbs) if isinstance(verb, Say)]

    @property
    def accept(self) -> str:
        """Path and query that the key is told to."""
        return target_of(next(verb.action for verb in self.verbs if isinstance(verb, Gather)))


@pytest.fixture
def stage() -> Stage:
    return Stage(schedule=screened)


def whisper_of(stage: Stage) -> str:
    """Path and query of the whisper of a call that rings the first guard."""
    dial = stage.calls(at=CLOSED_HOUR).dial
    assert dial is not None
    return target_of(dial.numbers[0].url)


def whispered(stage: Stage, target: str | None = None) -> Heard:
    return Heard.in_(stage.post(target or whisper_of(stage), LEG, at=CLOSED_HOUR))


def pressed(stage: Stage, target: str, key: str) -> Heard:
    return Heard.in_(stage.post(target, LEG | {"Digits": key}, at=CLOSED_HOUR))


CONNECTED_WORDS = [part.text for part in taken(DEFAULT_LANGUAGE).parts if isinstance(part, Spoken)]


class TestTheWhisper:
    def test_says_who_calls_and_waits_for_a_key_then_silence_ends_the_leg(self, stage: Stage) -> None:
        heard = whispered(stage)
        assert heard.says == [
            "Samtal från Centre. Tryck 1 för att ta samtalet. Uppringare: noll sju noll ett sju fyra noll sex fem noll."
        ]
        assert isinstance(heard.verbs[-1], Hangup)

    def test_may_be_asked_for_twice(self, stage: Stage) -> None:
        target = whisper_of(stage)
        before = len(stage.log.events)
        assert whispered(stage, target).says == whispered(stage, target).says
        assert len(stage.log.events) == before

    @pytest.mark.parametrize("query", ["", "?c=", "?c=forged", "?c=%ff%00", "?c=" + "A" * 3000])
    def test_whose_token_is_broken_connects(self, stage: Stage, query: str) -> None:
        """Better a voicemail than nobody: two people are on the line."""
        heard = whispered(stage, "/twilio/voice/whisper" + query)
        assert heard.is_connected
        assert heard.says == CONNECTED_WORDS

    @pytest.mark.parametrize(
        "broken",
        [
            Stage(schedule=broken_schedule),
            Stage(sealer=BrokenSealer("a key")),
            Stage(sealer=Sealer("the next key of the service")),
        ],
        ids=["schedule", "sealer", "key"],
    )
    def test_that_breaks_connects(self, stage: Stage, broken: Stage) -> None:
        assert whispered(broken, whisper_of(stage)).is_connected

    @pytest.mark.parametrize("other", [Stage(schedule=no_schedule), Stage(schedule=screened, log=BrokenLog())])
    def test_needs_neither_schedule_nor_log(self, stage: Stage, other: Stage) -> None:
        """Without a schedule it says the unit's name as the token has it."""
        heard = whispered(other, whisper_of(stage))
        assert isinstance(heard.verbs[-1], Hangup)
        assert "Tryck 1 för att ta samtalet." in heard.says[0]

    @pytest.mark.parametrize("still_there", [True, False], ids=["with the schedule", "without"])
    def test_of_a_caller_whose_number_is_not_kept_names_the_unit_alone(self, still_there: bool) -> None:
        def private() -> Schedule:
            first = screened()
            return replace(first, units={"centre": replace(first.unit("centre"), keeps_numbers=False)})

        first = Stage(schedule=private, caller_key=lambda _number: "0123abcd")
        heard = whispered(first if still_there else Stage(schedule=no_schedule), whisper_of(first))
        title = "Centre" if still_there else "centre"
        assert heard.says == [f"Samtal från {title}. Tryck 1 för att ta samtalet."]


class TestTheKey:
    def test_1_takes_the_call_and_is_confirmed_aloud(self, stage: Stage) -> None:
        heard = pressed(stage, whispered(stage).accept, "1")
        assert heard.is_connected
        assert heard.says == ["Samtalet är kopplat."]
        event = stage.log.events[-1]
        assert (event.kind, event.facts["to"]) == (EventKind.ACCEPTED, GUARD_1.e164)

    @pytest.mark.parametrize("key", ["2", "0", "9", "*", "#", "", "11", "+1", "<1>", "one"])
    def test_any_other_declines_and_ends_the_leg(self, stage: Stage, key: str) -> None:
        heard = pressed(stage, whispered(stage).accept, key)
        assert heard.verbs == (Hangup(),)
        assert stage.log.kinds()[-1] is EventKind.DECLINED

    def test_told_twice_is_one_event(self, stage: Stage) -> None:
        accept = whispered(stage).accept
        for _ in range(2):
            assert pressed(stage, accept, "1").is_connected
        assert len({event.id for event in stage.log.events if event.kind is EventKind.ACCEPTED}) == 1

    @pytest.mark.parametrize("query", ["", "?c=forged"])
    def test_that_takes_the_call_with_a_broken_token_connects(self, stage: Stage, query: str) -> None:
        assert pressed(stage, "/twilio/voice/accept" + query, "1").is_connected

    @pytest.mark.parametrize("query", ["", "?c=forged"])
    def test_that_declines_with_a_broken_token_ends_the_leg(self, stage: Stage, query: str) -> None:
        assert not pressed(stage, "/twilio/voice/accept" + query, "2").is_connected

    def test_that_takes_the_call_and_cannot_be_kept_connects(self, stage: Stage) -> None:
        accept = whispered(stage).accept
        assert pressed(Stage(schedule=screened, log=BrokenLog()), accept, "1").is_connected

    def test_for_a_phone_that_does_not_ring_connects_and_is_not_logged(self, stage: Stage) -> None:
        answer = stage.calls(at=CLOSED_HOUR)
        call = replace(answer.token.call, attempt=None)
        target = target_of(Links(BASE, SEALER).of(call).to(Endpoint.ACCEPT, 0))
        before = len(stage.log.events)
        assert pressed(stage, target, "1").is_connected
        assert len(stage.log.events) == before
