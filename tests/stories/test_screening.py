"""Whoever picks up must press a key: a voicemail never takes the call."""

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import (
    Caller,
    Habits,
    PlayedCall,
    Reaction,
    Ring,
    answers,
    declines,
    failed,
    in_turn,
    silent,
    voicemail,
)
from tests.schedules import DUTY_OFFICER, numbers_of
from tests.stories.conftest import CALLER, Phones, instant

SCREENED = PhoneNumber("+46846500460")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")
SUNDAY_22 = "2026-11-22 22:00"


def whispers(call: PlayedCall) -> list[str]:
    return [entry.detail for entry in call.timeline if entry.kind == "whispered"]


def test_key_1_takes_the_call_and_is_confirmed_aloud(phones: Phones) -> None:
    phones.on(ANNA, does=answers(after=6))
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert call.answered_by == ANNA.e164
    prompt, confirmation = whispers(call)
    assert prompt.startswith("Samtal från Fältgruppen. Tryck 1 för att ta samtalet.")
    assert prompt.endswith("Uppringare: noll sju noll ett sju fyra noll sex fem noll.")
    assert confirmation == "Samtalet är kopplat."
    row = phones.logged(call)
    assert row.disposition == "answered"
    assert 6 < row.seconds_to_answer < 25
    assert row.legs[0]["rang_seconds"] == 6


def test_a_voicemail_never_takes_the_call(phones: Phones) -> None:
    phones.on(ANNA, does=voicemail(after=18))
    phones.on(BO, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert call.answered_by == BO.e164
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["screened-out", "answered"]


def test_another_key_declines_and_the_next_one_rings_at_once(phones: Phones) -> None:
    phones.on(ANNA, does=declines())
    phones.on(BO, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["declined", "answered"]
    first, second = call.legs
    assert (second.started_at - first.ended_at).total_seconds() < 2


def test_whoever_takes_the_call_and_drops_it_has_not_helped_and_the_next_one_rings(phones: Phones) -> None:
    phones.on(ANNA, does=answers(talks=0))
    phones.on(BO, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert call.answered_by == BO.e164
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["dropped", "answered"]


def test_when_all_are_voicemails_the_duty_officer_rings(phones: Phones) -> None:
    phones.on(ANNA, BO, does=voicemail())
    phones.on(DUTY_OFFICER, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert list(call.rung) == numbers_of([ANNA, BO, DUTY_OFFICER])


def test_a_withheld_caller_is_announced_as_such(phones: Phones) -> None:
    phones.on(ANNA, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22, from_="anonymous")
    assert "hemligt nummer" in whispers(call)[0]


@pytest.mark.parametrize("after", [7.0, 10.0], ids=["in the words", "after the words"])
def test_the_caller_hangs_up_during_the_whisper(phones: Phones, after: float) -> None:
    phones.on(ANNA, does=voicemail(after=6))
    call = phones.call(SCREENED, at=SUNDAY_22, hangs_up_after=after)
    row = phones.logged(call)
    assert (row.disposition, row.answered_destination) == ("abandoned", None)


def test_a_provider_that_does_not_say_bridged_is_asked_by_how_long_they_talked(phones: Phones) -> None:
    phones.on(ANNA, does=answers(talks=120))
    network = phones.network(SCREENED.e164, habits=Habits(tells_bridged=False))
    call = network.call(CALLER, SCREENED.e164, instant(SUNDAY_22))
    assert call.rung == (ANNA.e164,)
    phones.played.append(call)


def test_a_provider_that_does_not_say_bridged_and_a_short_talk_is_known_by_the_key(phones: Phones) -> None:
    phones.on(ANNA, does=answers(after=2, talks=5))
    network = phones.network(SCREENED.e164, habits=Habits(tells_bridged=False))
    call = network.call(CALLER, SCREENED.e164, instant(SUNDAY_22))
    assert call.rung == (ANNA.e164,)
    phones.played.append(call)


def test_a_provider_that_does_not_say_bridged_and_a_voicemail(phones: Phones) -> None:
    phones.on(ANNA, does=voicemail())
    phones.on(BO, does=silent())
    network = phones.network(SCREENED.e164, habits=Habits(tells_bridged=False))
    call = network.call(CALLER, SCREENED.e164, instant(SUNDAY_22))
    assert call.rung[:2] == (ANNA.e164, BO.e164)


def test_the_caller_goes_while_the_key_is_confirmed_and_nobody_says_if_they_were_put_through(phones: Phones) -> None:
    phones.on(ANNA, does=answers(after=6))
    habits = Habits(tells_bridged=False)
    at = instant(SUNDAY_22)
    taken = phones.network(SCREENED.e164, habits=habits).call(CALLER, SCREENED.e164, at)
    pressed = next(entry.at for entry in taken.timeline if entry.kind == "pressed" and entry.who == ANNA.e164)
    gone = (pressed - at).total_seconds() + 0.5
    call = phones.network(SCREENED.e164, habits=habits).call(
        "+46701740651", SCREENED.e164, at, Caller(hangs_up_after=gone)
    )
    assert call.answered_by is None
    row = phones.logged(call)
    assert (row.disposition, [leg["outcome"] for leg in row.legs]) == ("abandoned", ["cancelled"])
    phones.played += [taken, call]


def test_a_carrier_that_refuses_the_callers_number_is_tried_once_more_with_our_own(phones: Phones) -> None:
    phones.on(ANNA, does=in_turn(failed(), answers()))
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert call.rung == (ANNA.e164, ANNA.e164)
    assert call.answered_by == ANNA.e164
    assert [leg["outcome"] for leg in phones.logged(call).legs] == ["failed", "answered"]
    refused, repeated = call.legs
    assert (repeated.started_at - refused.started_at).total_seconds() < 2, "refused, it never rang: it need not rest"


def test_where_there_is_no_callers_number_none_was_refused_and_the_next_one_rings(phones: Phones) -> None:
    phones.on(ANNA, does=failed())
    phones.on(BO, does=answers())
    assert phones.call(SCREENED, at=SUNDAY_22, from_="anonymous").rung == (ANNA.e164, BO.e164)


def test_a_phone_that_is_out_of_reach_is_tried_no_more_than_once_more(phones: Phones) -> None:
    phones.on(ANNA, does=failed())
    phones.on(BO, does=answers())
    call = phones.call(SCREENED, at=SUNDAY_22)
    assert call.rung == (ANNA.e164, ANNA.e164, BO.e164)


def test_the_guards_phone_shows_the_caller_where_the_schedule_says_so(phones: Phones) -> None:
    seen: list[str] = []

    def looks(ring: Ring) -> Reaction:
        seen.append(ring.caller_id)
        return answers()(ring)

    phones.on(ANNA, does=looks)
    phones.call(SCREENED, at=SUNDAY_22)
    assert seen == ["+46701740650"]
