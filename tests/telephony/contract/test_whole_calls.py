"""The same calls, with only the provider swapped: the same phones ring, and the log tells the same story."""

import pytest

from callrouter.domain.words import Outcome
from callrouter.telephony.provider import Endpoint
from tests.schedules import CENTRE, CLOSED_HOUR, DESK_1, DESK_2, DUTY_OFFICER, GUARD_1, GUARD_2, OPEN_HOUR
from tests.telephony.contract.line import CITIZEN, Happening, Line
from tests.telephony.contract.talk import ANNA, BO, Talk

NOBODY = Happening(outcome=Outcome.NO_ANSWER)
VOICEMAIL = Happening(outcome=Outcome.ANSWERED, seconds=12)
TALKED = Happening(outcome=Outcome.ANSWERED, seconds=95, is_bridged=True)
SHORT_TALK = Happening(outcome=Outcome.ANSWERED, seconds=25, is_bridged=True)


def test_closed_a_guard_the_next_guard_answers(line: Line) -> None:
    talk = Talk(line, at=CLOSED_HOUR)
    first = talk.comes_in()
    assert (first.rings, first.shows) == ((GUARD_1.e164,), CITIZEN)
    assert first.sentences >= 1
    assert talk.goes_on(Endpoint.NEXT, NOBODY).rings == (GUARD_2.e164,)
    through = talk.picked_up("1")
    assert (through.hangs_up, through.sentences) == (False, 1)
    end = talk.goes_on(Endpoint.NEXT, TALKED, after=90)
    assert (end.rings, end.hangs_up) == ((), True)
    assert talk.kinds() == ["arrived", "rang", "dial-ended", "rang", "accepted", "dial-ended", "hung-up"]
    assert talk.log.events[-2].facts["outcome"] == "answered"


def test_who_took_a_short_call_with_the_key_has_answered(line: Line) -> None:
    """Where the provider does not say that they were bridged, our own log knows of the key."""
    talk = Talk(line)
    talk.comes_in()
    assert not talk.picked_up("1").hangs_up
    assert talk.goes_on(Endpoint.NEXT, SHORT_TALK, after=15).hangs_up


@pytest.mark.parametrize("key", ["", "2"])
def test_a_voicemail_or_another_key_never_takes_the_call(line: Line, key: str) -> None:
    talk = Talk(line)
    talk.comes_in()
    assert talk.picked_up(key).hangs_up
    assert talk.goes_on(Endpoint.NEXT, VOICEMAIL, after=10).rings == (GUARD_2.e164,)


def test_a_key_in_the_menu_gives_the_call_to_that_unit(line: Line) -> None:
    talk = Talk(line, at=OPEN_HOUR)
    menu = talk.comes_in()
    assert (menu.asks_key, menu.sentences, menu.rings) == (True, 2, ())
    assert talk.goes_on(Endpoint.MENU, Happening(key="1"), after=4).rings == (ANNA.e164,)
    assert talk.goes_on(Endpoint.NEXT, Happening(outcome=Outcome.BUSY)).rings == (BO.e164,)
    assert talk.goes_on(Endpoint.NEXT, TALKED).hangs_up
    assert talk.log.events[-1].kind == "hung-up"


def test_without_a_key_the_menu_is_asked_once_more_then_the_desk_rings(line: Line) -> None:
    talk = Talk(line, at=OPEN_HOUR)
    talk.comes_in()
    assert talk.goes_on(Endpoint.MENU, Happening(), after=8).asks_key
    desk = talk.goes_on(Endpoint.MENU, Happening(), after=8)
    assert (desk.rings, desk.shows, desk.seconds) == ((DESK_1.e164, DESK_2.e164), CENTRE.e164, 20)


def test_nobody_answers_and_a_message_is_taken(line: Line) -> None:
    talk = Talk(line)
    rung = list(talk.comes_in().rings)
    while not talk.now.takes_message:
        talk.goes_on(Endpoint.NEXT, NOBODY)
        rung += talk.now.rings
    assert rung == [GUARD_1.e164, GUARD_2.e164, DUTY_OFFICER.e164]
    asked = talk.now
    thanked = talk.goes_on(Endpoint.MESSAGE, Happening(message_seconds=1))
    assert (thanked.sentences > 0, thanked.hangs_up, thanked.rings) == (True, True, ())
    talk.aside(asked.callbacks[Endpoint.RECORDING][0], Happening(message_seconds=1))
    assert talk.kinds()[-3:] == ["message-asked", "message-left", "recorded"]
    assert talk.log.events[-1].facts["message_seconds"] == 1


def test_a_key_during_the_words_goes_on_with_what_comes_after_them(line: Line) -> None:
    talk = Talk(line)
    said = talk.comes_in()
    hasty = talk.goes_on(Endpoint.SKIP, Happening(key="5"), after=2)
    assert (hasty.rings, hasty.sentences) == (said.rings, 0)


def test_the_caller_is_gone_and_nobody_is_rung(line: Line) -> None:
    talk = Talk(line)
    talk.comes_in()
    end = talk.goes_on(Endpoint.NEXT, Happening(outcome=Outcome.NO_ANSWER, is_caller_gone=True))
    assert (end.rings, end.hangs_up) == ((), True)
    assert talk.log.events[-1].facts["caller_gone"] is True


def test_what_the_phones_do_and_the_end_of_the_call_are_logged(line: Line) -> None:
    talk = Talk(line, at=OPEN_HOUR)
    talk.comes_in()
    talk.goes_on(Endpoint.MENU, Happening())
    talk.goes_on(Endpoint.MENU, Happening())
    legs = talk.now.callbacks[Endpoint.LEG]
    talk.aside(legs[1], Happening(outcome=Outcome.BUSY))
    assert (talk.log.events[-1].kind, talk.log.events[-1].facts["to"]) == ("leg", DESK_2.e164)
    talk.aside(talk.path(Endpoint.ENDED), Happening(outcome=Outcome.ANSWERED, seconds=61))
    assert (talk.log.events[-1].kind, talk.log.events[-1].facts["seconds"]) == ("ended", 61)


def test_without_a_schedule_the_last_resort_rings_and_nothing_is_called_back(line: Line) -> None:
    heard = Talk(line, schedule=lambda: None).comes_in()
    assert heard.rings == ("+46406280499",)
    assert heard.callbacks == {}
