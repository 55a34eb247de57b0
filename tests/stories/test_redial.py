"""A caller who was cut off and calls again is in no mood for menus."""

import pytest

from callrouter.domain.phone import PhoneNumber
from callrouter.telephony.simulator import answers, silent
from tests.schedules import CENTRE, DUTY_OFFICER, GUARD_1, GUARD_2
from tests.stories.conftest import Phones

SWITCHBOARD = PhoneNumber("+46846500462")
ANNA = PhoneNumber("+46701740611")
BO = PhoneNumber("+46701740622")


def test_the_same_caller_skips_the_message_and_reaches_whoever_took_the_last_call(phones: Phones) -> None:
    phones.on(GUARD_2, does=answers())
    first = phones.call(CENTRE, at="2026-11-24 22:00", from_="+46701740630")
    second = phones.call(CENTRE, at="2026-11-24 22:05", from_="+46701740630")
    assert first.rung == (GUARD_1.e164, GUARD_2.e164)
    assert second.rung == (GUARD_2.e164,)
    assert first.said
    assert not second.said
    assert [phones.logged(call).is_redial for call in (first, second)] == [False, True]


def test_who_took_the_last_call_is_away_now_and_the_path_is_gone_from_its_start(phones: Phones) -> None:
    phones.on(GUARD_2, does=answers())
    phones.call(CENTRE, at="2026-11-25 22:00", from_="+46701740631")
    phones.on(GUARD_1, does=answers())
    phones.on(GUARD_2, does=silent())
    second = phones.call(CENTRE, at="2026-11-25 22:05", from_="+46701740631")
    assert second.rung == (GUARD_2.e164, GUARD_1.e164)


def test_two_calls_at_the_same_instant_are_two_calls(phones: Phones) -> None:
    phones.on(GUARD_2, does=answers())
    calls = [phones.call(CENTRE, at="2026-11-27 22:00", from_="+46701740635") for _ in range(2)]
    assert calls[0].rung == calls[1].rung
    assert [phones.logged(call).is_redial for call in calls] == [False, False]


def test_who_took_it_stands_further_down_the_path_and_is_logged_where_they_stand(phones: Phones) -> None:
    phones.on(DUTY_OFFICER, does=answers())
    calls = [phones.call(CENTRE, at=f"2026-11-28 22:{minute}", from_="+46701740636") for minute in ("00", "09")]
    assert calls[1].rung == (DUTY_OFFICER.e164,)
    assert [phones.logged(call).answered_destination for call in calls] == ["duty-officer", "duty-officer"]


@pytest.mark.parametrize(
    ("again_from", "again_at"),
    [("+46701740632", "2026-11-26 22:12:30"), ("+46701740633", "2026-11-26 22:05"), ("anonymous", "2026-11-26 22:05")],
    ids=["after ten minutes", "another caller", "a withheld caller"],
)
def test_others_and_later_calls_are_calls_like_any_other(phones: Phones, again_from: str, again_at: str) -> None:
    phones.on(GUARD_2, does=answers())
    phones.call(CENTRE, at="2026-11-26 22:00", from_="anonymous" if again_from == "anonymous" else "+46701740632")
    second = phones.call(CENTRE, at=again_at, from_=again_from)
    assert second.said
    assert second.rung == (GUARD_1.e164, GUARD_2.e164)
    assert phones.logged(second).is_redial is False


def test_the_unit_that_was_chosen_from_the_menu_is_chosen_again(phones: Phones) -> None:
    phones.on(BO, does=answers())
    phones.call(SWITCHBOARD, at="2026-11-24 11:00", from_="+46701740634", keys=("2",))
    second = phones.call(SWITCHBOARD, at="2026-11-24 11:04", from_="+46701740634")
    assert not second.said
    assert second.rung == (BO.e164,)
    assert phones.logged(second).unit == "screened"
